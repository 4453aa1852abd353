"""The circuit breaker: what opens it for all workers, what does not, and what it costs."""

import threading
from datetime import date

import pytest

from backends.errors import BackendError, BackendUnavailable, NotFound, Rejected
from backends.guard import Circuit, Guard
from backends.ports import Csms, ProofFactor
from tests.unit.guard_world import FailingCsms, World, new_world


@pytest.fixture
def world() -> World:
    return new_world()


def test_five_failures_open_the_circuit_and_the_sixth_call_does_not_reach_the_system(
    world: World,
) -> None:
    worker = world.worker()
    world.down()
    world.fail(worker, 5)
    assert len(world.csms.reached) == 5
    with pytest.raises(BackendUnavailable, match="circuit open") as caught:
        worker.ping()
    assert (caught.value.system, caught.value.after_s, caught.value.sent) == ("csms", 0.0, False)
    assert len(world.csms.reached) == 5
    assert world.changes == [("csms", Circuit.OPEN)]


def test_failures_of_all_workers_count_together_and_open_for_all(world: World) -> None:
    one, other = world.worker(), world.worker()
    world.down()
    world.fail(one, 3)
    world.fail(other, 2)
    world.csms.reached.clear()
    world.clock.now_s += 0.5  # what `one` remembers is half a second old
    world.fail(one, 1)
    world.fail(other, 1)
    assert world.csms.reached == []
    assert world.changes == [("csms", Circuit.OPEN)], "one change, told once"


def test_calls_that_fail_together_tell_of_the_change_once(world: World) -> None:
    guard, all_under_way = world.guard(), threading.Barrier(10)

    def fail_with_the_others() -> None:
        all_under_way.wait(timeout=5)
        raise BackendUnavailable("csms", 2.0)

    world.at_once(10, lambda: guard.run(fail_with_the_others))
    assert world.changes == [("csms", Circuit.OPEN)]


def test_four_failures_and_a_pause_do_not_open_it(world: World) -> None:
    worker = world.worker()
    world.down()
    world.fail(worker, 4)
    world.clock.now_s += 10.1
    world.fail(worker, 4)
    world.up()
    worker.ping()
    assert world.changes == []


@pytest.mark.parametrize("answer", [Rejected("csms", "LOCKED", "locked"), NotFound("csms", "bill")])
def test_refusals_are_answers_and_never_open_it(world: World, answer: BackendError) -> None:
    worker = world.worker()
    world.csms.failure = answer
    for _ in range(20):
        with pytest.raises(type(answer)):
            worker.ping()
    assert len(world.csms.reached) == 20
    assert world.changes == []


def test_our_own_mistakes_never_open_it(world: World) -> None:
    worker = world.worker()
    world.csms.failure = KeyError("column")
    for _ in range(20):
        with pytest.raises(KeyError):
            worker.ping()
    assert world.changes == []


def test_healthy_calls_cost_one_look_at_the_store_per_half_second(world: World) -> None:
    worker = world.worker()
    for _ in range(100):
        worker.ping()
    assert world.cache.calls == 1
    world.clock.now_s += 0.5
    for _ in range(100):
        worker.ping()
    assert world.cache.calls == 2


def test_without_the_store_every_call_passes(world: World) -> None:
    world.cache.break_()
    worker = world.worker()
    world.down()
    world.fail(worker, 20)
    assert len(world.csms.reached) == 20
    world.up()
    worker.ping()


def test_a_store_that_breaks_while_it_is_open_lets_calls_pass(world: World) -> None:
    worker = world.opened()
    world.cache.break_()
    world.up()
    worker.ping()
    assert len(world.csms.reached) == 1


CALLS: dict[str, tuple[object, ...]] = {
    "prove": ("100", ProofFactor.MOBILE, "138"),
    "accounts": (["100"],),
    "unpaid_bills": (["200"],),
    "bills": ("100", "2025-11"),
    "bill_lines": (["B1"],),
    "payments": ("100", date(2026, 1, 1)),
    "tier_usage": ("100",),
    "meters": (["100", "200"],),
    "readings": ("100", date(2026, 1, 2)),
    "visits": ("100",),
    "visit_slots": ("100", date(2026, 1, 3)),
    "contact": ("100",),
    "real_name": ("100",),
    "spot_checks": (["100"],),
    "ping": (),
}


def test_every_method_of_the_port_is_guarded() -> None:
    assert {name for name in vars(Csms) if not name.startswith("_")} == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_every_method_passes_its_arguments_through_the_guard(world: World, name: str) -> None:
    call = getattr(world.worker(), name)
    assert call(*CALLS[name]) == getattr(FailingCsms(), name)(*CALLS[name])
    assert world.csms.reached == [CALLS[name]]
    world.opened()
    with pytest.raises(BackendUnavailable, match="circuit open"):
        getattr(world.worker(), name)(*CALLS[name])
    assert world.csms.reached == []


def test_arguments_may_be_named(world: World) -> None:
    world.worker().payments(acct_no="100", since=date(2026, 1, 1))
    assert world.csms.reached == [CALLS["payments"]]


@pytest.mark.parametrize("bad", [{"failures": 0}, {"window_s": 0.0}, {"window_s": 16.0}])
def test_settings_that_make_no_sense_are_refused(world: World, bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="window_s <= open_s"):
        Guard("csms", world.cache, clock=world.clock, **bad)  # type: ignore[arg-type]
