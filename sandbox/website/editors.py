"""What the website's editors do: publish an outage, extend it, say that water is back, cancel it;
publish a day's water quality, also with a value missing or a limit exceeded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sandbox.website.store import Item, WebsiteStore

KINDS = ("planned", "emergency")
POINT_KINDS = ("plant", "network", "tap")
RESULTS = ("good", "missing", "exceeded")
OPEN = ("published", "extended")
# The nine items that are published every day: value, unit, limit, and a value beyond the limit.
NINE = (
    ("浑浊度", "0.31", "NTU", "≤1", "1.40"),
    ("色度", "<5", "度", "≤15", "20"),
    ("臭和味", "无", "", "无异臭、异味", "有异味"),
    ("肉眼可见物", "无", "", "无", "有"),
    ("高锰酸盐指数", "0.64", "mg/L", "≤3", "3.8"),
    ("游离氯", "0.42", "mg/L", "0.3-2", "0.10"),
    ("菌落总数", "3", "CFU/mL", "≤100", "160"),
    ("总大肠菌群", "未检出", "", "不得检出", "检出"),
    ("大肠埃希氏菌", "未检出", "", "不得检出", "检出"),
)
MISSING, EXCEEDED = "色度", "浑浊度"


class NotLikeThis(ValueError):
    """What was typed does not do; in words for the editor."""


class NoSuch(LookupError):
    pass


class NotNow(RuntimeError):
    """How the notice stands does not allow it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """`places`: as they stand in addresses."""

    kind: str
    area: str
    places: tuple[str, ...]
    reason: str
    starts_at: datetime
    ends_at: datetime
    tips: str = ""


def publish(store: WebsiteStore, draft: Draft, now: datetime) -> str:
    _check(draft)
    notice_id = store.next_id(f"GW{now:%Y%m%d}")
    notice = {
        "id": notice_id,
        "version": 1,
        "kind": draft.kind,
        "status": "published",
        "area": draft.area.strip(),
        "places": list(draft.places),
        "reason": draft.reason.strip(),
        "starts_at": _stamp(draft.starts_at),
        "ends_at": _stamp(draft.ends_at),
        "tips": draft.tips.strip(),
        "published_at": _stamp(now),
    }
    store.put_notice(notice, now)
    return notice_id


def extend(store: WebsiteStore, notice_id: str, ends_at: datetime, now: datetime) -> None:
    notice = _open(store, notice_id)
    if ends_at <= datetime.fromisoformat(notice["ends_at"]):
        raise NotLikeThis("延长后的恢复时间要比原来的晚")
    _change(store, notice, now, status="extended", ends_at=_stamp(ends_at))


def restore(store: WebsiteStore, notice_id: str, now: datetime) -> None:
    notice = _open(store, notice_id)
    if now < datetime.fromisoformat(notice["starts_at"]):
        raise NotNow("还没有开始停水，只能取消")
    _change(store, notice, now, status="restored", ends_at=_stamp(now))


def cancel(store: WebsiteStore, notice_id: str, now: datetime) -> None:
    _change(store, _open(store, notice_id), now, status="cancelled")


def publish_quality(
    store: WebsiteStore, plant: str, kind: str, result: str, on: date, now: datetime
) -> None:
    if not plant.strip() or kind not in POINT_KINDS or result not in RESULTS:
        raise NotLikeThis("要写明水厂或测点、哪种水、结果怎样")
    store.put_quality([_value(plant.strip(), kind, result, on, *one) for one in NINE], now)


def places_in(words: str) -> tuple[str, ...]:
    return tuple(place for place in re.split(r"[\s、，,；;]+", words) if place)


def _value(
    plant: str, kind: str, result: str, on: date, item: str, good: str, unit: str, limit: str,
    beyond: str,
) -> Item:  # fmt: skip
    missing = result == "missing" and item == MISSING
    exceeded = result == "exceeded" and item == EXCEEDED
    return {
        "date": on.isoformat(),
        "plant": plant,
        "kind": kind,
        "item": item,
        "value": "" if missing else beyond if exceeded else good,
        "unit": unit,
        "limit": limit,
        "ok": None if missing else not exceeded,
    }


def _check(draft: Draft) -> None:
    if draft.kind not in KINDS:
        raise NotLikeThis("类型只能是计划停水或抢修停水")
    if not draft.area.strip():
        raise NotLikeThis("要写明停水的范围")
    if not all(len(place) >= 2 for place in draft.places):
        raise NotLikeThis("路名或小区至少两个字")
    if draft.ends_at <= draft.starts_at:
        raise NotLikeThis("恢复时间要比开始时间晚")


def _open(store: WebsiteStore, notice_id: str) -> Mapping[str, Any]:
    notice = next((one for one in store.notices() if one["id"] == notice_id), None)
    if notice is None:
        raise NoSuch("没有这条公告")
    if notice["status"] not in OPEN:
        raise NotNow("这条公告已经结束了")
    return notice


def _change(store: WebsiteStore, notice: Item, now: datetime, **changes: str) -> None:
    version = notice["version"] + 1
    store.put_notice({**notice, **changes, "version": version, "published_at": _stamp(now)}, now)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
