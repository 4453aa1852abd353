"""Three days of payments with kills of everything, and at their end every fen is accounted for."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from tests.load.month import reading
from tests.load.month.audit import audit
from tests.load.month.run import Report, Sizes, run
from tests.load.month.world import Month, Plan, running_month

SMALL = Sizes(orders=150, days=3, seed=1, kill_every_s=2.0, rounds_of_kills=1)


@dataclass
class Lived:
    month: Month
    report: Report


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    plan = Plan(accounts=1000, bills=2, seed=1)
    with running_month(tmp_path_factory.mktemp("month"), plan) as month:
        yield Lived(month, run(month, SMALL, print))


def test_every_fen_is_accounted_for_whatever_was_killed(lived: Lived) -> None:
    report = lived.report
    assert report.problems == []
    assert len(report.books.wechat.trades) > SMALL.orders / 2
    assert report.found.sums.wechat == report.found.sums.ours
    kinds = ["web", "worker", "reconcile"]
    if lived.month.databases.are_served:
        kinds.append("connections")
    assert all(report.counts[f"killed: {kind}"] for kind in kinds)


def test_what_a_clerk_booked_twice_is_listed(lived: Lived) -> None:
    listed = [one for one in lived.report.found.differences if one.is_excused]
    assert len(listed) == lived.report.counts["booked twice"] == 1


LOSE_A_RECEIPT = (
    "DELETE FROM notification WHERE id = (SELECT max(id) FROM notification"
    " WHERE kind = 'payment_received')"
)
MOVE_A_FEN = (
    "UPDATE payment_alloc SET principal_fen = principal_fen - 1 WHERE pay_id ="
    " (SELECT min(p.pay_id) FROM payment p JOIN posting o ON o.pay_id = p.pay_id"
    " WHERE o.bill_no <> '' AND o.credited_fen = 0)"
)
CHARGE_A_FEN = (
    "UPDATE trade SET total_fen = total_fen + 1 WHERE out_trade_no ="
    " (SELECT min(out_trade_no) FROM trade WHERE paid_at IS NOT NULL)"
)


def test_a_fen_or_a_receipt_that_is_missing_where_the_books_lie_is_found(lived: Lived) -> None:
    month = lived.month
    for book, statement in ((month.records, LOSE_A_RECEIPT), (month.office, MOVE_A_FEN)):
        with book.begin() as connection:
            connection.execute(text(statement))
    with month.pay.store.writing() as db:
        db.execute(CHARGE_A_FEN)
    store, after = month.pay.store, month.after_pay_id
    books = reading.books(store, month.records, month.office, after_pay_id=after)
    found = {one.what for one in audit(books).differences if not one.is_excused}
    assert found == {"receipt", "state_diff", "bill", "amount_diff"}
