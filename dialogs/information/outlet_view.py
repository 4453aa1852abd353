"""Outlets 服务网点 as citizens see them: how far away, and open now or when next."""

import math
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from backends.ports import Outlet, Place

NEAREST = 3
DAYS_AHEAD = 15  # the longest holiday, and a day
EARTH_M = 6_371_000


def districts(outlets: Sequence[Outlet]) -> list[str]:
    """In the order of the file."""
    return list(dict.fromkeys(one.district for one in outlets))


def nearest(outlets: Sequence[Outlet], place: Place) -> list[tuple[Outlet, int]]:
    """The three nearest, each with its distance in metres. The place must have a point."""
    measured = [(one, _distance_m(one, place)) for one in outlets]
    return sorted(measured, key=lambda found: found[1])[:NEAREST]


def view(outlet: Outlet, now: datetime, distance_m: int | None = None) -> dict[str, Any]:
    """`closes` while it is open, else `opens`: when it does so next, None where no day is known."""
    closes = _open_until(outlet, now)
    return {
        "name": outlet.name,
        "address": outlet.address,
        "phone": outlet.phone,
        "hours": outlet.hours_text,
        "services": outlet.services,
        "distance": "" if distance_m is None else _far(distance_m),
        "open": closes is not None,
        "closes": "" if closes in (None, time.max) else f"{closes:%H:%M}",
        "opens": None if closes else _opens_next(outlet, now),
        "today": now.date(),
    }


def _open_until(outlet: Outlet, now: datetime) -> time | None:
    if now.date() in outlet.closed_on:
        return None
    at = now.time()
    spans = [one for one in outlet.hours if now.isoweekday() in one.weekdays]
    return next((one.closes for one in spans if one.opens <= at < one.closes), None)


def _opens_next(outlet: Outlet, now: datetime) -> datetime | None:
    for ahead in range(DAYS_AHEAD):
        day = now.date() + timedelta(days=ahead)
        if day in outlet.closed_on:
            continue
        opens = sorted(one.opens for one in outlet.hours if day.isoweekday() in one.weekdays)
        for at in opens:
            moment = datetime.combine(day, at, now.tzinfo)
            if moment > now:
                return moment
    return None


def _far(distance_m: int) -> str:
    return f"{distance_m}米" if distance_m < 1000 else f"{distance_m / 1000:.1f}公里"


def _distance_m(outlet: Outlet, place: Place) -> int:
    """Along the great circle (haversine)."""
    north, south = math.radians(outlet.latitude), math.radians(place.latitude or 0.0)
    half_lat = (north - south) / 2
    half_lon = math.radians(outlet.longitude - (place.longitude or 0.0)) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(north) * math.cos(south) * math.sin(half_lon) ** 2
    return round(2 * EARTH_M * math.asin(math.sqrt(min(1.0, chord))))
