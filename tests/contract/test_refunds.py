"""What becomes of refunds, with four eyes: the double, and each database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from backends.errors import NumberTaken, Overtaken, Rejected
from backends.ports import Notice, Refund, RefundStanding, RefundState, RefundStatus
from tests.contract.orders import (
    LATER,
    NOVEMBER,
    OCTOBER,
    Till,
    fake_till,
    order,
    refund,
    sql_till,
    standing,
)
from tests.contract.requests import HOME, MINUTE, SECOND, WEI
from tests.contract.test_orders_at_once import at_once

PROPOSED, ASKED, APPROVED = RefundState.PROPOSED, RefundState.ASKED, RefundState.APPROVED
PROCESSING, SUCCESS = RefundState.PROCESSING, RefundState.SUCCESS
ABNORMAL, CLOSED, REFUSED = RefundState.ABNORMAL, RefundState.CLOSED, RefundState.REFUSED
LU, MA = "陆会计", "ma"
WAIT = 5 * MINUTE


def told(refund_no: str = "R1") -> Notice:
    return Notice("refund_started", refund_no, WEI, HOME, {"amount": "44.43"})


def approved(till: Till, wanted: Refund | None = None) -> Refund:
    wanted = wanted or refund(till.pay())
    till.refunds.propose(wanted)
    till.refunds.ask(wanted.refund_no, LU, LATER)
    assert till.refunds.approve(wanted.refund_no, MA, LATER)
    return wanted


def hear(
    till: Till, said: RefundStanding, notice: Notice | None = None, now: datetime = LATER
) -> bool:
    return till.refunds.heard(said, notice or told(), now, wait=WAIT)


class RefundsContract:
    def test_a_refund_is_as_it_was_proposed_and_proposed_once(self, till: Till) -> None:
        wanted = refund(till.pay())
        assert till.refunds.propose(wanted)
        assert not till.refunds.propose(wanted)
        assert not till.refunds.propose(replace(wanted, refund_no="R2", amount_fen=1))
        assert till.refund() == wanted
        assert till.refunds.refund("R2") is None

    def test_a_number_is_one_refund_s(self, till: Till) -> None:
        mine = till.pay()
        till.refunds.propose(refund(mine))
        with pytest.raises(NumberTaken):
            till.refunds.propose(refund(mine, key="other"))

    def test_no_more_goes_back_than_was_paid(self, till: Till) -> None:
        mine = till.pay()
        assert till.refunds.propose(refund(mine, "R1", amount_fen=mine.amount_fen - 1))
        with pytest.raises(Rejected, match="too_much"):
            till.refunds.propose(refund(mine, "R2", amount_fen=2))
        assert till.refunds.propose(refund(mine, "R3", amount_fen=1))
        assert till.refunds.refuse("R1", LU, LATER)
        assert till.refunds.propose(refund(mine, "R4", amount_fen=mine.amount_fen - 1))

    @pytest.mark.parametrize("known", [True, False])
    def test_nothing_goes_back_of_what_was_never_paid(self, till: Till, known: bool) -> None:
        unpaid = till.prepare() if known else order(9)
        with pytest.raises(Rejected, match="too_much"):
            till.refunds.propose(refund(unpaid, amount_fen=1))

    def test_whoever_asks_does_not_approve(self, till: Till) -> None:
        till.refunds.propose(refund(till.pay()))
        assert not till.refunds.approve("R1", MA, LATER)
        assert till.refunds.ask("R1", LU, LATER)
        assert not till.refunds.ask("R1", MA, LATER)
        assert not till.refunds.approve("R1", LU, LATER)
        assert till.refunds.to_send(LATER, 9) == ()
        assert till.refunds.approve("R1", MA, LATER)
        assert not till.refunds.approve("R1", MA, LATER)
        assert not till.refunds.refuse("R1", MA, LATER)
        found = till.refund()
        assert (found.state, found.asked_by, found.approved_by) == (APPROVED, LU, MA)
        assert till.refunds.to_send(LATER, 9) == (found,)

    def test_staff_may_ask_for_one_of_their_own(self, till: Till) -> None:
        till.refunds.propose(refund(till.pay(), state=ASKED, asked_by=LU))
        assert not till.refunds.approve("R1", LU, LATER)
        assert till.refunds.approve("R1", MA, LATER)

    def test_a_refused_one_goes_nowhere(self, till: Till) -> None:
        till.refunds.propose(refund(till.pay()))
        till.refunds.ask("R1", LU, LATER)
        assert till.refunds.refuse("R1", MA, LATER)
        assert not till.refunds.approve("R1", MA, LATER)
        assert (till.refund().state, till.refund().approved_by) == (REFUSED, MA)
        for change in (till.refunds.ask, till.refunds.approve, till.refunds.refuse):
            assert not change("R9", MA, LATER)

    def test_what_wechat_says_becomes_its_state_and_is_told_once(self, till: Till) -> None:
        wanted = approved(till)
        processing = standing(wanted, RefundStatus.PROCESSING)
        assert hear(till, processing)
        assert not hear(till, processing)
        assert (till.refund().state, till.refund().refund_id) == (PROCESSING, "5000")
        success = standing(wanted, RefundStatus.SUCCESS)
        assert hear(till, success, replace(told(), kind="refund_done"))
        assert not hear(till, success, replace(told(), kind="refund_done"))
        assert not hear(till, processing)
        assert (till.refund().state, till.refund().succeeded_at) == (SUCCESS, LATER + MINUTE)
        assert till.records.holdings(WEI).notices == 2
        assert till.refunds.to_send(LATER + WAIT, 9) == ()

    def test_one_that_came_back_may_still_succeed_but_no_end_is_undone(self, till: Till) -> None:
        wanted = approved(till)
        assert hear(till, standing(wanted, RefundStatus.ABNORMAL))
        assert not hear(till, standing(wanted, RefundStatus.PROCESSING))
        assert till.refund().state is ABNORMAL
        assert hear(till, standing(wanted, RefundStatus.SUCCESS))
        for status in RefundStatus:
            assert not hear(till, standing(wanted, status))
        assert till.refund().state is SUCCESS

    def test_what_wechat_will_not_do_makes_room_for_another(self, till: Till) -> None:
        mine = till.pay()
        whole = approved(till, refund(mine, amount_fen=mine.amount_fen))
        assert hear(till, standing(whole, RefundStatus.CLOSED))
        assert till.refund().state is CLOSED
        assert till.refunds.propose(refund(mine, "R2"))

    def test_wechat_is_not_believed_about_another_order_or_amount(self, till: Till) -> None:
        wanted = approved(till)
        said = standing(wanted, RefundStatus.SUCCESS)
        for strange in (replace(said, amount_fen=1), replace(said, order_no="WD0")):
            with pytest.raises(Overtaken):
                hear(till, strange)
        assert till.refund().state is APPROVED
        assert not hear(till, replace(said, refund_no="R9"))

    def test_one_that_nobody_approved_cannot_be_under_way(self, till: Till) -> None:
        wanted = refund(till.pay())
        till.refunds.propose(wanted)
        assert not hear(till, standing(wanted, RefundStatus.SUCCESS))
        assert till.refund().state is PROPOSED

    def test_one_under_way_is_looked_at_again_after_a_while(self, till: Till) -> None:
        wanted = approved(till)
        for heard_at in (LATER, LATER + WAIT):
            hear(till, standing(wanted, RefundStatus.PROCESSING), now=heard_at)
            assert till.refunds.to_send(heard_at + WAIT - SECOND, 9) == ()
            assert till.refunds.to_send(heard_at + WAIT, 9) == (till.refund(),)

    def test_one_that_could_not_be_sent_says_why_and_waits(self, till: Till) -> None:
        wanted = approved(till)
        why = "余额不足\0" * 200
        till.refunds.failed("R1", why, now=LATER, wait=WAIT)
        found = till.refund()
        assert (found.state, found.trouble[:4]) == (APPROVED, "余额不足")
        assert till.refunds.to_send(LATER + WAIT - SECOND, 9) == ()
        assert till.refunds.to_send(LATER + WAIT, 9) == (found,)
        hear(till, standing(wanted, RefundStatus.SUCCESS))
        assert till.refund().trouble == ""
        for refund_no in ("R1", "R9"):
            till.refunds.failed(refund_no, why, now=LATER, wait=WAIT)
        assert till.refund().trouble == ""

    def test_they_are_listed_newest_first_and_by_order(self, till: Till) -> None:
        mine, other = till.pay(1, OCTOBER), till.pay(2, NOVEMBER)
        first = refund(mine, "R1", amount_fen=1)
        second = refund(other, "R2", amount_fen=1, made_at=LATER + SECOND)
        third = refund(mine, "R3", amount_fen=1, made_at=LATER + 2 * SECOND, state=ASKED)
        for one in (third, first, second):
            till.refunds.propose(one)
        assert till.refunds.refunds([PROPOSED, ASKED], 2) == (third, second)
        assert till.refunds.refunds([PROPOSED], 9) == (second, first)
        assert till.refunds.refunds([], 9) == ()
        of_orders = till.refunds.refunds_of([mine.order_no, "WD0"])
        assert of_orders == {mine.order_no: (first, third)}
        assert till.refunds.refunds_of([]) == {}

    def test_those_of_a_day_that_succeeded_are_read_by_number(self, till: Till) -> None:
        paid = till.pay()
        wanted = [refund(paid, f"R{n}", amount_fen=10) for n in (3, 1, 2)]
        for one in wanted:
            till.refunds.propose(one)
            till.refunds.ask(one.refund_no, "lu", LATER)
            till.refunds.approve(one.refund_no, "ma", LATER)
        for one in wanted[:2]:
            till.refunds.heard(standing(one, RefundStatus.SUCCESS), None, LATER, wait=MINUTE)
        at = LATER + MINUTE
        first, third = till.refunds.succeeded_between(at, at + MINUTE, "", 9)
        assert (first.refund_no, third.refund_no, third.succeeded_at) == ("R1", "R3", at)
        assert till.refunds.succeeded_between(at, at + MINUTE, "R1", 9) == (third,)
        assert till.refunds.succeeded_between(at, at + MINUTE, "", 1) == (first,)
        assert till.refunds.succeeded_between(LATER, at, "", 9) == ()

    def test_those_that_wait_longest_are_sent_first(self, till: Till) -> None:
        mine = till.pay()
        for refund_no in ("R1", "R2", "R3"):
            approved(till, refund(mine, refund_no, amount_fen=1))
        till.refunds.failed("R1", "busy", now=LATER, wait=WAIT)
        found = till.refunds.to_send(LATER + WAIT, 9)
        assert [one.refund_no for one in found] == ["R2", "R3", "R1"]
        assert len(till.refunds.to_send(LATER + WAIT, 2)) == 2


class TestTheDouble(RefundsContract):
    @pytest.fixture
    def till(self) -> Till:
        return fake_till()


class TestEachDatabase(RefundsContract):
    @pytest.fixture
    def till(self, upgraded_url: str) -> Iterator[Till]:
        with sql_till(upgraded_url) as till:
            yield till

    def test_refunds_proposed_at_once_never_come_to_more_than_was_paid(self, till: Till) -> None:
        mine = till.pay()
        share = mine.amount_fen // 3

        def propose(number: int) -> bool:
            try:
                return till.refunds.propose(refund(mine, f"R{number}", amount_fen=share))
            except Rejected:
                return False

        assert sum(at_once(propose)) == 3

    def test_of_the_same_refund_proposed_at_once_there_is_one(self, till: Till) -> None:
        wanted = refund(till.pay(), amount_fen=1)
        did = at_once(lambda number: till.refunds.propose(replace(wanted, refund_no=f"R{number}")))
        assert sum(did) == 1

    def test_of_one_that_is_approved_and_refused_at_once_one_thing_happens(
        self, till: Till
    ) -> None:
        till.refunds.propose(refund(till.pay(), state=ASKED, asked_by=LU))

        def decide(number: int) -> bool:
            act = till.refunds.approve if number % 2 else till.refunds.refuse
            return act("R1", MA, LATER)

        assert sum(at_once(decide)) == 1
