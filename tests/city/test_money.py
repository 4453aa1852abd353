"""Bills, payments and balances add up, on every database that the tests can reach."""

from collections import defaultdict
from decimal import Decimal

from sqlalchemy import Connection, select

from sandbox.city.schema import metadata
from tests.city.conftest import AS_OF
from tests.city.reading import rows, value
from tests.city.recount import recount

T = metadata.tables


def test_recounting_all_bills_from_the_readings_gives_them_to_the_fen(anywhere: Connection) -> None:
    recounted = recount(anywhere)
    assert recounted.bills > 25_000
    assert recounted.differences == []
    stored = {
        row.acct_no: row.tier_cum_l / Decimal(1000)
        for row in anywhere.execute(select(T["account"].c.acct_no, T["account"].c.tier_cum_l))
    }
    assert recounted.year_totals_m3 == stored


def test_tier_volumes_add_up_to_the_volume_and_lines_to_the_amount(anywhere: Connection) -> None:
    assert (
        value(anywhere, "SELECT COUNT(*) FROM bill WHERE tier1_l+tier2_l+tier3_l <> volume_l") == 0
    )
    assert value(anywhere, "SELECT COUNT(*) FROM bill WHERE amount_fen = 0 AND volume_l <> 0") == 0
    differing = """SELECT COUNT(*) FROM (SELECT b.bill_id FROM bill b
        LEFT JOIN bill_line l ON l.bill_id = b.bill_id GROUP BY b.bill_id, b.amount_fen
        HAVING COALESCE(SUM(l.amount_fen), 0) <> b.amount_fen) d"""
    assert value(anywhere, differing) == 0


def test_every_line_is_its_quantity_times_its_price(anywhere: Connection) -> None:
    found = rows(anywhere, "SELECT volume, unit_price, amount FROM wx_bill_line")
    assert len(found) > 50_000
    for line in found[::17]:
        quantity, price = (Decimal(str(number)) for number in (line.volume, line.unit_price))
        exact = quantity * price
        assert abs(exact - Decimal(str(line.amount))) <= Decimal("0.005")


def test_what_a_bill_says_is_paid_is_what_was_allocated_to_it(anywhere: Connection) -> None:
    wrong = """SELECT COUNT(*) FROM (SELECT b.bill_id FROM bill b
        LEFT JOIN payment_alloc a ON a.bill_id = b.bill_id GROUP BY b.bill_id, b.paid_fen
        HAVING COALESCE(SUM(a.principal_fen), 0) <> b.paid_fen) d"""
    assert value(anywhere, wrong) == 0
    states = """SELECT COUNT(*) FROM bill WHERE NOT (
        (status = 'open' AND paid_fen = 0 AND amount_fen > 0)
        OR (status = 'partly' AND paid_fen > 0 AND paid_fen < amount_fen)
        OR (status = 'paid' AND paid_fen = amount_fen AND amount_fen >= 0)
        OR (status = 'written_off' AND paid_fen < amount_fen)
        OR (status = 'reversed' AND paid_fen = 0))"""
    assert value(anywhere, states) == 0


def test_late_fees_paid_are_the_late_fees_allocated(anywhere: Connection) -> None:
    wrong = """SELECT COUNT(*) FROM (SELECT f.bill_id FROM late_fee f
        LEFT JOIN payment_alloc a ON a.bill_id = f.bill_id GROUP BY f.bill_id, f.paid_fen
        HAVING COALESCE(SUM(a.late_fee_fen), 0) <> f.paid_fen) d"""
    assert value(anywhere, wrong) == 0
    assert value(anywhere, "SELECT COUNT(*) FROM late_fee WHERE accrued_fen > base_fen") == 0
    assert (
        value(anywhere, "SELECT COUNT(*) FROM wx_bill WHERE status = 'paid' AND late_fee <> 0") == 0
    )


def test_each_payment_is_allocated_in_full_or_tops_up_a_balance(anywhere: Connection) -> None:
    wrong = """SELECT COUNT(*) FROM payment p
        LEFT JOIN (SELECT pay_id, SUM(late_fee_fen + principal_fen) AS fen FROM payment_alloc
                   GROUP BY pay_id) a ON a.pay_id = p.pay_id
        LEFT JOIN (SELECT ref_pay_id, SUM(delta_fen) AS fen FROM prepay_ledger WHERE kind = 'topup'
                   GROUP BY ref_pay_id) t ON t.ref_pay_id = p.pay_id
        WHERE COALESCE(a.fen, 0) + COALESCE(t.fen, 0) <> p.amount_fen"""
    assert value(anywhere, wrong) == 0


def test_no_transaction_number_is_booked_twice(anywhere: Connection) -> None:
    found = (
        """SELECT COUNT(channel_txn_no) AS n, COUNT(DISTINCT channel_txn_no) AS d FROM payment"""
    )
    (counted,) = rows(anywhere, found)
    assert counted.n == counted.d > 0
    missing = """SELECT COUNT(*) FROM payment
        WHERE channel = 'wechat_life' AND channel_txn_no IS NULL"""
    assert value(anywhere, missing) == 0


def test_prepaid_balances_follow_from_the_ledger_and_are_never_negative(
    anywhere: Connection,
) -> None:
    ledger, account = T["prepay_ledger"], T["account"]
    balance: dict[str, int] = defaultdict(int)
    for row in anywhere.execute(select(ledger).order_by(ledger.c.acct_no, ledger.c.ledger_id)):
        balance[row.acct_no] += row.delta_fen
        assert row.balance_after_fen == balance[row.acct_no] >= 0
    for row in anywhere.execute(select(account.c.acct_no, account.c.prepaid_fen)):
        assert row.prepaid_fen == balance[row.acct_no], row.acct_no


def test_prepaid_payments_are_the_offsets_of_the_ledger(anywhere: Connection) -> None:
    paid = value(anywhere, "SELECT SUM(amount_fen) FROM payment WHERE channel = 'prepaid'")
    offset = value(anywhere, "SELECT SUM(delta_fen) FROM prepay_ledger WHERE kind = 'offset'")
    assert paid == -offset > 0


def test_nothing_in_the_books_lies_after_the_citys_day(anywhere: Connection) -> None:
    for table, column in (("payment", "paid_at"), ("bill", "opened_at"), ("account", "updated_at")):
        latest = anywhere.execute(select(T[table].c[column]).order_by(T[table].c[column].desc()))
        newest = latest.scalars().first()
        assert newest is not None
        assert newest.date() <= AS_OF
