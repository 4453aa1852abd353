"""The word that there is work: said while something is due, and what is done when nobody hears."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backends.ports import Notice
from bot.redis_link import MemoryLost
from jobs.pushing import dispatch
from jobs.pushing.dispatch import PATIENCE_S, SAID_AGAIN_S, Dispatcher, Sweep
from jobs.pushing.draining import Drains
from jobs.pushing.tasks import BrokerAway
from tests.fakes.ledger import FakeLedger
from tests.logged import logged_by

AWAY = BrokerAway("OperationalError")
NO_CLIENT = ModuleNotFoundError("No module named 'amqp'")
NOON = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass
class FakeWords:
    error: Exception | None = None
    said: list[int] = field(default_factory=list)

    def say(self, wanted: int) -> int:
        if self.error:
            raise self.error
        self.said.append(wanted)
        return wanted


class House:
    """A process that pushes. `settles` is what its drains settle."""

    def __init__(self) -> None:
        self.ledger = FakeLedger()
        self.words = FakeWords()
        self.now_s = 0.0
        self.looks = 0
        self.settles = 5
        self.fails = False
        self.drains = Drains(self._drain, lambda: self.now_s)
        self.dispatcher = Dispatcher(
            self.ledger,
            self.words,
            self.drains,
            looked=self._look,
            clock=lambda: NOON,
            monotonic=lambda: self.now_s,
        )

    def plans(self, count: int, **when: datetime) -> None:
        notices = [
            Notice("ticket_done", f"k{number}", f"o{number}", "", {}, **when)
            for number in range(count)
        ]
        assert self.ledger.plan(notices, NOON) == count

    def steps_for(self, seconds: float) -> list[int]:
        """One step a second."""
        found = []
        until_s = self.now_s + seconds
        while self.now_s < until_s:
            found.append(self.dispatcher.step())
            self.now_s += 1.0
        return found

    def _look(self) -> None:
        self.looks += 1

    def _drain(self, _: Callable[[], bool]) -> int:
        if self.fails:
            raise MemoryLost("away")
        return self.settles


@pytest.fixture
def house() -> House:
    return House()


def test_nothing_is_said_while_nothing_is_due(house: House) -> None:
    house.plans(1, not_before=NOON + timedelta(hours=1))
    assert house.steps_for(10) == [0] * 10
    assert house.words.said == []
    assert house.looks == 10


@pytest.mark.parametrize(("due", "wanted"), [(1, 1), (200, 1), (201, 2), (1000, 5)])
def test_a_word_is_said_for_each_batch_that_is_due(house: House, due: int, wanted: int) -> None:
    house.plans(due)
    house.dispatcher.step()
    assert house.words.said == [wanted]


def test_who_listens_is_left_to_do_it(house: House) -> None:
    house.plans(1)
    assert house.dispatcher.step() == 0
    assert house.drains.begun == 0


@pytest.mark.parametrize("error", [AWAY, NO_CLIENT, TypeError("a bug of kombu's")])
def test_when_no_word_can_be_said_it_is_done_here_and_at_once(
    house: House, error: Exception
) -> None:
    house.plans(1)
    house.words.error = error
    assert house.dispatcher.step() == 5
    assert house.drains.begun == 1


@pytest.mark.parametrize(
    ("error", "kind", "remedy"),
    [
        (AWAY, "OperationalError", "bring the broker back"),
        (NO_CLIENT, "ModuleNotFoundError", "No module named 'amqp'"),
        (TypeError("amqp://user:secret@h"), "TypeError", "WATERDESK_BROKER_URL"),
    ],
)
def test_why_no_word_can_be_said_is_mentioned_once_a_minute_with_a_remedy(
    house: House, error: Exception, kind: str, remedy: str
) -> None:
    house.plans(1)
    house.words.error = error
    with logged_by(dispatch) as logs:
        house.steps_for(2 * SAID_AGAIN_S)
    assert [(entry["event"], entry["why"]) for entry in logs] == [("broker_away", kind)] * 2
    assert remedy in logs[0]["remedy"]
    assert "secret" not in str(logs)


def test_when_words_are_lost_it_is_done_here_after_a_while(house: House) -> None:
    house.plans(1)
    found = house.steps_for(PATIENCE_S + 1)
    assert found == [0] * int(PATIENCE_S) + [5]


def test_while_drains_begin_here_nobody_loses_patience(house: House) -> None:
    house.plans(1)
    for _ in range(5):
        house.steps_for(PATIENCE_S - 1)
        house.drains.once()
    assert house.drains.begun == 5


def test_work_that_others_did_in_time_leaves_no_impatience(house: House) -> None:
    house.plans(1)
    house.steps_for(PATIENCE_S)
    house.ledger.cancel(1, NOON)
    house.steps_for(1)
    house.ledger.plan([Notice("ticket_urged", "new", "o1", "", {})], NOON)
    assert house.steps_for(PATIENCE_S) == [0] * int(PATIENCE_S)


def test_nothing_is_asked_or_said_while_a_failure_is_rested_from(house: House) -> None:
    house.plans(1)
    house.words.error, house.fails = AWAY, True
    house.steps_for(1)
    house.words.error = None
    house.drains.once()
    house.now_s -= 0.5
    looks = house.looks
    house.dispatcher.step()
    assert (house.words.said, house.looks) == ([], looks)


def test_the_sweep_counts_what_it_changed_and_comes_to_an_end(house: House) -> None:
    house.plans(3, valid_until=NOON + timedelta(minutes=5))
    sweep = Sweep(house.ledger, lambda: NOON + timedelta(minutes=6))
    assert sweep.step() == 3
    assert sweep.step() == 0
