"""The switches of the in-memory doubles: hang and fail."""

import threading

import pytest

from backends.errors import BackendUnavailable
from tests.fakes import FakeCsms, FakeRecords, Switches


@pytest.mark.parametrize("fake", [FakeCsms(), FakeRecords()])
def test_a_failing_double_raises_until_it_is_told_to_stop(fake: Switches) -> None:
    fake.fail_with(BackendUnavailable("csms", 3.0))
    with pytest.raises(BackendUnavailable, match=r"csms: unavailable after 3\.0 s"):
        fake.ping()
    fake.fail_with(None)
    fake.ping()


def test_every_method_of_the_doubles_obeys_the_switches() -> None:
    csms, records = FakeCsms(), FakeRecords()
    for fake in (csms, records):
        fake.fail_with(BackendUnavailable("test", 0))
        ports = {name for name in dir(type(fake)) if not name.startswith("_")}
        calls = ports - {"hang", "fail_with"}
        for name in calls:
            with pytest.raises(BackendUnavailable):
                _call(fake, name)


def _call(fake: object, name: str) -> None:
    arguments: dict[str, tuple[object, ...]] = {
        "ping": (),
        "prove": ("0100000017", "owner_name", "林晓"),
        "failed_proofs": ("o1", None),
        "has_consent": ("o1", "binding", 1),
        "commit": ([],),
    }
    named = {"other_than": "o1"} if name == "owner_exists" else {}
    getattr(fake, name)(*arguments.get(name, ("x",)), **named)


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
