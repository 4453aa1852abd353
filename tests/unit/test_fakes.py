"""The switches of the in-memory doubles: hang and fail."""

import inspect
import threading

import pytest

from backends.errors import BackendUnavailable
from backends.ports import Csms, Hotline, Photos, Records
from tests.fakes import FakeCsms, FakeHotline, FakePhotos, FakeRecords, Switches


@pytest.mark.parametrize("fake", [FakeCsms(), FakeRecords()])
def test_a_failing_double_raises_until_it_is_told_to_stop(fake: Switches) -> None:
    fake.fail_with(BackendUnavailable("csms", 3.0))
    with pytest.raises(BackendUnavailable, match=r"csms: unavailable after 3\.0 s"):
        fake.ping()
    fake.fail_with(None)
    fake.ping()


DOUBLES = [
    (FakeCsms(), Csms),
    (FakeRecords(), Records),
    (FakePhotos(), Photos),
    (FakeHotline(), Hotline),
]


@pytest.mark.parametrize(("fake", "port"), DOUBLES, ids=[port.__name__ for _, port in DOUBLES])
def test_every_method_of_the_doubles_obeys_the_switches(fake: Switches, port: type) -> None:
    fake.fail_with(BackendUnavailable("test", 0))
    methods = [name for name in vars(port) if not name.startswith("_")]
    assert methods
    for name in methods:
        needed = len(inspect.signature(getattr(port, name)).parameters) - 1
        named = {"other_than": "o1"} if name == "owner_exists" else {}
        with pytest.raises(BackendUnavailable):
            getattr(fake, name)(*["x"] * (needed - len(named)), **named)


def test_a_hanging_double_holds_only_its_caller_until_it_is_released() -> None:
    csms, release, answered = FakeCsms(), threading.Event(), threading.Event()
    csms.hang(release)

    def ask() -> None:
        csms.ping()
        answered.set()

    thread = threading.Thread(target=ask)
    thread.start()
    assert not answered.wait(0.05)
    release.set()
    thread.join(timeout=5)
    assert answered.is_set()
