"""Each class of difference: found, mended where that is certain, and listed where it is not."""

from dataclasses import replace
from datetime import timedelta

from backends.ports import ITSELF, Mismatch, OrderState, RefundState, SubmissionState
from tests.reconciling.bills import NOON, given_back, paid
from tests.reconciling.world import (
    DAY,
    NEXT,
    NEXT_MORNING,
    NOVEMBER,
    OCTOBER,
    OF_THE_SHOP,
    PREPAYMENT,
    WEI,
    World,
    row_of,
)

ONE_DAY = timedelta(days=1)


def test_what_agrees_in_all_three_books_is_no_difference(world: World) -> None:
    world.pays(OCTOBER, OF_THE_SHOP)
    world.pays(PREPAYMENT)
    world.bill()
    counts = world.reconcile()
    assert (counts["rows"], counts["compared"], counts["open"], counts["failed"]) == (2, 2, 0, 0)
    assert world.listed() == []
    kept = world.statements.statement(DAY)
    assert kept is not None
    assert (kept.totals.payments, kept.totals.paid_fen) == (2, 26443)
    assert kept.matched_at == NEXT_MORNING


def test_money_that_wechat_has_and_we_missed_is_taken_in(world: World) -> None:
    missed, late = world.prepares(OCTOBER), world.prepares(OF_THE_SHOP)
    world.closes(late)
    for order in (missed, late):
        world.gateway.pay(order.order_no)
    world.bill()
    counts = world.reconcile()
    assert [world.order(order).state for order in (missed, late)] == [OrderState.PAID] * 2
    assert (counts["taken in"], counts["failed"]) == (2, 0)
    settled = {one.difference.mismatch: one for one in world.listed() if one.resolved_at}
    assert settled[Mismatch.LONG].resolved_by == ITSELF
    assert {mismatch for mismatch, _ in world.open()} == {Mismatch.CSMS_UNPOSTED}
    for order in (missed, late):
        world.post(world.order(order))
    assert world.reconcile(NEXT_MORNING + timedelta(hours=5))["open"] == 0


def test_money_of_nobody_s_order_is_for_a_person(world: World) -> None:
    world.bill(DAY, paid("W2099", 500))
    counts = world.reconcile()
    assert (counts["failed"], counts["long"]) == (1, 1)
    one = world.only()
    assert (one.difference.theirs_fen, one.difference.ours_fen) == (500, None)
    assert world.statements.resolve(one.difference_id, "wang", "另一系统的订单", world.now)
    assert world.reconcile()["failed"] == 0


def test_a_bill_alone_makes_no_payment(world: World) -> None:
    order = world.prepares()
    world.bill(DAY, paid(order.order_no, order.amount_fen, transaction_id="4200"))
    assert world.reconcile()["failed"] == 1
    assert world.order(order).state is OrderState.PREPAID
    assert world.open() == [(Mismatch.LONG, order.order_no)]


def test_while_wechat_does_not_answer_the_rest_is_compared(world: World) -> None:
    order = world.prepares()
    world.gateway.pay(order.order_no)
    world.bill()
    world.gateway.behind.add(order.order_no)
    assert world.reconcile()["failed"] == 1
    world.gateway.behind.clear()
    counts = world.reconcile()
    assert (counts["taken in"], counts["failed"]) == (1, 0)


def test_money_that_only_we_have_waits_for_the_next_bill_and_then_for_a_person(
    world: World,
) -> None:
    order = world.pays()
    world.bill(without=order.order_no)
    counts = world.reconcile()
    assert (counts["short"], counts["waiting"], counts["failed"]) == (1, 2, 0)
    # CSMS has posted it: that is one more thing to be undone.
    assert [mismatch for mismatch, _ in world.open()] == [Mismatch.SHORT, Mismatch.CSMS_EXTRA]
    counts = world.reconcile(NEXT_MORNING + ONE_DAY)
    assert (counts["waiting"], counts["failed"]) == (0, 2)


def test_the_next_day_s_bill_explains_what_midnight_moved(world: World) -> None:
    world.now = NOON.replace(hour=23, minute=59, second=59)
    order = world.pays()
    world.bill(without=order.order_no)
    assert world.reconcile()["waiting"] == 2
    world.bill(NEXT, row_of(world.gateway.trades[order.order_no].transaction))
    counts = world.reconcile(NEXT_MORNING + ONE_DAY)
    assert (counts["open"], counts["failed"]) == (0, 0)
    assert {one.note for one in world.listed()} == {"in the bill of a day beside"}
    assert world.listed(NEXT) == []


def test_what_stood_in_the_bill_of_the_day_before_is_no_difference(world: World) -> None:
    world.now = NOON.replace(hour=0, minute=0, second=1)
    order = world.pays()
    transaction = world.gateway.trades[order.order_no].transaction
    world.gateway.bills = {}
    world.bill(DAY, without=order.order_no)
    world.bill(DAY - ONE_DAY, row_of(transaction))
    world.reconcile()
    assert world.open() == []


def test_an_amount_that_differs_changes_nothing(world: World) -> None:
    order = world.pays()
    (row,) = world.rows(DAY)
    world.bill(DAY, replace(row, amount_fen=4444), without=order.order_no)
    assert world.reconcile()["failed"] == 1
    found = world.only().difference
    assert found.mismatch is Mismatch.AMOUNT_DIFF
    assert (found.ours_fen, found.theirs_fen) == (4443, 4444)


def test_another_transaction_or_state_is_told(world: World) -> None:
    first, second = world.pays(OCTOBER), world.pays(OF_THE_SHOP)
    rows = {row.order_no: row for row in world.rows(DAY)}
    other = replace(rows[first.order_no], transaction_id="4200other")
    revoked = replace(rows[second.order_no], state="REVOKED")
    world.gateway.trades.clear()
    world.bill(DAY, other, revoked)
    world.reconcile()
    assert world.open()[:2] == [
        (Mismatch.STATE_DIFF, first.order_no),
        (Mismatch.STATE_DIFF, second.order_no),
    ]


def test_one_order_twice_in_a_bill_is_a_double_payment(world: World) -> None:
    order = world.pays()
    again = paid(order.order_no, order.amount_fen, transaction_id="4200again")
    world.bill(DAY, again)
    assert world.reconcile()["failed"] == 1
    assert world.open() == [(Mismatch.DUP, order.order_no)]
    assert [row[-1] for row in world.rows_of_paper()[:2]] == ["重复", "重复"]


def test_a_bill_paid_elsewhere_too_is_told_and_settled(world: World) -> None:
    order = world.pays_unposted(OCTOBER, NOVEMBER)
    world.post(order, B10=4443)
    world.bill()
    assert world.reconcile()["failed"] == 0
    one = world.only()
    assert (one.difference.mismatch, one.note) == (Mismatch.DUP, "went to the prepaid balance")


def test_what_csms_returned_is_open_until_it_is_given_back(world: World) -> None:
    order = world.pays_unposted()
    world.posted(order, OCTOBER, 0, 0, 4443)
    world.bill()
    assert world.reconcile()["failed"] == 1
    assert world.open() == [(Mismatch.DUP, f"{order.order_no}:B10")]
    world.gives_back(world.order(order), 4443, "B10")
    counts = world.reconcile(NEXT_MORNING + timedelta(hours=1))
    assert (counts["open"], counts["failed"]) == (0, 0)


def test_a_stuck_posting_is_handed_over_again(world: World) -> None:
    order = world.pays_unposted()
    world.bill()
    (claimed,) = world.outbox.claim("csms", worker="w", now=world.now, lease_s=9, limit=5)
    number = claimed.submission.number
    world.outbox.give_up(number, worker="w", why="busy", now=world.now)
    counts = world.reconcile()
    assert (counts["csms_unposted"], counts["handed over"], counts["failed"]) == (1, 1, 0)
    posting = world.outbox.submission(number)
    assert posting is not None
    assert posting.state is SubmissionState.QUEUED
    assert world.only().difference.detail.endswith("handed over to CSMS again")
    world.post(order)
    assert world.reconcile(NEXT_MORNING + ONE_DAY)["open"] == 0
    assert world.only().note == "CSMS has it as we do by now"


def test_a_posting_that_csms_has_and_says_nothing_of_is_for_a_person(world: World) -> None:
    world.pays_unposted()
    world.bill()
    (claimed,) = world.outbox.claim("csms", worker="w", now=world.now, lease_s=9, limit=5)
    world.outbox.handed_over(
        claimed.submission.number,
        worker="w",
        state=SubmissionState.DELIVERED,
        ext_no="",
        result={},
        now=world.now,
    )
    assert world.reconcile()["failed"] == 1


def test_csms_with_more_than_was_paid_is_told(world: World) -> None:
    order = world.pays(OCTOBER)
    twice = world.takes(order, OCTOBER)
    other = world.takes(order, OF_THE_SHOP)
    unknown = replace(world.takes(order, OCTOBER), transaction_id="4200nobody", pay_no="PX")
    world.takings.taken[-1] = unknown
    world.bill()
    assert world.reconcile()["waiting"] == 1
    assert sorted(world.open()) == sorted(
        [
            (Mismatch.DUP, twice.pay_no),
            (Mismatch.CSMS_EXTRA, other.pay_no),
            (Mismatch.CSMS_EXTRA, "PX"),
        ]
    )


def test_csms_with_another_amount_or_an_undone_posting_is_told(world: World) -> None:
    first, second = world.pays(OCTOBER), world.pays(OF_THE_SHOP)
    taken = world.takings.taken
    taken[0] = replace(taken[0], amount_fen=4442)
    taken[1] = replace(taken[1], state="reversed")
    world.bill()
    world.reconcile()
    assert sorted(world.open()) == sorted(
        [
            (Mismatch.AMOUNT_DIFF, f"{first.order_no}:B10"),
            (Mismatch.STATE_DIFF, f"{second.order_no}:B12"),
        ]
    )


def test_a_refund_of_ours_is_no_difference_on_whichever_day(world: World) -> None:
    order = world.pays()
    world.gives_back(order, 4443, "B10")
    late = world.gives_back(world.pays(OF_THE_SHOP), 100)
    world.bill(without=late.refund_no)
    counts = world.reconcile()
    assert (counts["open"], counts["waiting"], counts["failed"]) == (1, 1, 0)
    row = next(row for row in world.rows(DAY) if row.refund_no == late.refund_no)
    world.bill(NEXT, row)
    assert world.reconcile(NEXT_MORNING + ONE_DAY)["open"] == 0


def test_a_refund_that_arrived_and_we_did_not_hear_of_is_taken_in(world: World) -> None:
    order = world.pays()
    refund = world.gives_back(order, 443, done=False)
    world.gateway.finish(refund.refund_no)
    world.bill()
    counts = world.reconcile()
    assert (counts["given back"], counts["failed"]) == (1, 0)
    found = world.refunds.refund(refund.refund_no)
    assert found is not None
    assert found.state is RefundState.SUCCESS
    assert world.only().resolved_by == ITSELF


def test_a_refund_that_nobody_of_us_made_is_for_a_person(world: World) -> None:
    order = world.pays()
    world.bill(DAY, given_back(order.order_no, "CONSOLE1", 443))
    assert world.reconcile()["failed"] == 1
    found = world.only().difference
    assert (found.mismatch, found.key, found.theirs_fen) == (Mismatch.LONG, "CONSOLE1", -443)
    assert found.order_no == order.order_no


def test_what_a_refund_in_the_bill_has_otherwise_is_told(world: World) -> None:
    order = world.pays()
    less, refused = world.gives_back(order, 443), world.gives_back(order, 100)
    rows = [
        given_back(order.order_no, less.refund_no, 442),
        given_back(order.order_no, refused.refund_no, 100, state="FAIL"),
    ]
    world.gateway.refunds.clear()
    world.bill(DAY, *rows)
    assert world.reconcile()["failed"] == 2
    assert world.open() == [
        (Mismatch.AMOUNT_DIFF, less.refund_no),
        (Mismatch.STATE_DIFF, refused.refund_no),
    ]


def test_nothing_on_the_list_names_a_person(world: World) -> None:
    order = world.pays_unposted()
    world.bill(DAY, paid("W2099", 500))
    world.reconcile()
    said = " ".join(repr(one) for one in world.listed())
    assert order.order_no in said
    assert WEI not in said
