"""In-memory doubles of the ports, held to the same contract tests as the real adapters."""

from tests.fakes.bulletins import FakeBulletins
from tests.fakes.csms import FakeCsms
from tests.fakes.due import FakeDueLists
from tests.fakes.feeds import FakeFeeds, FakeWebsite
from tests.fakes.gateway import FakeGateway
from tests.fakes.gateway_notices import FakeNotices
from tests.fakes.hotline import FakeHotline
from tests.fakes.ledger import FakeLedger
from tests.fakes.orders import FakeOrders, FakeRefunds
from tests.fakes.photos import FakePhotos
from tests.fakes.records import FakeRecords
from tests.fakes.secrets import FakeSecrets
from tests.fakes.statements import FakeStatements
from tests.fakes.switches import Switches
from tests.fakes.takings import FakeTakings

__all__ = [
    "FakeBulletins",
    "FakeCsms",
    "FakeDueLists",
    "FakeFeeds",
    "FakeGateway",
    "FakeHotline",
    "FakeLedger",
    "FakeNotices",
    "FakeOrders",
    "FakePhotos",
    "FakeRecords",
    "FakeRefunds",
    "FakeSecrets",
    "FakeStatements",
    "FakeTakings",
    "FakeWebsite",
    "Switches",
]
