"""Meters and readings fit together, on every database that the tests can reach."""

from collections import defaultdict
from itertools import pairwise

from sqlalchemy import Connection, select

from sandbox.city.schema import metadata
from tests.city.reading import value

T = metadata.tables


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
