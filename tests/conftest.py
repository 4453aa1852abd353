"""What many tests share: one real Redis-compatible server, and a service with fake backends."""

import gc
import os
from collections.abc import Generator, Iterator

import pytest
from hypothesis import settings

from tests.fakes import FakeBulletins, FakeCsms, FakeHotline, FakeRecords
from tests.processes import OneWorldOneProcess, turn_of
from tests.published import town_bulletins
from tests.read_once import reading_once
from tests.redis_server import running_redis
from tests.service import Service, running, settings_for
from tests.town import NEARBY, town_csms

# `make test` says the same twice in a row: its property tests try the same examples each time.
# HYPOTHESIS_PROFILE=explore looks for new ones. No deadline: results are judged, not speed.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end: no use to look through it for garbage, then
    and with every test."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: turn_of(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> OneWorldOneProcess:
    config.option.loadscopereorder = False  # the order is that of `turn_of`
    return OneWorldOneProcess(config, log)


@pytest.fixture(scope="session", autouse=True)
def read_once() -> Iterator[None]:
    with reading_once():
        yield


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with running_redis() as url:
        yield url


@pytest.fixture
def csms() -> FakeCsms:
    return town_csms()


@pytest.fixture
def records() -> FakeRecords:
    return FakeRecords()


@pytest.fixture
def hotline() -> FakeHotline:
    return FakeHotline(NEARBY, "人民")


@pytest.fixture
def bulletins() -> FakeBulletins:
    return town_bulletins()


@pytest.fixture
def service(redis_url: str, csms: FakeCsms, records: FakeRecords) -> Iterator[Service]:
    with running(settings_for(redis_url), csms, records) as started:
        yield started
