"""What becomes of payment orders once the money is there: the double, and each database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from backends.errors import NotFound, NumberTaken, Overtaken
from backends.ports import OrderState, RefundState, Transaction, WhyClosed
from backends.records.outbox import SqlOutbox
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
    payment,
    posting,
    receipt,
    refund,
    sql_till,
    transaction,
)
from tests.contract.pushes import told_by
from tests.contract.requests import HOUR, NOON, SECOND, WEI

PREPAID, CLOSING, CLOSED = OrderState.PREPAID, OrderState.CLOSING, OrderState.CLOSED
PAID, SETTLED = OrderState.PAID, OrderState.SETTLED
DAY = timedelta(days=1)


class PaidContract:
    def test_the_order_its_payments_and_the_receipt_are_one(self, till: Till) -> None:
        mine = till.prepare(1, OCTOBER, OF_THE_SHOP)
        said = transaction(mine)
        payments = [payment(mine, item, serial) for serial, item in enumerate(mine.items, 1)]
        assert till.orders.paid(said, payments, receipt(mine), LATER)
        assert not till.orders.paid(said, payments, receipt(mine), LATER)
        expected = replace(
            mine, state=PAID, transaction_id=said.transaction_id, paid_at=said.paid_at
        )
        assert till.now(mine) == expected
        assert till.records.submissions(WEI, 9) == tuple(payments[::-1])
        assert till.records.holdings(WEI).notices == 1
        assert till.due(END + HOUR) == []

    @pytest.mark.parametrize("state", ["placed", "prepaid", "closing", "closed"])
    def test_money_counts_in_whatever_state_it_is_found(self, till: Till, state: str) -> None:
        mine = till.prepare() if state != "placed" else till.place()
        if state in ("closing", "closed"):
            till.orders.drop(mine.order_no, WhyClosed.EXPIRED, LATER)
        if state == "closed":
            till.orders.closed(mine.order_no, LATER)
        assert till.state(mine).value == state
        assert till.orders.paid(transaction(mine), (), None, LATER)
        assert till.state(mine) is PAID
        assert till.holder(OCTOBER) == till.holder(NOVEMBER) == mine.order_no
        assert till.orders.drop(mine.order_no, WhyClosed.EXPIRED, LATER) is PAID
        assert not till.orders.closed(mine.order_no, LATER)
        assert not till.orders.prepaid(mine.order_no, "p", LATER)

    def test_what_another_order_holds_by_now_stays_its_own(self, till: Till) -> None:
        mine = till.prepare(1, OCTOBER, NOVEMBER)
        till.close(mine)
        other = till.prepare(2, OCTOBER)
        assert till.orders.paid(transaction(mine), (), None, LATER)
        assert till.holder(OCTOBER) == other.order_no
        assert till.holder(NOVEMBER) == mine.order_no
        assert till.orders.post(posting(mine, OCTOBER), None, LATER)
        assert till.holder(OCTOBER) == other.order_no

    @pytest.mark.parametrize("before", [True, False])
    def test_another_transaction_or_amount_changes_nothing(self, till: Till, before: bool) -> None:
        mine = till.prepare()
        said = transaction(mine)
        if before:
            assert till.orders.paid(said, (), None, LATER)
        strange: list[Transaction] = [replace(said, amount_fen=said.amount_fen - 1)]
        if before:
            strange.append(replace(said, transaction_id="4200"))
        found = till.now(mine)
        for one in strange:
            with pytest.raises(Overtaken):
                till.orders.paid(one, [payment(mine, OCTOBER, 1)], receipt(mine), LATER)
        assert till.now(mine) == found
        assert till.records.submissions(WEI, 9) == ()

    def test_a_transaction_pays_one_order(self, till: Till) -> None:
        mine, other = till.pay(1, OCTOBER), till.prepare(2, NOVEMBER)
        said = transaction(other, transaction_id=mine.transaction_id)
        with pytest.raises(Overtaken):
            till.orders.paid(said, (), None, LATER)
        assert till.state(other) is PREPAID

    def test_of_an_unknown_order_it_says_so(self, till: Till) -> None:
        with pytest.raises(NotFound):
            till.orders.paid(transaction(order(9)), (), None, LATER)

    def test_nothing_is_paid_when_a_number_is_taken(self, till: Till) -> None:
        mine, other = till.prepare(1, OCTOBER), till.prepare(2, NOVEMBER)
        assert till.orders.paid(transaction(mine), [payment(mine, OCTOBER, 1)], None, LATER)
        with pytest.raises(NumberTaken):
            till.orders.paid(transaction(other), [payment(other, NOVEMBER, 1)], None, LATER)
        assert till.state(other) is PREPAID
        assert till.orders.paid(transaction(other), [payment(other, NOVEMBER, 2)], None, LATER)

    def test_the_last_posting_settles_the_order(self, till: Till) -> None:
        mine = till.prepare()
        assert not till.orders.post(posting(mine, OCTOBER), None, LATER)
        till.orders.paid(transaction(mine), (), None, LATER)
        first = posting(mine, OCTOBER, posted_fen=4000, credited_fen=400, returned_fen=43)
        assert till.orders.postings_of([mine.order_no]) == {}
        for happened in (True, False):
            assert till.orders.post(first, None, LATER) is happened
        assert not till.orders.post(posting(mine, PREPAYMENT), None, LATER)
        assert not till.orders.post(posting(order(9), OCTOBER), None, LATER)
        assert (till.state(mine), till.holder(OCTOBER)) == (PAID, "")
        assert till.holder(NOVEMBER) == mine.order_no
        second = posting(mine, NOVEMBER)
        assert till.orders.post(second, None, LATER)
        assert not till.orders.post(second, None, LATER)
        assert till.state(mine) is SETTLED
        assert till.orders.postings_of([mine.order_no, "WD0"]) == {mine.order_no: (first, second)}
        assert not till.orders.paid(transaction(mine), (), None, LATER)
        again = till.place(2)
        assert till.orders.hold(again.order_no, LATER) == ()

    def test_what_csms_did_not_take_is_proposed_as_a_refund(self, till: Till) -> None:
        mine = till.pay()
        wanted = refund(mine)
        assert till.orders.post(posting(mine, OCTOBER), wanted, LATER)
        assert till.refund() == wanted
        assert not till.orders.post(posting(mine, OCTOBER), refund(mine, "R2"), LATER)
        assert till.refunds.refund("R2") is None

    def test_nothing_is_posted_when_the_number_of_its_refund_is_taken(self, till: Till) -> None:
        mine = till.pay()
        till.refunds.propose(refund(mine, key="other"))
        with pytest.raises(NumberTaken):
            till.orders.post(posting(mine, OCTOBER), refund(mine), LATER)
        assert till.orders.postings_of([mine.order_no]) == {}

    def test_more_than_was_paid_is_not_proposed_but_posted_all_the_same(self, till: Till) -> None:
        mine = till.pay()
        till.refunds.propose(refund(mine, amount_fen=mine.amount_fen, state=RefundState.ASKED))
        assert till.orders.post(posting(mine, OCTOBER), refund(mine, "R2"), LATER)
        assert till.orders.post(posting(mine, NOVEMBER), refund(mine, "R1"), LATER)
        assert till.refunds.refund("R2") is None
        assert till.state(mine) is SETTLED

    def test_what_is_not_posted_is_listed_by_number(self, till: Till) -> None:
        first, second = till.pay(1), till.pay(2, OF_THE_SHOP)
        late = till.prepare(3, PREPAYMENT)
        till.orders.paid(transaction(late, paid_at=LATER), (), None, LATER)
        till.orders.post(posting(first, OCTOBER), None, LATER)
        waiting = [
            (one, frozenset({item.key})) for one, item in ((first, NOVEMBER), (second, OF_THE_SHOP))
        ]
        assert till.orders.unposted(LATER, "", 9) == tuple(waiting)
        assert till.orders.unposted(LATER, "", 1) == tuple(waiting[:1])
        assert till.orders.unposted(LATER, first.order_no, 9) == tuple(waiting[1:])
        till.orders.post(posting(second, OF_THE_SHOP), None, LATER)
        assert len(till.orders.unposted(LATER + SECOND, first.order_no, 9)) == 1

    def test_what_was_paid_in_a_time_is_listed_by_number(self, till: Till) -> None:
        midnight = datetime(2026, 11, 23, tzinfo=NOON.tzinfo)
        times = [midnight, midnight - SECOND, midnight + DAY - SECOND, midnight + DAY, midnight]
        numbers = list[str]()
        for serial, paid_at in enumerate(times, 1):
            mine = till.prepare(serial, replace(OCTOBER, bill_no=f"B{serial}"))
            assert till.orders.paid(transaction(mine, paid_at=paid_at), (), None, LATER)
            numbers.append(mine.order_no)
        till.prepare(9)

        def listed(since: datetime, until: datetime, after: str = "", limit: int = 9) -> list[int]:
            found = till.orders.paid_between(since, until, after, limit)
            return [numbers.index(one.order_no) for one in found]

        assert listed(midnight, midnight + DAY) == [0, 2, 4]
        assert listed(midnight, midnight + DAY, limit=2) == [0, 2]
        assert listed(midnight, midnight + DAY, numbers[2]) == [4]
        assert listed(midnight - DAY, midnight + 2 * DAY, limit=3) == [0, 1, 2]
        assert listed(midnight - DAY, midnight + 2 * DAY, numbers[2], 3) == [3, 4]
        assert listed(midnight + SECOND, midnight + DAY) == [2]


class TestTheDouble(PaidContract):
    @pytest.fixture
    def till(self) -> Till:
        return fake_till()


class TestEachDatabase(PaidContract):
    @pytest.fixture
    def till(self, upgraded_url: str) -> Iterator[Till]:
        with sql_till(upgraded_url) as till:
            yield till

    def test_the_worker_finds_payments_in_their_lanes_and_the_receipt(
        self, till: Till, upgraded_url: str
    ) -> None:
        mine = till.prepare()
        payments = [payment(mine, item, serial) for serial, item in enumerate(mine.items, 1)]
        till.orders.paid(transaction(mine), payments, receipt(mine), LATER)
        outbox = SqlOutbox(till.records._database)  # type: ignore[attr-defined]
        (first,) = outbox.claim("csms", worker="ann", now=LATER, lease_s=60, limit=9)
        assert first.submission == payments[0]
        assert told_by(outbox, LATER) == [receipt(mine)]
