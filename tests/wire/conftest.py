"""One service for all tests of a file: each of them talks as a citizen of its own."""

from collections.abc import Iterator

import pytest

from tests.fakes import FakeCsms, FakeRecords
from tests.service import Service, running, settings_for
from tests.town import ACCOUNTS, BILLS, MOBILES


@pytest.fixture(scope="module")
def ledger() -> FakeRecords:
    return FakeRecords()


@pytest.fixture(scope="module")
def desk(redis_url: str, ledger: FakeRecords) -> Iterator[Service]:
    csms = FakeCsms(ACCOUNTS, BILLS, mobiles=MOBILES)
    with running(settings_for(redis_url), csms, ledger) as started:
        yield started
