"""Topics switched by a message that is run again, and by a QR code."""

from backends.ports import Topic
from dialogs.engine import steps
from dialogs.engine.house import House
from tests.fakes import FakeRecords
from tests.service import Service
from tests.shape import walk
from tests.shape.account_worlds import world
from tests.shape.conftest import shipped  # noqa: F401 - a fixture
from tests.shape.walk import CITIZEN


def test_a_topic_switched_by_a_message_that_is_run_again_stays_switched(
    shipped: House,  # noqa: F811 - a fixture
) -> None:
    here = world()
    frame = steps.begin(shipped, "subscriptions", walk.moment(here), {}).frame
    assert frame
    first = steps.answer(shipped, frame, walk.moment(here, "1", 1))
    here.records.commit(first.effects)
    again = steps.answer(shipped, frame, walk.moment(here, "1", 1))
    here.records.commit(again.effects)
    assert (again.effects, again.parts) == (first.effects, first.parts)
    assert here.records.topics(CITIZEN) == {Topic.OUTAGE: True}


def test_a_qr_code_made_for_a_topic_subscribes_and_any_other_shows_the_list(
    service: Service, records: FakeRecords
) -> None:
    citizen = service.citizen()

    def scans(scene: str) -> str:
        service.clock.advance(1)
        event = f"<Event>SCAN</Event><EventKey>{scene}</EventKey>"
        return citizen.deliver(citizen.wrap("event", event)).plain

    assert "已订阅：水质公布" in scans("subscribe:water_quality")
    assert records.topics(citizen.openid) == {Topic.WATER_QUALITY: True}
    assert "点一下就开或关" in scans("subscribe:weather")
