"""The city is like a real one: the published and the simulated shares, within honest margins."""

from collections.abc import Iterator

import numpy as np
import pytest
from sqlalchemy import Connection, create_engine

from sandbox.city import build
from sandbox.city.usage import SEASON, business_m3, household_m3
from tests.city.conftest import AS_OF
from tests.city.reading import rows, value


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """6,000 accounts: enough for shares of a few per cent."""
    url = f"sqlite:///{tmp_path_factory.mktemp('large') / 'csms.sqlite3'}"
    build(url, 6_000, 11, as_of=AS_OF, progress=False)
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def share(city: Connection, condition: str, *, of: str) -> float:
    picked = f"SELECT AVG(CASE WHEN {condition} THEN 1.0 ELSE 0.0 END) FROM {of}"  # noqa: S608
    return float(value(city, picked))


def test_monthly_household_volumes_fall_into_the_surveyed_bands() -> None:
    volumes = household_m3(np.random.default_rng(1), 40_000, 12)
    edges = [0, 5, 10, 20, 30, np.inf]
    found = np.histogram(volumes, edges)[0] / volumes.size
    assert found == pytest.approx([0.209, 0.383, 0.313, 0.07, 0.03], abs=0.01)
    assert float(np.median(volumes)) == pytest.approx(8.63, rel=0.03)


def test_households_of_one_year_use_what_the_simulation_says() -> None:
    year = (household_m3(np.random.default_rng(2), 40_000, 12) * SEASON).sum(axis=1)
    assert float(np.median(year)) == pytest.approx(109, rel=0.05)
    assert float(year.mean()) == pytest.approx(131.5, rel=0.05)
    assert float(np.quantile(year, 0.9)) == pytest.approx(239, rel=0.07)
    tiers = [float(np.mean(year <= 220)), float(np.mean(year <= 300))]
    assert tiers == pytest.approx([0.875, 0.95], abs=0.02)


def test_businesses_use_25_cubic_metres_in_the_middle_and_one_in_a_hundred_over_1000() -> None:
    volumes = business_m3(np.random.default_rng(3), 40_000, 12)
    assert float(np.median(volumes)) == pytest.approx(25, rel=0.05)
    assert float(np.mean(volumes > 1000)) == pytest.approx(0.01, abs=0.003)


@pytest.mark.parametrize(
    ("condition", "expected", "margin"),
    [
        ("use_class = 'RES'", 0.905, 0.015),
        ("use_class = 'NONRES'", 0.08, 0.013),
        ("status = 'active'", 0.955, 0.012),
        ("status = 'closed'", 0.028, 0.009),
        ("owner_name IS NULL", 0.012, 0.006),
        ("prepaid_fen > 0", 0.17, 0.02),
        ("paper_bill = 1", 0.70, 0.03),
    ],
)
def test_accounts_have_the_shares_of_the_model(
    large: Connection, condition: str, expected: float, margin: float
) -> None:
    assert share(large, condition, of="account") == pytest.approx(expected, abs=margin)


def test_real_names_are_on_file_as_often_as_in_the_model(large: Connection) -> None:
    standing = """(SELECT COUNT(CASE r.state WHEN 'current' THEN 1 END) AS held,
        COUNT(CASE r.state WHEN 'pending' THEN 1 END) AS claimed
        FROM account a LEFT JOIN real_name r ON r.acct_no = a.acct_no GROUP BY a.acct_no) s"""
    verified = share(large, "held = 1 AND claimed = 0", of=standing)
    assert verified == pytest.approx(0.70, abs=0.02)
    assert share(large, "held = 0 AND claimed = 0", of=standing) == pytest.approx(0.27, abs=0.02)
    assert 0.01 < share(large, "held = 1 AND claimed = 1", of=standing) < 0.03
    assert 0.003 < share(large, "held = 0 AND claimed = 1", of=standing) < 0.02


def test_households_change_hands_as_often_as_in_the_model(large: Connection) -> None:
    """In 2025, a year that the window holds whole; planted ones changed hands in 2026."""
    times = """(SELECT COUNT(t.transfer_id) AS times FROM account a
        LEFT JOIN transfer t ON t.acct_no = a.acct_no AND t.done_on BETWEEN '2025-01-01' AND
        '2025-12-31' WHERE a.use_class = 'RES' AND a.status = 'active' GROUP BY a.acct_no) h"""
    assert share(large, "times >= 1", of=times) == pytest.approx(0.018, abs=0.006)
    assert 0 < share(large, "times >= 2", of=times) < 0.008
    assert share(large, "returned_for IS NOT NULL", of="transfer") == pytest.approx(0.06, abs=0.05)
    assert share(large, "kind = 'sale'", of="transfer") == pytest.approx(0.71, abs=0.1)


def test_spot_checks_are_drawn_and_answered_as_often_as_in_the_model(large: Connection) -> None:
    drawn = value(large, "SELECT COUNT(*) FROM spot_check") / 12 / 6_000
    assert drawn == pytest.approx(0.005, abs=0.001)
    assert share(
        large, "result <> 'no_answer'", of="spot_check WHERE state = 'closed'"
    ) == pytest.approx(0.26, abs=0.08)
    assert share(large, "result = 'ok'", of="spot_check WHERE value IS NOT NULL") == pytest.approx(
        0.88, abs=0.12
    )


def test_four_in_five_customers_have_a_mobile_on_file_and_it_is_a_mobile(large: Connection) -> None:
    assert share(large, "mobile IS NOT NULL", of="wx_account") == pytest.approx(0.82, abs=0.02)
    assert share(large, "mobile GLOB '1[3-9]*' AND LENGTH(mobile) = 11",
                 of="wx_account WHERE mobile IS NOT NULL") == 1.0  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected", "margin"),
    [
        ("reader", 0.39, 0.03),
        ("remote", 0.49, 0.03),
        ("self_wechat", 0.075, 0.02),
        ("estimate", 0.036, 0.012),
        ("system", 0.01, 0.004),
    ],
)
def test_readings_come_from_the_sources_of_the_model(
    large: Connection, source: str, expected: float, margin: float
) -> None:
    found = share(large, f"source = '{source}'", of="reading")
    assert found == pytest.approx(expected, abs=margin)


def test_some_homes_stand_empty_and_are_billed_nothing(large: Connection) -> None:
    assert 0.025 < share(large, "consumption_l = 0", of="reading") < 0.085


def test_bills_are_paid_as_fast_as_in_the_model(large: Connection) -> None:
    """Of bills old enough to judge, by days after opening."""
    days = "JULIANDAY(DATE(p.paid_at)) - JULIANDAY(DATE(b.opened_at))"
    found = rows(
        large,
        f"SELECT {days} AS days FROM bill b "  # noqa: S608 - our own words
        "LEFT JOIN payment_alloc a ON a.bill_id = b.bill_id "
        "LEFT JOIN payment p ON p.pay_id = a.pay_id "
        "WHERE b.amount_fen > 0 AND b.opened_at < '2026-05-20' AND b.status <> 'reversed'",
    )
    delays = np.array([9_999 if row.days is None else row.days for row in found])
    expected = {0: 0.18, 1: 0.276, 3: 0.414, 7: 0.568, 15: 0.787, 30: 0.949, 180: 0.993}
    paid = {day: float(np.mean(delays <= day)) for day in expected}
    assert paid == pytest.approx(expected, abs=0.04)


def test_about_four_in_a_hundred_households_are_overdue(large: Connection) -> None:
    overdue = """(SELECT a.acct_no, COUNT(r.bill_id) AS bills FROM account a
        LEFT JOIN arrears r ON r.acct_no = a.acct_no
        WHERE a.use_class = 'RES' GROUP BY a.acct_no) h"""
    # With some 20 routes it matters which of them have just fallen due; a million has 4.4 %.
    assert 0.025 < share(large, "bills >= 1", of=overdue) < 0.065
    assert 0.006 < share(large, "bills >= 2", of=overdue) < 0.022


def test_two_monthly_household_bills_are_as_high_as_simulated(large: Connection) -> None:
    """The simulation has the prices before the change: 3.45 yuan in tier 1, not 3.66."""
    found = rows(
        large,
        "SELECT b.amount_fen FROM bill b JOIN account a ON a.acct_no = b.acct_no "
        "JOIN route r ON r.route_id = a.route_id WHERE r.cycle <> 'monthly' "
        "AND a.use_class = 'RES' AND b.status <> 'reversed' "
        "AND b.period BETWEEN '2025-08' AND '2026-07'",
    )
    yuan = np.array([row.amount_fen for row in found]) / 100 * 3.45 / 3.66
    assert float(np.median(yuan)) == pytest.approx(62.10, rel=0.12)
    assert float(yuan.mean()) == pytest.approx(79.17, rel=0.15)


def test_meters_roll_over_and_are_swapped_as_often_as_in_the_model(large: Connection) -> None:
    rolled = share(large, "rollover_l > 0", of="reading")
    assert 0.00005 < rolled < 0.0006
    swapped = value(large, "SELECT COUNT(*) FROM meter_change") / 6_000
    assert swapped == pytest.approx(2 * (1 / 6 + 0.012), abs=0.05)


def test_names_are_two_to_four_characters_or_carry_a_dot(large: Connection) -> None:
    persons = "customer WHERE kind = 'person' AND name IS NOT NULL"
    assert share(large, "LENGTH(name) BETWEEN 2 AND 4 OR name LIKE '%·%'", of=persons) == 1.0
    assert share(large, "LENGTH(name) = 3", of=persons) == pytest.approx(0.81, abs=0.03)
    assert 0 < share(large, "name LIKE '%·%'", of=persons) < 0.03


def test_some_addresses_are_written_in_full_width_digits(large: Connection) -> None:
    wide = share(large, "address LIKE '%１%' OR address LIKE '%０%'", of="account")
    assert wide == pytest.approx(0.03, abs=0.012)
