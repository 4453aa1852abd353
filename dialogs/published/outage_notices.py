"""Which outage notices 停水公告 matter now and where, and how a dialog remembers one."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from backends.ports import OutageNotice, OutageStatus
from dialogs.engine.definition import Turn

SOON = timedelta(hours=24)
STILL_NEWS = timedelta(hours=24)
SHORTEST_PLACE = 2
LONGEST_PIECE, LONGEST_LINK = 40, 120
UNDER_WAY, OVERDUE, TO_COME, RESTORED, CANCELLED = STANDINGS = (
    "under_way",
    "overdue",
    "to_come",
    "restored",
    "cancelled",
)


def standing(notice: OutageNotice, now: datetime) -> str:
    """One of STANDINGS, or '' when it is no news any more. OVERDUE: the planned end has passed and
    the website has not said that water is back."""
    match notice.status:
        case OutageStatus.RESTORED:
            return RESTORED if notice.ends_at > now - STILL_NEWS else ""
        case OutageStatus.CANCELLED:
            return CANCELLED if notice.ends_at > now else ""
    if notice.starts_at > now:
        return TO_COME
    if notice.ends_at > now:
        return UNDER_WAY
    return OVERDUE if notice.ends_at > now - STILL_NEWS else ""


def current(notices: Iterable[OutageNotice], now: datetime) -> list[OutageNotice]:
    """Those that are news: under way first, then what comes soonest, then what is over."""
    ranked = [
        (STANDINGS.index(how), notice.starts_at, notice.outage_no, notice)
        for notice in notices
        if (how := standing(notice, now))
    ]
    return [notice for *_, notice in sorted(ranked, key=lambda one: one[:3])]


def concerns(notice: OutageNotice, address: str) -> bool:
    """Whether the address holds one of its places."""
    bare = bare_words(address)
    return any(place in bare for place in places(notice))


def places(notice: OutageNotice) -> list[str]:
    """As they are to be looked for in bare words."""
    return [place for place in map(bare_words, notice.places) if _long_enough(place)]


def names(notice: OutageNotice, asked: str) -> bool:
    """Whether it is about what somebody has asked for: a street, a community, a district, or an
    address in one of them."""
    bare = bare_words(asked)
    if not _long_enough(bare):
        return False
    return concerns(notice, asked) or any(
        bare in bare_words(words) for words in (notice.area, *notice.places)
    )


def explains(notices: Iterable[OutageNotice], address: str, now: datetime) -> OutageNotice | None:
    """The one that an address is without water for: under way, or about to begin."""
    for notice in current(notices, now):
        how = standing(notice, now)
        begins = how == UNDER_WAY or (how == TO_COME and notice.starts_at <= now + SOON)
        if begins and concerns(notice, address):
            return notice
    return None


def kept(turn: Turn, notice: OutageNotice, shown: Sequence[str] = ()) -> dict[str, Any]:
    """What is remembered and shown of one. `shown`: the masked accounts that it concerns."""
    return {
        "state": standing(notice, turn.now),
        "kind": notice.kind,
        "extended": notice.status is OutageStatus.EXTENDED,
        "area": notice.area[:LONGEST_PIECE],
        "reason": notice.reason[:LONGEST_PIECE],
        "tips": notice.tips[:LONGEST_PIECE],
        "starts": _minute(turn, notice.starts_at),
        "ends": _minute(turn, notice.ends_at),
        "url": notice.source_url if len(notice.source_url) <= LONGEST_LINK else "",
        "shown": list(shown),
    }


def bare_words(text: str) -> str:
    """Without blanks, punctuation and width, so that `in` finds a street."""
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text))


def _long_enough(bare: str) -> bool:
    return len(bare) >= SHORTEST_PLACE


def _minute(turn: Turn, at: datetime) -> str:
    return at.astimezone(turn.now.tzinfo).isoformat(timespec="minutes")
