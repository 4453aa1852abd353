"""Three books that agree, and each way in which one of them may be wrong: the audit finds it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.load.month.audit import audit
from tests.load.month.books import (
    Bill,
    Books,
    City,
    GivenBack,
    Item,
    Listed,
    Order,
    Ours,
    Payment,
    Refund,
    Trade,
    WeChat,
)

HOME = "3100000017"
FIRST = Item("WD1", HOME, "B1", 4392, posted_fen=4392, is_posted=True)
PREPAID = Item("WD1", HOME, "", 1000, posted_fen=1000, is_posted=True)
TWICE = Item("WD2", HOME, "B2", 500, returned_fen=500, is_posted=True)


def right() -> Books:
    """A bill and a prepayment in one order; a bill that the counter took first, given back."""
    return Books(
        WeChat(
            {"WD1": Trade("WD1", "T1", "oA", 5392), "WD2": Trade("WD2", "T2", "oB", 500)},
            {"R2": GivenBack("R2", "WD2", 500)},
        ),
        Ours(
            {
                "WD1": Order("WD1", "T1", "oA", 5392, "settled", (FIRST, PREPAID)),
                "WD2": Order("WD2", "T2", "oB", 500, "settled", (TWICE,)),
                "WD3": Order("WD3", "WD3", "oA", 700, "closed", ()),
            },
            {"R2": Refund("R2", "WD2", "B2", 500, "success")},
            Counter({"WD1": 1, "WD2": 1}),
            Counter({"WD1": 2, "WD2": 1}),
            (Listed("dup", "WD2:B2", "WD2", is_settled=True),),
        ),
        City(
            {
                "P1": Payment("P1", "T1", HOME, 4392, {"B1": 4392}, 0),
                "P2": Payment("P2", "T1", HOME, 1000, {}, 1000),
            },
            {"B1": Bill("B1", 4392, 4392, 4392), "B2": Bill("B2", 500, 500, 500)},
        ),
    )


def kinds(books: Books) -> set[str]:
    found = audit(books)
    assert found.problems
    return {one.what for one in found.differences}


def test_books_that_agree_have_no_problems() -> None:
    found = audit(right())
    assert found.problems == []
    assert found.differences == ()
    assert found.sums.wechat == found.sums.ours == found.sums.csms + found.sums.given_back == 5892


def charge_more(books: Books) -> Books:
    trades = {**books.wechat.trades, "WD1": Trade("WD1", "T1", "oA", 5393)}
    return replace(books, wechat=replace(books.wechat, trades=trades))


def charge_unheard(books: Books) -> Books:
    trades = {**books.wechat.trades, "WD3": Trade("WD3", "T3", "oA", 700)}
    return replace(books, wechat=replace(books.wechat, trades=trades))


def charge_nothing(books: Books) -> Books:
    trades = {"WD2": books.wechat.trades["WD2"]}
    return replace(books, wechat=replace(books.wechat, trades=trades))


def charge_another(books: Books) -> Books:
    trades = {**books.wechat.trades, "WD1": Trade("WD1", "T1", "oB", 5392)}
    return replace(books, wechat=replace(books.wechat, trades=trades))


def give_nothing_back(books: Books) -> Books:
    return replace(books, wechat=replace(books.wechat, given_back={}))


def give_back_twice(books: Books) -> Books:
    back = {**books.wechat.given_back, "R3": GivenBack("R3", "WD2", 500)}
    return replace(books, wechat=replace(books.wechat, given_back=back))


def give_no_receipt(books: Books) -> Books:
    return replace(books, ours=replace(books.ours, receipts=Counter({"WD2": 1})))


def give_two_receipts(books: Books) -> Books:
    return replace(books, ours=replace(books.ours, receipts=Counter({"WD1": 2, "WD2": 1})))


def hand_over_half(books: Books) -> Books:
    return replace(books, ours=replace(books.ours, handed_over=Counter({"WD1": 1, "WD2": 1})))


def forget_a_posting(books: Books) -> Books:
    items = (replace(FIRST, posted_fen=0, is_posted=False), PREPAID)
    orders = {**books.ours.orders, "WD1": replace(books.ours.orders["WD1"], items=items)}
    return replace(books, ours=replace(books.ours, orders=orders))


def lose_a_payment(books: Books) -> Books:
    return replace(books, city=replace(books.city, payments={"P2": books.city.payments["P2"]}))


def post_less(books: Books) -> Books:
    payments = {**books.city.payments, "P1": Payment("P1", "T1", HOME, 4391, {"B1": 4391}, 0)}
    return replace(books, city=replace(books.city, payments=payments))


def post_elsewhere(books: Books) -> Books:
    payments = {**books.city.payments, "P1": Payment("P1", "T1", HOME, 4392, {"B1": 4000}, 392)}
    return replace(books, city=replace(books.city, payments=payments))


def post_a_bill_again(books: Books) -> Books:
    payments = {**books.city.payments, "P3": Payment("P3", "T1", HOME, 4392, {"B1": 4392}, 0)}
    return replace(books, city=replace(books.city, payments=payments))


def invent_a_transaction(books: Books) -> Books:
    payments = {**books.city.payments, "P3": Payment("P3", "T9", HOME, 100, {}, 100)}
    return replace(books, city=replace(books.city, payments=payments))


def overpay_a_bill(books: Books) -> Books:
    bills = {**books.city.bills, "B2": Bill("B2", 500, 1000, 1000)}
    return replace(books, city=replace(books.city, bills=bills))


def miscount_a_bill(books: Books) -> Books:
    bills = {**books.city.bills, "B1": Bill("B1", 4392, 0, 4392)}
    return replace(books, city=replace(books.city, bills=bills))


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (charge_more, "amount_diff"),
        (charge_unheard, "long"),
        (charge_nothing, "short"),
        (charge_another, "state_diff"),
        (give_nothing_back, "refund"),
        (give_back_twice, "refund"),
        (give_no_receipt, "receipt"),
        (give_two_receipts, "receipt"),
        (hand_over_half, "handed_over"),
        (forget_a_posting, "csms_unposted"),
        (lose_a_payment, "csms_unposted"),
        (post_less, "csms_unposted"),
        (post_elsewhere, "state_diff"),
        (post_a_bill_again, "posted_twice"),
        (invent_a_transaction, "csms_extra"),
        (overpay_a_bill, "posted_twice"),
        (miscount_a_bill, "bill"),
    ],
)
def test_a_wrong_book_is_found(spoil: Callable[[Books], Books], kind: str) -> None:
    assert kind in kinds(spoil(right()))


def test_what_csms_has_beyond_ours_is_excused_once_reconciliation_lists_it() -> None:
    books = invent_a_transaction(right())
    listed = (*books.ours.listed, Listed("csms_extra", "P3", "", is_settled=False))
    found = audit(replace(books, ours=replace(books.ours, listed=listed)))
    assert [one.is_excused for one in found.differences] == [True]
    assert found.problems == []


def test_a_charge_that_we_do_not_know_of_is_not_excused_by_a_list() -> None:
    books = charge_unheard(right())
    listed = (*books.ours.listed, Listed("long", "WD3", "WD3", is_settled=False))
    assert audit(replace(books, ours=replace(books.ours, listed=listed))).problems


def test_a_difference_that_is_listed_and_not_there_is_a_problem_unless_it_was_planted() -> None:
    books = right()
    listed = (Listed("amount_diff", "WD1", "WD1", is_settled=False),)
    books = replace(books, ours=replace(books.ours, listed=listed))
    assert audit(books).problems == ["listed, but not so: amount_diff WD1"]
    assert audit(books, frozenset({"WD1"})).problems == []
