"""The job: what it does when there is no bill, or half of one, when it is killed, and beside
another."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import islice

import pytest

from backends.errors import BackendUnavailable
from backends.ports import Mismatch
from jobs.job import Counts, Job
from jobs.job import Order as Errand
from jobs.reconciling import fetching, reconcile
from tests.reconciling.bills import NOON, bill, paid
from tests.reconciling.world import (
    DAY,
    NEXT,
    NEXT_MORNING,
    NOVEMBER,
    OCTOBER,
    OF_THE_SHOP,
    World,
)

ONE_DAY = timedelta(days=1)
EARLY = NOON + timedelta(hours=21)


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PORTION", 2)


def sell(world: World, count: int) -> None:
    for _ in range(count):
        world.pays(OF_THE_SHOP)
    world.bill()


def test_before_ten_nobody_asks_for_yesterday_s_bill(world: World) -> None:
    sell(world, 1)
    counts = world.reconcile(EARLY)
    assert (counts["not_ready"], counts["failed"], counts["rows"]) == (1, 1, 0)
    assert world.reconcile(NEXT_MORNING)["failed"] == 0


def test_a_bill_that_is_being_made_is_asked_for_again(world: World) -> None:
    sell(world, 1)
    world.gateway.unready.add(DAY)
    counts = world.reconcile()
    assert (counts["not_ready"], counts["failed"]) == (1, 1)
    assert world.statements.statement(DAY) is None
    world.gateway.unready.clear()
    assert world.reconcile()["compared"] == 1


def test_a_broken_bill_changes_nothing(world: World) -> None:
    sell(world, 5)
    whole = world.gateway.bills[DAY]
    world.gateway.bills[DAY] = whole[:-20]
    counts = world.reconcile()
    assert (counts["broken"], counts["failed"]) == (1, 1)
    assert world.statements.statement(DAY) is None
    assert not (world.folder / "wechat-2026-11-25.csv").exists()
    world.gateway.bills[DAY] = whole
    assert world.reconcile()["compared"] == 5


def test_a_day_without_trade_is_compared_too(world: World) -> None:
    assert world.reconcile()["failed"] == 0
    assert world.rows_of_paper() == [["合计", "0笔", *[""] * 3, *["0.00"] * 3, *[""] * 3]]
    order = world.pays()
    world.now = NOON
    again = world.reconcile(NEXT_MORNING + ONE_DAY, day=DAY)
    assert order.paid_at == NEXT_MORNING
    assert again["failed"] == 0


def test_what_we_have_of_a_day_without_trade_is_missing_there(world: World) -> None:
    order = world.pays()
    world.reconcile()
    assert (Mismatch.SHORT, order.order_no) in world.open()


def test_days_that_were_missed_are_made_up_for_and_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "LOOKS_BACK", 6 * ONE_DAY)
    sell(world, 1)
    first = world.reconcile(NEXT_MORNING + 3 * ONE_DAY)
    assert (first["days"], first["compared"]) == (7, 1)
    assert world.reconcile(NEXT_MORNING + 3 * ONE_DAY)["days"] == 1
    assert world.reconcile(NEXT_MORNING + 5 * ONE_DAY)["days"] == 2


def test_a_day_may_be_chosen(world: World) -> None:
    sell(world, 3)
    counts = world.reconcile(NEXT_MORNING + 30 * ONE_DAY, day=DAY)
    assert (counts["days"], counts["compared"]) == (1, 3)
    kept = world.statements.statement(DAY)
    assert kept is not None
    assert kept.staged == 0
    again = world.reconcile(NEXT_MORNING + 31 * ONE_DAY, day=DAY)
    assert (again["rows"], again["compared"]) == (3, 3)


def test_killed_while_it_takes_over_it_goes_on_where_it_was(world: World) -> None:
    sell(world, 9)
    list(islice(world.job()(Errand(NEXT_MORNING, day=DAY)), 2))
    kept = world.statements.statement(DAY)
    assert kept is not None
    assert (kept.staged, kept.is_staged) == (4, False)
    counts = world.reconcile(day=DAY)
    assert (counts["rows"], counts["compared"], counts["failed"]) == (5, 9, 0)


def test_killed_while_it_compares_it_begins_to_compare_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.reconciling.walking.AT_ONCE", 2)
    sell(world, 4)
    world.gateway.bills[DAY] = bill([*world.rows(DAY), paid("A1", 5)])
    job = world.job()(Errand(NEXT_MORNING, day=DAY))
    for counts in job:
        if counts.get("compared"):
            break
    del job
    assert world.open() == [(Mismatch.LONG, "A1")]
    assert not list(world.folder.iterdir())
    counts = world.reconcile(day=DAY)
    assert (counts["rows"], counts["compared"], counts["open"]) == (0, 5, 1)
    assert sorted(path.name for path in world.folder.iterdir()) == [
        "wechat-2026-11-25.csv",
        "wechat-2026-11-25.csv.sha256",
    ]


def test_run_twice_it_finds_the_same_and_writes_the_same(world: World) -> None:
    sell(world, 3)
    world.bill(DAY, paid("W2099", 500))
    world.reconcile()
    before, found = world.paper(), world.listed()
    counts = world.reconcile(NEXT_MORNING + timedelta(hours=5))
    assert (counts["rows"], counts["compared"]) == (0, 4)
    assert world.paper() == before
    assert world.listed() == found


def test_two_at_once_take_over_each_row_once(world: World) -> None:
    sell(world, 25)
    world.now = NEXT_MORNING

    def run(job: Job) -> Counts:
        return list(job(Errand(NEXT_MORNING, day=DAY)))[-1]

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(run, [world.job(), world.job()]))
    assert [counts["compared"] for counts in ended] == [25, 25]
    assert len(world.statements.page(DAY, "", 100)) == 25
    assert world.open() == []
    assert len(world.rows_of_paper()) == 27


def test_a_limit_stops_it_and_the_next_run_goes_on(world: World) -> None:
    sell(world, 5)
    assert world.reconcile(day=DAY, limit=3)["rows"] >= 3
    kept = world.statements.statement(DAY)
    assert kept is not None
    assert not kept.matched_at
    counts = world.reconcile(day=DAY)
    assert (counts["compared"], counts["failed"]) == (5, 0)


def test_a_dry_run_counts_and_changes_nothing(world: World) -> None:
    order = world.prepares(OCTOBER)
    world.gateway.pay(order.order_no)
    world.pays(OF_THE_SHOP)
    world.bill()
    assert world.reconcile(day=DAY, dry_run=True)["rows"] == 2
    assert world.statements.statement(DAY) is None
    world.gateway.behind.add(order.order_no)
    world.reconcile(day=DAY)
    world.gateway.behind.clear()
    before, run = world.listed(), world.statements.statement(DAY)
    counts = world.reconcile(day=DAY, dry_run=True)
    assert (counts["long"], counts["compared"]) == (1, 2)
    assert (world.listed(), world.statements.statement(DAY)) == (before, run)
    assert not world.order(order).transaction_id


def test_a_bill_that_differs_from_the_first_is_compared_anew(world: World) -> None:
    sell(world, 2)
    world.bill(DAY, paid("W2099", 500))
    list(islice(world.job()(Errand(NEXT_MORNING, day=DAY)), 1))
    world.gateway.bills[DAY] = bill(world.rows(DAY))
    counts = world.reconcile(day=DAY)
    assert (counts["compared"], counts["failed"]) == (2, 0)


def test_what_is_certain_is_mended_only_so_often(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.reconciling.mending.MOST_OF_A_KIND", 1)
    for item in (OCTOBER, NOVEMBER, OF_THE_SHOP):
        world.gateway.pay(world.prepares(item).order_no)
    world.bill()
    counts = world.reconcile()
    assert (counts["taken in"], counts["failed"]) == (1, 2)
    assert world.reconcile()["taken in"] == 1


def test_without_csms_nothing_is_settled(world: World) -> None:
    sell(world, 2)
    world.takings.fail_with(BackendUnavailable("csms", 1.0))
    with pytest.raises(BackendUnavailable):
        world.reconcile()
    world.takings.fail_with(None)
    assert world.reconcile()["failed"] == 0


def test_rows_are_kept_as_long_as_the_next_day_needs_them(world: World) -> None:
    sell(world, 2)
    world.gives_back(world.pays(OCTOBER), 100)
    world.bill()
    world.reconcile()
    world.reconcile(NEXT_MORNING + ONE_DAY)
    assert len(world.statements.page(DAY, "", 9)) == 4
    world.reconcile(NEXT_MORNING + 2 * ONE_DAY)
    assert [row.is_refund for row in world.statements.page(DAY, "", 9)] == [True]
    world.reconcile(NEXT_MORNING + 40 * ONE_DAY)
    assert world.statements.page(DAY, "", 9) == ()


def test_orders_of_the_next_day_are_of_no_concern(world: World) -> None:
    sell(world, 1)
    world.now = NOON + ONE_DAY
    late = world.pays(OCTOBER)
    assert world.reconcile(NEXT_MORNING)["compared"] == 1
    assert late.paid_at is not None
    assert late.paid_at.date() == NEXT
    assert world.listed() == []
