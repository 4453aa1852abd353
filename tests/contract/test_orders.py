"""What becomes of payment orders until they are paid or closed: the double, and each database."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from backends.errors import NumberTaken
from backends.ports import CitizenErased, OrderDropped, OrderPlaced, OrderState, WhyClosed
from tests.contract.orders import (
    END,
    LATER,
    NOVEMBER,
    OCTOBER,
    OF_THE_SHOP,
    PREPAYMENT,
    Till,
    fake_till,
    order,
    sql_till,
)
from tests.contract.requests import HOUR, MINUTE, NOON, QIN, SECOND, WEI

PLACED, PREPAID, CLOSING = OrderState.PLACED, OrderState.PREPAID, OrderState.CLOSING
CLOSED, PAID, SETTLED = OrderState.CLOSED, OrderState.PAID, OrderState.SETTLED
CANCELLED, EXPIRED = WhyClosed.CANCELLED, WhyClosed.EXPIRED
FIVE = 5 * SECOND


class OrdersContract:
    def test_an_order_is_as_it_was_placed_and_placed_once(self, till: Till) -> None:
        placed = till.place(1, OF_THE_SHOP, PREPAYMENT, OCTOBER)
        till.place(1, NOVEMBER)
        assert till.orders.order(placed.order_no) == placed
        assert till.orders.order("WD0") is None
        assert till.orders.latest(WEI) == placed

    def test_the_latest_is_the_newest_whatever_became_of_it(self, till: Till) -> None:
        assert till.orders.latest(WEI) is None
        first, second = till.place(2), till.place(1)
        till.place(3, openid=QIN)
        till.orders.drop(first.order_no, CANCELLED, LATER)
        assert till.orders.latest(WEI) == replace(first, state=CLOSED, why_closed="cancelled")
        assert till.orders.of_numbers([second.order_no, "WD0"]) == {second.order_no: second}
        assert till.orders.of_numbers([]) == {}

    def test_a_number_is_one_citizen_s(self, till: Till) -> None:
        till.place(1)
        with pytest.raises(NumberTaken):
            till.records.commit([OrderPlaced(order(1, openid=QIN))])

    def test_what_one_order_holds_no_other_gets(self, till: Till) -> None:
        mine, other = till.place(1, OCTOBER), till.place(2, NOVEMBER, OCTOBER, openid=QIN)
        for _ in range(2):
            assert till.orders.hold(mine.order_no, NOON) == ()
        assert till.orders.hold(other.order_no, NOON) == (mine,)
        assert not till.orders.asking(other.order_no, NOON)
        third = till.place(3, NOVEMBER)
        assert till.orders.hold(third.order_no, NOON) == ()
        assert till.orders.hold(other.order_no, NOON) == (mine, third)

    def test_only_who_has_its_holds_may_ask_and_only_what_is_placed(self, till: Till) -> None:
        mine = till.place()
        assert not till.orders.asking(mine.order_no, NOON)
        assert not till.orders.asking("WD0", NOON)
        assert till.orders.hold("WD0", NOON) == ()
        till.orders.hold(mine.order_no, NOON)
        assert till.orders.asking(mine.order_no, NOON)
        assert till.orders.asking(mine.order_no, LATER)
        assert till.now(mine).asked_at == NOON
        assert till.orders.prepaid(mine.order_no, "p1", NOON)
        assert not till.orders.asking(mine.order_no, LATER)

    def test_a_newer_prepay_takes_the_place_of_the_old(self, till: Till) -> None:
        mine = till.prepare()
        assert (mine.state, mine.prepay_id) == (PREPAID, "prepay-1")
        assert till.orders.prepaid(mine.order_no, "p2", LATER)
        assert till.now(mine).prepay_id == "p2"
        till.orders.drop(mine.order_no, EXPIRED, LATER)
        assert not till.orders.prepaid(mine.order_no, "p3", LATER)
        assert not till.orders.prepaid("WD0", "p3", LATER)

    def test_one_that_wechat_never_heard_of_is_closed_at_once(self, till: Till) -> None:
        mine, other = till.place(1, OCTOBER), till.place(2, OCTOBER)
        till.orders.hold(mine.order_no, NOON)
        assert till.orders.drop(mine.order_no, CANCELLED, LATER) is CLOSED
        assert till.orders.drop(mine.order_no, EXPIRED, LATER) is CLOSED
        assert till.now(mine).why_closed == "cancelled"
        assert till.orders.hold(mine.order_no, NOON) == ()
        assert till.orders.hold(other.order_no, NOON) == ()
        assert till.orders.drop("WD0", CANCELLED, LATER) is None

    def test_one_that_wechat_may_know_of_is_closed_when_wechat_says_so(self, till: Till) -> None:
        mine, other = till.place(1, OCTOBER), till.place(2, OCTOBER)
        till.orders.hold(mine.order_no, NOON)
        till.orders.asking(mine.order_no, NOON)
        assert not till.orders.closed(mine.order_no, NOON)
        assert till.orders.drop(mine.order_no, CANCELLED, LATER) is CLOSING
        assert till.orders.drop(mine.order_no, EXPIRED, LATER) is CLOSING
        assert till.orders.hold(other.order_no, NOON) == (till.now(mine),)
        assert till.orders.closed(mine.order_no, LATER)
        assert not till.orders.closed(mine.order_no, LATER)
        assert till.now(mine).why_closed == "cancelled"
        assert till.orders.hold(other.order_no, NOON) == ()

    def test_a_turn_drops_only_its_citizen_s_order(self, till: Till) -> None:
        mine, prepared = till.place(1), till.prepare(2, OF_THE_SHOP)
        for one in (mine, prepared):
            till.records.commit([OrderDropped(QIN, one.order_no, CANCELLED, LATER)])
        assert (till.state(mine), till.state(prepared)) == (PLACED, PREPAID)
        for one in (mine, prepared):
            till.records.commit([OrderDropped(WEI, one.order_no, CANCELLED, LATER)])
        till.records.commit([OrderDropped(WEI, "WD0", CANCELLED, LATER)])
        assert (till.state(mine), till.state(prepared)) == (CLOSED, CLOSING)

    def test_in_flight_is_what_may_be_paid_or_is_not_posted_yet(self, till: Till) -> None:
        till.orders.hold(till.place(1, OF_THE_SHOP).order_no, NOON)
        mine = till.prepare(2, OCTOBER, PREPAYMENT)
        keys = [OF_THE_SHOP.key, OCTOBER.key, PREPAYMENT.key, "none"]
        assert till.orders.in_flight(keys) == {OCTOBER.key: mine, PREPAYMENT.key: mine}
        assert till.orders.in_flight([]) == {}
        till.orders.drop(mine.order_no, EXPIRED, LATER)
        assert till.holder(OCTOBER) == mine.order_no
        till.orders.closed(mine.order_no, LATER)
        assert till.holder(OCTOBER) == ""

    def test_one_that_nobody_asks_about_is_looked_at_when_it_expires(self, till: Till) -> None:
        mine = till.place()
        assert till.due(mine.expires_at - SECOND) == []
        assert till.due(mine.expires_at) == [mine.order_no]
        till.orders.drop(mine.order_no, EXPIRED, END)
        assert till.due(END + HOUR) == []

    def test_one_that_wechat_has_is_looked_at_soon_and_then_as_told(self, till: Till) -> None:
        mine = till.place()
        till.orders.hold(mine.order_no, NOON)
        till.orders.asking(mine.order_no, NOON)
        assert till.due(NOON + FIVE - SECOND) == []
        assert till.due(NOON + FIVE) == [mine.order_no]
        till.orders.prepaid(mine.order_no, "p", NOON + SECOND)
        assert till.due(NOON + FIVE) == []
        assert till.due(NOON + FIVE + SECOND) == [mine.order_no]
        till.orders.look_again(mine.order_no, LATER)
        assert till.due(LATER - SECOND) == []
        assert till.due(LATER) == [mine.order_no]

    def test_no_look_comes_later_than_the_end_but_those_after_it(self, till: Till) -> None:
        mine = till.prepare()
        till.orders.look_again(mine.order_no, END + HOUR)
        assert till.due(mine.expires_at - SECOND) == []
        assert till.due(mine.expires_at) == [mine.order_no]
        till.orders.look_again(mine.order_no, END + HOUR)
        assert till.due(END + HOUR - SECOND) == []
        assert till.due(END + HOUR) == [mine.order_no]

    def test_asking_seconds_before_the_end_puts_no_look_behind_it(self, till: Till) -> None:
        mine = till.place()
        late = mine.expires_at - SECOND
        till.orders.hold(mine.order_no, late)
        till.orders.asking(mine.order_no, late)
        till.orders.prepaid(mine.order_no, "p", late)
        assert till.due(mine.expires_at) == [mine.order_no]

    def test_one_to_be_closed_is_due_at_once_and_the_longest_due_come_first(
        self, till: Till
    ) -> None:
        first, second = till.prepare(1, OCTOBER), till.prepare(2, NOVEMBER)
        till.orders.look_again(first.order_no, END)
        till.orders.drop(second.order_no, CANCELLED, LATER)
        assert till.due(LATER) == [second.order_no]
        till.orders.look_again(first.order_no, LATER - SECOND)
        assert till.due(LATER) == [first.order_no, second.order_no]
        assert till.due(LATER, limit=1) == [first.order_no]
        till.orders.look_again(second.order_no, LATER + MINUTE)
        till.orders.look_again("WD0", LATER)
        assert till.due(LATER) == [first.order_no]
        till.orders.closed(second.order_no, LATER)
        till.orders.look_again(second.order_no, LATER)
        assert till.due(LATER) == [first.order_no]

    def test_who_has_their_data_deleted_leaves_only_what_wechat_may_have(self, till: Till) -> None:
        untouched, other = till.place(1, NOVEMBER), till.place(2, OF_THE_SHOP, openid=QIN)
        till.orders.hold(untouched.order_no, NOON)
        dropped = till.place(3)
        till.orders.drop(dropped.order_no, CANCELLED, LATER)
        prepared = till.prepare(4, OCTOBER)
        till.close(prepared)
        paid = till.pay(5, PREPAYMENT)
        assert till.records.holdings(WEI).orders == 4
        till.records.commit([CitizenErased(WEI, LATER)])
        till.records.commit([OrderPlaced(untouched)])
        assert till.records.holdings(WEI).orders == 2
        numbers = [one.order_no for one in (untouched, other, dropped, prepared, paid)]
        assert sorted(till.orders.of_numbers(numbers)) == [
            other.order_no,
            prepared.order_no,
            paid.order_no,
        ]
        again = till.place(6, NOVEMBER, placed_at=LATER + SECOND)
        assert till.orders.hold(again.order_no, LATER) == ()

    def test_orders_and_money_are_counted_by_state(self, till: Till) -> None:
        till.place(1, OCTOBER)
        till.place(2, NOVEMBER)
        till.pay(3, PREPAYMENT)
        assert till.orders.counts(NOON) == {PLACED: (2, 8835), PAID: (1, 10000)}
        assert till.orders.counts(NOON + 2 * SECOND) == {PLACED: (1, 4392), PAID: (1, 10000)}
        assert till.orders.counts(END) == {}


class TestTheDouble(OrdersContract):
    @pytest.fixture
    def till(self) -> Till:
        return fake_till()


class TestEachDatabase(OrdersContract):
    @pytest.fixture
    def till(self, upgraded_url: str) -> Iterator[Till]:
        with sql_till(upgraded_url) as till:
            yield till
