"""The situations every chunk of the city must hold, as data: what is set on a plain household.

The first seven, the last eleven and `stopped_arrears` are for the demo and for `examples`;
docs/city.md says what each one shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sandbox.city.days import day_number
from sandbox.city.meters import MECHANICAL, REMOTE_NB
from sandbox.city.plan import Window
from sandbox.city.profiles import (
    CHRONIC,
    CLOSED,
    DISPUTED,
    NOBODY,
    NONRES,
    STOPPED,
    SUSPENDED,
    UNSET,
)
from sandbox.city.readings import VISIT_AFTER_SELF_READINGS

KEEP_NAME = "(keep)"
MONTHLY_ROUTE, MONTH_END_ROUTE, ODD_MONTHS_ROUTE, READING_SOON_ROUTE = range(4)


@dataclass(frozen=True, slots=True)
class Case:
    """`fixed` overwrites columns of `Profiles`; `owner` the name (None: no name on file)."""

    name: str
    accounts: int = 1
    fixed: Mapping[str, int] = field(default_factory=dict)
    owner: str | None = KEEP_NAME
    route: int = MONTHLY_ROUTE
    company: bool = False
    full_width: bool = False


def cases(window: Window) -> tuple[Case, ...]:
    return (
        *_demo(window.as_of),
        *_metering(window),
        *_money(window.as_of),
        *_files(window),
        *_services(),
        *_holders(),
    )


def _closed(day: int, **fixed: int) -> dict[str, int]:
    return {"status": CLOSED, "closed_day": day, **fixed}


def _demo(as_of: int) -> tuple[Case, ...]:
    return (
        Case("nothing_owed", 3),
        Case("one_bill_owed", 3, {"owed_last": 1}),
        Case("several_owed_with_late_fee", 3, {"owed_last": 5}),
        Case("many_owed", 3, {"owed_last": 20}),
        Case("no_owner_name", 3, {"owed_last": 1}, owner=None),
        Case("closed", 3, _closed(as_of - 100)),
        Case(
            "company", 3, {"use_class": NONRES, "owed_last": 1, "monthly_l": 86_000}, company=True
        ),
    )


def _metering(window: Window) -> tuple[Case, ...]:
    grown = {"people": 4, "people_new": 5, "people_from": mid_year(window), "monthly_l": 30_000}
    return (
        Case("rollover", fixed={"digits": 4, "dial_l": 9_900_000}),
        Case("meter_swap", fixed={"swap_month": 12}),
        Case("estimate_corrected", fixed={"monthly_l": 26_000}),
        Case("bill_reversed", fixed={"monthly_l": 26_000}),
        Case("people_extension", fixed=grown),
        Case("price_change"),
        Case("cross_year", route=ODD_MONTHS_ROUTE),
        Case("month_end", route=MONTH_END_ROUTE),
        Case("feb_29", fixed={"open_day": last_leap_day(window)}),
    )


def _money(as_of: int) -> tuple[Case, ...]:
    return (
        Case("prepaid_offset", fixed={"prepayer": 1, "prepaid_fen": 12_345, "owed_last": UNSET}),
        Case("prepaid_balance", fixed={"prepaid_fen": 8_650, "owed_last": 1}),
        Case("payment_reversed", fixed={"owed_last": 1}),
        Case("partly_paid", fixed={"owed_last": 1, "part_paid": 1}),
        Case("merged_payment", fixed={"payer": CHRONIC, "owed_last": UNSET}),
        Case("closed_with_prepaid", fixed=_closed(as_of - 120, prepaid_fen=8_650)),
        Case("closed_with_arrears", fixed=_closed(as_of - 120, owed_last=2)),
        Case("written_off", fixed=_closed(as_of - 400, owed_last=3)),
        Case(
            "stopped_arrears",
            fixed={"status": STOPPED, "idle_from": as_of - 100, "owed_last": 9},
        ),
        Case("suspended", fixed={"status": SUSPENDED, "idle_from": as_of - 200}),
    )


def _files(window: Window) -> tuple[Case, ...]:
    return (
        Case("name_two_characters", owner="王伟"),
        Case("name_three_characters", owner="李秀兰"),
        Case("name_four_characters", owner="欧阳慧敏"),
        Case("name_minority", owner="阿依古丽·买买提"),
        Case("name_rare_character", owner="陈𬭎䶮"),
        Case("twins", 2, owner="张建国"),
        Case("full_width_address", full_width=True),
    )


def _services() -> tuple[Case, ...]:
    by_hand = {"tech": MECHANICAL}
    return (
        Case("self_reading_open", 3, {**by_hand, "self_streak": 2}, route=READING_SOON_ROUTE),
        Case("visit_due", 3, {**by_hand, "self_streak": VISIT_AFTER_SELF_READINGS}),
        Case("tier_two_soon", 3, {"year_l": 212_000}),
        Case("higher_bill", 3, {"monthly_l": 14_000, "last_l": 47_000, "owed_last": 1}),
        Case("remote_meter", 3, {"tech": REMOTE_NB}),
    )


def _holders() -> tuple[Case, ...]:
    """Their real names are verified, without a transfer, unless the case says otherwise."""
    return (
        Case("no_real_name", 3, {"real_name": NOBODY}),
        Case("real_name_on_file", 3),
        Case("transferred_twice", 3, {"handed_on": 2}),
        Case("transferred_three_times", 3, {"handed_on": 3}),
        Case("old_owner_on_file", 3, {"real_name": DISPUTED}),
        Case("spot_check_open", 3, {"tech": MECHANICAL, "checked": 1}),
    )


def mid_year(window: Window) -> int:
    """1 July of the last year of which the window holds July and at least two months more."""
    years = [year for year, month in window.months[:-2] if month == 7]
    return day_number(date(years[-1], 7, 1))


def last_leap_day(window: Window) -> int:
    """The last 29 February before the history begins."""
    first_year, first_month = window.months[0]
    year = first_year if first_month > 6 else first_year - 1
    while year % 4 != 0 or (year % 100 == 0 and year % 400 != 0):
        year -= 1
    return day_number(date(year, 2, 29))
