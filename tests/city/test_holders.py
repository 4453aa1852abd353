"""Who holds an account: real names, transfers and the benefit; and spot checks of its meter."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Row, select

from backends.csms import tables as contract
from sandbox.city.schema import metadata
from tests.city.conftest import AS_OF
from tests.city.reading import planted, value

T = metadata.tables


def by_account(city: Connection, name: str) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    table = T[name]
    for row in city.execute(select(table).order_by(*table.primary_key.columns)):
        found[row.acct_no].append(row)
    return found


def test_at_most_one_real_name_is_current_and_it_is_the_account_s_customer(
    city: Connection,
) -> None:
    owners = {row.acct_no: row.cust_id for row in city.execute(select(T["account"]))}
    for acct_no, names in by_account(city, "real_name").items():
        current = [name for name in names if name.state == "current"]
        assert len(current) <= 1
        assert all(name.cust_id == owners[acct_no] for name in current)
        assert all(name.verified_on <= AS_OF and name.verified_by for name in current)
        claims = [name for name in names if name.state == "pending"]
        assert all(name.verified_on is None and name.verified_by is None for name in claims)
        assert all((name.cust_id == owners[acct_no]) == (not current) for name in claims)


def test_an_approved_transfer_leaves_one_current_real_name_and_the_former_in_history(
    city: Connection,
) -> None:
    names = by_account(city, "real_name")
    transfers = by_account(city, "transfer")
    assert len(transfers) > 30
    for acct_no, chain in transfers.items():
        days = [transfer.done_on for transfer in chain]
        assert days == sorted(days)
        assert days[-1] <= AS_OF
        assert [t.to_cust for t in chain[:-1]] == [t.from_cust for t in chain[1:]]
        (current,) = [name for name in names[acct_no] if name.state == "current"]
        assert (current.cust_id, current.verified_on) == (chain[-1].to_cust, days[-1])
        history = [name for name in names[acct_no] if name.state == "history"]
        assert [(n.cust_id, n.ended_on) for n in history] == [
            (t.from_cust, t.done_on) for t in chain
        ]
        assert all(name.verified_on <= name.ended_on for name in history)


def test_no_account_has_more_than_two_benefits_in_a_calendar_year(city: Connection) -> None:
    for chain in by_account(city, "transfer").values():
        for year in {transfer.done_on.year for transfer in chain}:
            of_year = [t.benefit_seq for t in chain if t.done_on.year == year]
            assert of_year == [1, 2, *[0] * len(of_year)][: len(of_year)]


def test_customers_who_are_named_in_transfers_and_claims_are_on_file(city: Connection) -> None:
    known = set(city.execute(select(T["customer"].c.cust_id)).scalars())
    parties = {
        cust_id
        for transfer in city.execute(select(T["transfer"]))
        for cust_id in (transfer.from_cust, transfer.to_cust)
    }
    named = set(city.execute(select(T["real_name"].c.cust_id)).scalars())
    assert parties | named <= known
    nameless = "SELECT COUNT(*) FROM wx_real_name WHERE holder_name IS NULL"
    assert value(city, nameless) == 0


def test_the_view_of_real_names_counts_the_benefits_of_this_calendar_year(
    anywhere: Connection,
) -> None:
    used = Counter(
        transfer.acct_no
        for transfer in anywhere.execute(select(T["transfer"]))
        if transfer.done_on.year == AS_OF.year and transfer.benefit_seq
    )
    current = {
        row.acct_no: row
        for row in anywhere.execute(select(T["real_name"]))
        if row.state == "current"
    }
    seen = list(anywhere.execute(select(contract.real_name)))
    assert {row.acct_no for row in seen} == set(current)
    for row in seen:
        assert (row.benefits_used, row.benefits_allowed) == (used[row.acct_no], 2)
        assert row.since == current[row.acct_no].verified_on
    assert max(used.values()) == 2


@pytest.mark.parametrize(
    ("case", "transfers", "used", "states"),
    [
        ("no_real_name", 0, None, set()),
        ("real_name_on_file", 0, 0, {"current"}),
        ("transferred_twice", 2, 2, {"current", "history"}),
        ("transferred_three_times", 3, 2, {"current", "history"}),
        ("old_owner_on_file", 0, 0, {"current", "pending"}),
    ],
)
def test_planted_holders_are_what_their_case_says(
    city: Connection, case: str, transfers: int, used: int | None, states: set[str]
) -> None:
    made, names = by_account(city, "transfer"), by_account(city, "real_name")
    view = {row.acct_no: row.benefits_used for row in city.execute(select(contract.real_name))}
    for acct_no in planted(city, case):
        assert len(made[acct_no]) == transfers
        assert all(transfer.done_on.year == AS_OF.year for transfer in made[acct_no])
        assert {name.state for name in names[acct_no]} == states
        assert view.get(acct_no) == used


def test_planted_households_of_other_cases_have_not_changed_hands(city: Connection) -> None:
    made = by_account(city, "transfer")
    assert all(acct_no not in made for acct_no in planted(city, "nothing_owed"))


def test_spot_checks_are_open_until_they_are_answered_or_late(city: Connection) -> None:
    for check in city.execute(select(T["spot_check"])):
        assert check.answer_by == check.drawn_on + timedelta(days=7)
        assert AS_OF - timedelta(days=366) < check.drawn_on <= AS_OF
        closed = check.state == "closed"
        assert closed == (check.closed_on is not None) == (check.result is not None)
        assert not closed or check.drawn_on < check.closed_on <= AS_OF
        if check.state == "open":
            assert check.answer_by >= AS_OF
        assert (check.value is None) == (check.state == "open" or check.result == "no_answer")


def test_what_a_spot_check_saw_lies_between_the_readings_around_it(city: Connection) -> None:
    readings: dict[int, list[Row[Any]]] = defaultdict(list)
    for reading in city.execute(select(T["reading"]).order_by(T["reading"].c.read_date)):
        readings[reading.meter_id].append(reading)
    judged = 0
    for check in city.execute(select(T["spot_check"]).where(T["spot_check"].c.result == "ok")):
        before = [r for r in readings[check.meter_id] if r.read_date <= check.drawn_on]
        after = [r for r in readings[check.meter_id] if r.read_date > check.closed_on]
        if before and after and not after[0].rollover_l:
            judged += 1
            assert before[-1].value_l // 1000 <= check.value <= after[0].value_l // 1000
    assert judged > 5


def test_the_view_names_the_meter_that_hung_there(anywhere: Connection) -> None:
    meters = {meter.barcode: meter for meter in anywhere.execute(select(T["meter"]))}
    seen = list(anywhere.execute(select(contract.spot_check)))
    assert len(seen) == value(anywhere, "SELECT COUNT(*) FROM spot_check")
    for check in seen:
        meter = meters[check.meter_code]
        assert meter.acct_no == check.acct_no
        assert meter.install_date <= check.drawn_on < (meter.removed_date or date.max)


def test_an_open_spot_check_is_planted_to_be_answered_within_days(city: Connection) -> None:
    for acct_no in planted(city, "spot_check_open"):
        statement = select(contract.spot_check).where(contract.spot_check.c.acct_no == acct_no)
        (check,) = city.execute(statement)
        assert check.state == "open"
        assert check.answer_by == AS_OF + timedelta(days=3)
