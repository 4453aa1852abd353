"""Outlets: how far away, and open now or when next."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from backends.ports import Hours, Outlet, Place
from dialogs.information.outlet_view import nearest, view
from tests.town import SHANGHAI

WEEKDAYS = (1, 2, 3, 4, 5)
OUTLET = Outlet(
    name="翠湖营业厅",
    district="城东区",
    address="翠湖路18号",
    phone="0871-65120018",
    hours_text="周一至周五",
    hours=(Hours(WEEKDAYS, time(8, 30), time(12)), Hours(WEEKDAYS, time(13, 30), time(17))),
    closed_on=(date(2026, 11, 24),),
    latitude=25.0,
    longitude=102.0,
    services="",
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In November 2026; the 22nd is a Sunday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "closes", "opens"),
    [
        (at(23, 8, 30), "12:00", None),
        (at(23, 11, 59), "12:00", None),
        (at(23, 12), "", at(23, 13, 30)),
        (at(23, 7), "", at(23, 8, 30)),
        (at(23, 17), "", at(25, 8, 30)),  # the 24th is a holiday
        (at(24, 10), "", at(25, 8, 30)),
        (at(22, 10), "", at(23, 8, 30)),
        (at(27, 18), "", at(30, 8, 30)),
    ],
)
def test_open_now_or_when_next(now: datetime, closes: str, opens: datetime | None) -> None:
    seen = view(OUTLET, now)
    assert (seen["open"], seen["closes"], seen["opens"]) == (bool(closes), closes, opens)


def test_around_the_clock_never_closes() -> None:
    always = replace(OUTLET, hours=(Hours((1, 2, 3, 4, 5, 6, 7), time(0), time.max),))
    seen = view(always, at(22, 23, 59))
    assert (seen["open"], seen["closes"]) == (True, "")


def test_without_hours_it_is_shut_and_nobody_knows_until_when() -> None:
    seen = view(replace(OUTLET, hours=()), at(23, 10))
    assert (seen["open"], seen["opens"]) == (False, None)


def test_the_three_nearest_come_first_with_their_distances() -> None:
    outlets = [replace(OUTLET, name=str(n), latitude=25.0 + n / 100) for n in (3, 1, 0, 2)]
    found = nearest(outlets, Place("", 25.0, 102.0))
    assert [one.name for one, _ in found] == ["0", "1", "2"]
    assert found[0][1] == 0
    assert abs(found[1][1] - 1112) <= 1  # a hundredth of a degree


def test_a_degree_east_is_shorter_the_further_north_it_is() -> None:
    east = replace(OUTLET, longitude=103.0)
    ((_, far_m),) = nearest([east], Place("", 25.0, 102.0))
    assert abs(far_m - 100_776) < 50


@pytest.mark.parametrize(("metres", "said"), [(0, "0米"), (999, "999米"), (1249, "1.2公里")])
def test_distances_are_said_in_metres_or_kilometres(metres: int, said: str) -> None:
    assert view(OUTLET, at(23, 9), metres)["distance"] == said
