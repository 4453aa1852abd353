"""Whether any worker is at work, from what they say of themselves in our own database."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from backends.ports import Duty

AWAY_AFTER = timedelta(minutes=2)


def is_away(duty: Duty, last_seen: Mapping[Duty, datetime], now: datetime) -> bool:
    at = last_seen.get(duty)
    return at is None or at < now - AWAY_AFTER


def when_seen(duty: Duty, last_seen: Mapping[Duty, datetime], now: datetime) -> str:
    """`now` gives the time zone."""
    at = last_seen.get(duty)
    return f"last seen {shown(at, now)}" if at else "never seen"


def shown(at: datetime, now: datetime) -> str:
    """To the minute, on the clock of `now`."""
    return f"{at.astimezone(now.tzinfo):%m-%d %H:%M}"
