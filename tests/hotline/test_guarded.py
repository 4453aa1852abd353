"""A hotline that hangs is asked no more for a while: a conversation goes on without it at once."""

import pytest

from backends.errors import BackendUnavailable, Rejected
from backends.guard import Guard
from backends.guarded_hotline import GuardedHotline
from backends.ports import Nearby, Place
from tests.cache import MemoryCache
from tests.fakes import FakeHotline
from tests.town import NEARBY

HERE = Place("人民东路")


@pytest.fixture
def double() -> FakeHotline:
    return FakeHotline(NEARBY, "人民")


@pytest.fixture
def guarded(double: FakeHotline) -> GuardedHotline:
    def clock() -> float:
        return 1000.0

    return GuardedHotline(double, Guard("hotline", MemoryCache(clock), clock=clock, failures=2))


def test_answers_pass(guarded: GuardedHotline) -> None:
    assert guarded.nearby("BURST", HERE) == NEARBY
    assert guarded.nearby("BURST", Place("港口路")) == Nearby()
    guarded.ping()


def test_after_some_failures_the_hotline_is_left_alone(
    guarded: GuardedHotline, double: FakeHotline
) -> None:
    double.fail_with(BackendUnavailable("hotline", 2.5))
    for _ in range(2):
        with pytest.raises(BackendUnavailable, match=r"after 2\.5 s"):
            guarded.nearby("BURST", HERE)
    double.fail_with(None)
    for ask in (lambda: guarded.nearby("BURST", HERE), guarded.ping):
        with pytest.raises(BackendUnavailable, match="circuit open"):
            ask()


def test_a_refusal_is_an_answer(guarded: GuardedHotline, double: FakeHotline) -> None:
    double.fail_with(Rejected("hotline", "unknown_fault", "no"))
    for _ in range(5):
        with pytest.raises(Rejected):
            guarded.nearby("BURST", HERE)
    double.fail_with(None)
    guarded.ping()
