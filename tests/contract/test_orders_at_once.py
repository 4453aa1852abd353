"""Payment orders when several processes change them at once: on each database."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from backends.ports import Order, OrderState, WhyClosed
from tests.contract.orders import (
    LATER,
    NOVEMBER,
    OCTOBER,
    OF_THE_SHOP,
    Till,
    payment,
    posting,
    receipt,
    sql_till,
    transaction,
)
from tests.contract.requests import NOON, WEI

CLOSING, CLOSED = OrderState.CLOSING, OrderState.CLOSED
PAID, SETTLED = OrderState.PAID, OrderState.SETTLED
AT_ONCE = 8


@pytest.fixture
def till(upgraded_url: str) -> Iterator[Till]:
    with sql_till(upgraded_url) as till:
        yield till


def at_once(work: Callable[[int], bool]) -> list[bool]:
    """What each of so many threads got, let go together."""
    gate, got = threading.Barrier(AT_ONCE), dict[int, bool]()

    def run(number: int) -> None:
        gate.wait()
        got[number] = work(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [got[number] for number in range(AT_ONCE)]


def test_of_overlapping_orders_that_are_held_at_once_one_gets_each_item(till: Till) -> None:
    bills = [replace(OCTOBER, bill_no=f"B{n}") for n in range(AT_ONCE)]
    placed = [
        till.place(n + 1, bills[n], bills[(n + 1) % AT_ONCE], bills[(n + 3) % AT_ONCE])
        for n in range(AT_ONCE)
    ]
    got = at_once(lambda n: till.orders.hold(placed[n].order_no, NOON) == ())
    holders = [one for one, has in zip(placed, got, strict=True) if has]
    assert holders
    keys = [item.key for one in holders for item in one.items]
    assert len(keys) == len(set(keys))
    for one, has in zip(placed, got, strict=True):
        assert till.orders.asking(one.order_no, NOON) is has


def test_of_the_same_news_heard_at_once_one_is_the_first(till: Till) -> None:
    mine = till.prepare(1, OCTOBER, OF_THE_SHOP)
    payments = [payment(mine, item, serial) for serial, item in enumerate(mine.items, 1)]
    said = transaction(mine)
    did = at_once(
        lambda n: till.orders.paid(said, payments[:: 1 - n % 2 * 2], receipt(mine), LATER)
    )
    assert sorted(did) == [False] * (AT_ONCE - 1) + [True]
    assert len(till.records.submissions(WEI, 9)) == 2
    assert till.records.holdings(WEI).notices == 1


def test_money_wins_over_a_closing_at_the_same_time(till: Till) -> None:
    for serial in range(1, 4):
        mine = till.prepare(serial)

        def work(n: int, mine: Order = mine) -> bool:
            if n % 2:
                return till.orders.paid(transaction(mine), (), None, LATER)
            till.orders.drop(mine.order_no, WhyClosed.EXPIRED, LATER)
            return till.orders.closed(mine.order_no, LATER)

        at_once(work)
        assert till.state(mine) is PAID
        assert till.holder(OCTOBER) == till.holder(NOVEMBER) == mine.order_no
        for item in mine.items:
            assert till.orders.post(posting(mine, item), None, LATER)


def test_of_two_last_items_posted_at_once_one_settles(till: Till) -> None:
    for serial in range(1, 4):
        mine = till.pay(serial)

        def work(n: int, mine: Order = mine) -> bool:
            return till.orders.post(posting(mine, mine.items[n % 2]), None, LATER)

        assert sum(at_once(work)) == 2
        assert till.state(mine) is SETTLED


def test_an_order_dropped_while_it_is_being_asked_for_is_never_both(till: Till) -> None:
    for serial in range(1, 4):
        mine = till.place(serial)
        till.orders.hold(mine.order_no, NOON)

        def work(n: int, mine: Order = mine) -> bool:
            if n % 2:
                return till.orders.asking(mine.order_no, NOON)
            return till.orders.drop(mine.order_no, WhyClosed.CANCELLED, NOON) is CLOSED

        asked, dropped = (at_once(work)[start::2] for start in (1, 0))
        assert any(asked) is not any(dropped)
        assert till.state(mine) is (CLOSING if any(asked) else CLOSED)
        till.orders.closed(mine.order_no, NOON)
