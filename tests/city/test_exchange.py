"""What the exchange views show is what the base tables hold, on every database."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, select

from backends.csms import tables as contract
from sandbox.city.plan import STATIONS
from sandbox.city.schema import metadata
from tests.city.conftest import AS_OF
from tests.city.reading import value

T = metadata.tables


def rows_of(city: Connection, name: str) -> list[Row[Any]]:
    return list(city.execute(select(T[name])))


def cubic_metres(litres: int | None) -> Decimal | None:
    return None if litres is None else Decimal(litres) / 1000


def test_meters_show_the_last_reading_that_counts(anywhere: Connection) -> None:
    newest: dict[str, Row[Any]] = {}
    for reading in anywhere.execute(select(contract.reading)):
        if reading.acct_no not in newest or newest[reading.acct_no].read_on < reading.read_on:
            newest[reading.acct_no] = reading
    accounts = {row.acct_no: row for row in rows_of(anywhere, "account")}
    seen = list(anywhere.execute(select(contract.meter)))
    assert len(seen) == sum(row.status != "closed" for row in accounts.values())
    for meter in seen:
        last = newest.get(meter.acct_no)
        if last is None:
            expected = (0, accounts[meter.acct_no].open_date)
        else:
            expected = (last.value, last.read_on)
        assert (meter.last_value, meter.last_read_on) == expected, meter.acct_no
        assert last is None or last.meter_code == meter.meter_code


def test_the_next_reading_is_the_first_turn_of_the_route_that_is_not_billed(
    anywhere: Connection,
) -> None:
    planned: dict[int, list[date]] = defaultdict(list)
    for turn in rows_of(anywhere, "route_calendar"):
        if turn.status == "planned":
            planned[turn.route_id].append(turn.plan_date)
    routes = {row.acct_no: row.route_id for row in rows_of(anywhere, "account")}
    for meter in anywhere.execute(select(contract.meter)):
        assert meter.next_reading_on == min(planned[routes[meter.acct_no]])
        assert meter.next_reading_on > meter.last_read_on
    assert all(max(days) > AS_OF + timedelta(days=120) for days in planned.values())


def test_planned_turns_alternate_with_the_billed_ones(anywhere: Connection) -> None:
    cycles = {row.route_id: row.cycle for row in rows_of(anywhere, "route")}
    for turn in rows_of(anywhere, "route_calendar"):
        odd = int(turn.period[5:]) % 2 == 1
        assert cycles[turn.route_id] in ("monthly", "odd" if odd else "even")
        assert (turn.status == "billed") == (turn.bill_date <= AS_OF)
        assert turn.plan_date < turn.bill_date < turn.due_date


def test_tiers_show_the_years_use_and_bounds_with_the_growth_of_the_household(
    anywhere: Connection,
) -> None:
    accounts = {row.acct_no: row for row in rows_of(anywhere, "account")}
    changes = {row.acct_no: row for row in rows_of(anywhere, "people_adjust")}
    bounds = Counter()  # type: Counter[tuple[str, int]]
    for tier in anywhere.execute(select(contract.tier)):
        account = accounts[tier.acct_no]
        assert tier.used == cubic_metres(account.tier_cum_l)
        assert (tier.since, tier.tier_period) == (date(AS_OF.year, 1, 1), "year")
        assert tier.since <= tier.as_of <= AS_OF
        if account.use_class != "RES":
            assert (tier.tier1_upto, tier.tier2_upto) == (None, None)
            continue
        assert tier.tier2_upto - tier.tier1_upto == 80
        grown = changes.get(tier.acct_no)
        more = 0 if account.people_count < 5 else 100
        if grown is not None and grown.valid_from.year == AS_OF.year:
            more = (200 * (13 - grown.valid_from.month) + 12) // 24
        assert tier.tier1_upto == 220 + more
        bounds["grown" if 0 < more < 100 else "whole", more] += 1
    assert any(kind == "grown" for kind, _ in bounds)
    assert bounds["whole", 0] > bounds["whole", 100] > 0


def test_readings_that_were_put_right_are_not_shown(anywhere: Connection) -> None:
    shown = Counter((row.acct_no, row.period) for row in anywhere.execute(select(contract.reading)))
    assert set(shown.values()) == {1}
    assert len(shown) == value(anywhere, "SELECT COUNT(*) FROM reading") - 2
    estimates = value(anywhere, "SELECT COUNT(*) FROM wx_reading WHERE is_estimated = 1")
    assert estimates == value(anywhere, "SELECT COUNT(*) FROM bill WHERE is_estimated = 1") - 2


def test_bills_show_the_dial_unless_two_meters_ran(anywhere: Connection) -> None:
    readings = {row.reading_id: row for row in rows_of(anywhere, "reading")}
    stored = {row.bill_no: row for row in rows_of(anywhere, "bill")}
    numbers = {row.bill_id: row.bill_no for row in stored.values()}
    without = 0
    for bill in anywhere.execute(select(contract.bill)):
        reading, row = readings[stored[bill.bill_no].reading_id], stored[bill.bill_no]
        one_meter = reading.swap_l == 0
        expected = (reading.prev_l // 1000, reading.value_l // 1000) if one_meter else (None, None)
        assert (bill.prev_value, bill.value) == expected
        assert bill.corrects_bill_no == numbers.get(row.corrects_bill_id)
        assert bill.is_estimated == row.is_estimated
        without += not one_meter
    assert without > 0


def test_payments_show_their_bills_and_the_books_own_negatives_do_not(
    anywhere: Connection,
) -> None:
    shown = {row.pay_no: row for row in anywhere.execute(select(contract.payment))}
    stored = {row.pay_no: row for row in rows_of(anywhere, "payment")}
    hidden = [row for pay_no, row in stored.items() if pay_no not in shown]
    assert [row.amount_fen < 0 for row in hidden] == [True]
    parts: dict[str, Decimal] = defaultdict(Decimal)
    for part in anywhere.execute(select(contract.payment_bill)):
        parts[part.pay_no] += part.principal + part.late_fee
    assert parts.keys() <= shown.keys()
    for pay_no, payment in shown.items():
        assert payment.amount == Decimal(stored[pay_no].amount_fen).scaleb(-2) > 0
        # The others topped up a balance.
        assert parts.get(pay_no, payment.amount) == payment.amount


def test_six_self_readings_in_a_row_leave_a_visit_and_a_reader_closes_it(
    anywhere: Connection,
) -> None:
    sixth: dict[str, int] = Counter(
        row.acct_no
        for row in rows_of(anywhere, "reading")
        if (row.self_streak, row.source) == (6, "self_wechat")
    )
    visits: dict[str, list[str]] = defaultdict(list)
    for visit in rows_of(anywhere, "visit"):
        visits[visit.acct_no].append(visit.state)
        assert visit.reason == "self6"
        assert (visit.state == "done") == (visit.slot_on is not None)
    assert {acct_no: len(states) for acct_no, states in visits.items()} == dict(sixth)
    for meter in anywhere.execute(select(contract.meter)):
        states = visits.get(meter.acct_no, [])
        assert meter.visit_due == (meter.self_streak == 6) == ("due" in states)


def test_every_area_has_slots_by_day_in_the_evening_and_at_the_weekend(
    anywhere: Connection,
) -> None:
    kinds: dict[str, set[str]] = defaultdict(set)
    for slot in anywhere.execute(select(contract.visit_slot)):
        assert timedelta(0) < slot.slot_on - AS_OF <= timedelta(days=21)
        start, end = (int(edge[:2]) for edge in slot.band.split("-"))
        assert end - start == 2
        assert slot.free >= 0
        weekend = slot.slot_on.weekday() >= 5
        if slot.free:
            kinds[slot.area].add("weekend" if weekend else "evening" if start >= 18 else "day")
    assert len(kinds) == STATIONS
    assert all(found == {"weekend", "evening", "day"} for found in kinds.values())
    areas = set(anywhere.execute(select(contract.meter.c.area)).scalars())
    assert areas == set(kinds)
