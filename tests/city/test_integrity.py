"""The checks of the data model, on every database that the tests can reach."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

import pytest
from sqlalchemy import Connection, create_engine, select

from sandbox.city import build
from sandbox.city.schema import metadata
from tests.city.conftest import ACCOUNTS, AS_OF, SEED
from tests.city.reading import rows, value
from tests.city.recount import recount

T = metadata.tables


@pytest.fixture(scope="module")
def built_url(shared_database_url: str) -> str:
    build(shared_database_url, ACCOUNTS, SEED, as_of=AS_OF, progress=False)
    return shared_database_url


@pytest.fixture
def anywhere(built_url: str) -> Iterator[Connection]:
    engine = create_engine(built_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_every_open_account_has_exactly_one_meter_on_the_wall(anywhere: Connection) -> None:
    account, meter = T["account"], T["meter"]
    current = defaultdict(list)
    for row in anywhere.execute(select(meter).where(meter.c.removed_date.is_(None))):
        current[row.acct_no].append(row.meter_id)
    for row in anywhere.execute(select(account)):
        expected = [] if row.status == "closed" else [row.meter_id]
        assert current[row.acct_no] == expected, row.acct_no
        assert (row.meter_id is None) == (row.status == "closed")


def test_meters_of_an_account_follow_each_other_without_overlap(anywhere: Connection) -> None:
    meter = T["meter"]
    statement = select(meter).order_by(meter.c.acct_no, meter.c.install_date)
    found = anywhere.execute(statement).all()
    swaps = 0
    for earlier, later in pairwise(found):
        assert earlier.removed_date is None or earlier.install_date <= earlier.removed_date
        if earlier.acct_no == later.acct_no:
            assert earlier.removed_date == later.install_date
            swaps += 1
    assert swaps == value(anywhere, "SELECT COUNT(*) FROM meter_change") > 0


def test_every_reading_is_of_a_meter_that_hung_there_that_day(anywhere: Connection) -> None:
    wrong = """SELECT COUNT(*) FROM reading r JOIN meter m ON m.meter_id = r.meter_id
        WHERE m.acct_no <> r.acct_no OR r.read_date < m.install_date
        OR r.read_date > m.removed_date"""
    assert value(anywhere, wrong) == 0
    assert value(anywhere, "SELECT COUNT(*) FROM bill") > 25_000
    unread = """SELECT COUNT(*) FROM bill b LEFT JOIN reading r ON r.reading_id = b.reading_id
        WHERE r.acct_no IS NULL OR r.acct_no <> b.acct_no OR r.period <> b.period"""
    assert value(anywhere, unread) == 0


def test_consumption_follows_from_the_dial_and_is_never_negative(anywhere: Connection) -> None:
    wrong = """SELECT COUNT(*) FROM reading WHERE consumption_l < 0 OR swap_l < 0
        OR value_l - prev_l + rollover_l + swap_l <> consumption_l"""
    assert value(anywhere, wrong) == 0


def test_dials_never_show_more_digits_than_they_have(anywhere: Connection) -> None:
    wrong = """SELECT COUNT(*) FROM reading r JOIN meter m ON m.meter_id = r.meter_id
        WHERE r.value_l >= CASE m.digits WHEN 4 THEN 10000000 ELSE 100000000 END
        OR r.value_l < 0 OR r.value_l % m.resolution_l <> 0"""
    assert value(anywhere, wrong) == 0


def test_each_reading_goes_on_where_the_last_one_ended(anywhere: Connection) -> None:
    reading, change = T["reading"], T["meter_change"]
    swaps = {row.acct_no: row for row in anywhere.execute(select(change))}
    statement = (
        select(reading)
        .where(reading.c.quality != "withdrawn")
        .order_by(reading.c.acct_no, reading.c.read_date, reading.c.quality)
    )
    kept = {(row.acct_no, row.period): row for row in anywhere.execute(statement)}
    for before, after in pairwise(kept.values()):
        if before.acct_no != after.acct_no:
            continue
        assert after.prev_date == before.read_date
        if after.meter_id == before.meter_id:
            assert after.prev_l == before.value_l
            assert after.swap_l == 0
            continue
        swap = swaps[after.acct_no]
        assert before.read_date < swap.changed_at <= after.read_date
        assert (before.meter_id, after.meter_id) == (swap.old_meter_id, swap.new_meter_id)
        assert after.prev_l == swap.new_start_l
        assert (after.swap_l - (swap.old_end_l - before.value_l)) % 10_000_000 == 0


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
        WHERE channel LIKE 'wechat%' AND channel_txn_no IS NULL"""
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


def test_self_readings_are_counted_up_to_six_and_then_a_reader_comes(anywhere: Connection) -> None:
    reading = T["reading"]
    statement = (
        select(reading)
        .where(reading.c.quality == "normal")
        .order_by(reading.c.acct_no, reading.c.read_date)
    )
    streak, acct_no, visits = 0, "", 0
    for row in anywhere.execute(statement):
        streak = streak if row.acct_no == acct_no else 0
        visits += streak == 6
        assert not (streak == 6 and row.source == "self_wechat")
        streak = streak + 1 if row.source == "self_wechat" else 0
        assert row.self_streak == streak
        acct_no = row.acct_no
    assert visits > 0


def test_nothing_in_the_books_lies_after_the_citys_day(anywhere: Connection) -> None:
    for table, column in (("payment", "paid_at"), ("bill", "opened_at"), ("account", "updated_at")):
        latest = anywhere.execute(select(T[table].c[column]).order_by(T[table].c[column].desc()))
        newest = latest.scalars().first()
        assert newest is not None
        assert newest.date() <= AS_OF
