"""Whether an outage notice 停水公告 is news to a citizen, by what they were last told. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backends.ports import EarlierNotice, OutageNotice, OutageStatus

EMERGENCY = "emergency"
OVER = {
    OutageStatus.RESTORED: "outage_restored",
    OutageStatus.CANCELLED: "outage_cancelled",
}
KINDS = ("outage_planned", "outage_emergency", "outage_changed", *OVER.values())


@dataclass(frozen=True, slots=True)
class Told:
    """`times`: from when until when, as it was told."""

    kind: str
    version: int
    times: tuple[str, str]
    at: datetime


def news(notice: OutageNotice, last: Told | None) -> str:
    """Its kind, '' for none. Who knows of no outage need not hear that it is over; a version that
    changes anything but the times is no reason to ring again."""
    if over := OVER.get(notice.status):
        return over if last and last.kind not in OVER.values() else ""
    if last is None:
        return "outage_emergency" if notice.kind == EMERGENCY else "outage_planned"
    changed = notice.version > last.version and times(view(notice)) != last.times
    return "outage_changed" if changed else ""


def key(notice: OutageNotice, kind: str) -> str:
    return f"{notice.outage_no}:{notice.version}:{kind}"


def last_told(earlier: Iterable[EarlierNotice]) -> Mapping[tuple[str, str], Told]:
    """By citizen and outage. `earlier`: in the order in which it was told."""
    found = {}
    for one in earlier:
        outage_no, version, kind = one.notice.key.rsplit(":", 2)
        told = Told(kind, int(version), times(one.notice.view), one.planned_at)
        found[one.notice.openid, outage_no] = told
    return found


def view(notice: OutageNotice) -> Mapping[str, Any]:
    return {
        "area": notice.area,
        "kind": notice.kind,
        "reason": notice.reason,
        "starts_at": notice.starts_at.isoformat(timespec="minutes"),
        "ends_at": notice.ends_at.isoformat(timespec="minutes"),
        "tips": notice.tips,
        "source_url": notice.source_url,
    }


def times(shown: Mapping[str, Any]) -> tuple[str, str]:
    return shown["starts_at"], shown["ends_at"]
