from collections.abc import Iterator

import pytest

from backends.hotline.adapter import HttpHotline
from backends.hotline.desk import HttpHotlineDesk
from tests.contract.wechat.platform import Platform
from tests.contract.wechat.platform import running as scripted
from tests.hotline.house import House, running


@pytest.fixture
def house() -> Iterator[House]:
    with running() as house:
        yield house


@pytest.fixture
def hotline(house: House) -> Iterator[HttpHotline]:
    with house.hotline() as hotline:
        yield hotline


@pytest.fixture
def desk(house: House) -> Iterator[HttpHotlineDesk]:
    with house.desk() as desk:
        yield desk


@pytest.fixture
def script() -> Iterator[Platform]:
    """A hotline that answers whatever a test wants: also what no hotline should."""
    with scripted() as platform:
        yield platform
