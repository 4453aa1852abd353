"""The circuit breaker after its pause: who probes, and what the probe decides."""

import pytest

from backends.errors import BackendError, BackendUnavailable, NotFound
from backends.guard import Circuit
from tests.unit.guard_world import World, new_world


@pytest.fixture
def world() -> World:
    return new_world()


def test_after_the_pause_one_call_of_all_probes_and_its_success_closes_it(world: World) -> None:
    worker, other = world.opened(), world.worker()
    world.clock.now_s += 14.9
    world.fail(other, 1)
    assert world.csms.reached == []
    world.clock.now_s += 0.2
    world.up()
    worker.ping()
    other.ping()
    assert len(world.csms.reached) == 2
    states = [state for _, state in world.changes]
    assert states == [Circuit.OPEN, Circuit.HALF_OPEN, Circuit.CLOSED]


def test_while_the_probe_is_on_its_way_nobody_else_calls(world: World) -> None:
    worker = world.opened()
    world.clock.now_s += 15.1
    reached: list[str] = []

    def slow_probe() -> str:
        reached.append("probe")
        refused.extend(world.at_once(10, worker.ping))
        return "answer"

    refused: list[BackendError | None] = []
    assert world.guard().run(slow_probe) == "answer"
    assert [str(exc) for exc in refused] == ["csms: unavailable after 0.0 s: circuit open"] * 10
    assert world.csms.reached == []


def test_of_many_threads_after_the_pause_one_reaches_a_system_still_down(world: World) -> None:
    worker = world.opened()
    world.clock.now_s += 15.1
    outcomes = world.at_once(10, worker.ping)
    assert all(isinstance(exc, BackendUnavailable) for exc in outcomes)
    assert len(world.csms.reached) == 1


def test_a_failed_probe_opens_it_for_another_pause(world: World) -> None:
    worker = world.opened()
    world.clock.now_s += 15.1
    world.fail(worker, 1)
    assert len(world.csms.reached) == 1
    world.clock.now_s += 14.9
    world.fail(worker, 1)
    assert len(world.csms.reached) == 1
    world.clock.now_s += 0.2
    world.up()
    worker.ping()
    assert [state for _, state in world.changes] == [
        Circuit.OPEN,
        Circuit.HALF_OPEN,
        Circuit.OPEN,
        Circuit.HALF_OPEN,
        Circuit.CLOSED,
    ]


def test_a_probe_that_is_refused_has_been_answered_and_closes_it(world: World) -> None:
    worker = world.opened()
    world.clock.now_s += 15.1
    world.csms.failure = NotFound("csms", "account")
    with pytest.raises(NotFound):
        worker.ping()
    assert world.changes[-1] == ("csms", Circuit.CLOSED)


def test_a_probe_that_trips_over_our_mistake_leaves_the_next_call_to_probe(world: World) -> None:
    worker = world.opened()
    world.clock.now_s += 15.1
    world.csms.failure = KeyError("column")
    with pytest.raises(KeyError):
        worker.ping()
    world.up()
    worker.ping()
    assert world.changes[-1] == ("csms", Circuit.CLOSED)


def test_a_worker_that_died_probing_is_followed_by_another_probe(world: World) -> None:
    worker = world.opened()
    world.clock.now_s += 15.1
    assert world.cache.add("circuit:csms:pause", "the dead one", 15.0)
    world.up()
    world.fail(worker, 1)
    world.clock.now_s += 15.1
    worker.ping()
    assert world.changes[-1] == ("csms", Circuit.CLOSED)


def test_after_closing_it_takes_five_new_failures_to_open(world: World) -> None:
    late = world.guard()

    def under_way() -> None:
        """Starts while all is well, comes back broken after the others have opened it."""
        world.opened()
        world.clock.now_s += 14.0
        raise BackendUnavailable("csms", 14.0)

    with pytest.raises(BackendUnavailable):
        late.run(under_way)
    worker = world.worker()
    world.clock.now_s += 1.1
    world.up()
    worker.ping()
    world.down()
    world.csms.reached.clear()
    world.fail(worker, 4)
    world.up()
    worker.ping()
    assert len(world.csms.reached) == 5


def test_a_worker_whose_memory_is_stale_does_not_reopen_it_with_one_failure(world: World) -> None:
    worker, other = world.opened(), world.worker()
    world.clock.now_s += 15.0
    assert world.cache.add("circuit:csms:pause", "a probe that gives up", 0.2)
    world.fail(other, 1)  # and so remembers, for half a second, that it is open
    world.clock.now_s += 0.3
    world.up()
    worker.ping()  # closes it
    world.down()
    with pytest.raises(BackendUnavailable, match="timed out"):
        other.ping()
    world.up()
    other.ping()
    assert world.changes[-1] == ("csms", Circuit.CLOSED)
