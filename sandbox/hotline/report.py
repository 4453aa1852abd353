"""A request of the contract, checked: what does not fit is refused with the contract's code."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sandbox.hotline.places import Spot

FAULTS = (
    "BURST",
    "NOWATER_AREA",
    "QUALITY",
    "LEAK_PUBLIC",
    "NOWATER_HOME",
    "PRESSURE",
    "METER",
    "VALVE_BOX",
    "INDOOR",
    "MAINT",
    "ILLEGAL",
)
KINDS = ("fault", "complaint", "consult", "urge", "fault_photo", "rating")
OPENING = ("fault", "complaint", "consult")  # the others are about a ticket that is there
TOPICS = ("bill", "service", "quality", "works", "other")
URGENCIES = ("P1", "P2", "P3", "P4")
SIDES = ("", "before", "after", "unknown")
MOST_FILES = 9
_LONGEST_NUMBER, _LONGEST_TEXT = 20, 200

T = TypeVar("T")


class Malformed(ValueError):
    """Not what the contract describes: 400."""


class Refused(Exception):
    """Understood, and not possible: 422."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class File:
    photo_id: str
    sha256: str
    mime: str
    size_bytes: int
    url: str


@dataclass(frozen=True, slots=True)
class Report:
    """`print`: the same for a repeat. Links of photos are renewed and tickets are joined between
    two tries, so neither counts."""

    number: str
    kind: str
    acct_no: str
    about: str
    payload: Mapping[str, Any]
    at: datetime
    files: tuple[File, ...]

    @property
    def print(self) -> str:
        photos = [file.photo_id for file in self.files]
        what = [self.kind, self.acct_no, self.payload, photos]
        text = json.dumps(what, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def spot(self) -> Spot:
        """Nowhere, for what is about no place."""
        place = self.payload.get("place", {"text": ""})
        return Spot(place["text"], place.get("lat"), place.get("lon"))


def report_in(body: object) -> Report:
    if not isinstance(body, dict):
        raise Malformed("the body must be a JSON object")
    kind = _field(body, "kind", str)
    if kind not in KINDS:
        raise Refused("unknown_kind", "kind must be one of " + ", ".join(KINDS))
    report = Report(
        number=_number(body),
        kind=kind,
        acct_no=_field(body, "acct_no", str),
        about=_field(body, "about", str),
        payload=_field(body, "payload", dict),
        at=_time(body),
        files=tuple(_file(one) for one in _field(body, "files", list)),
    )
    if len(report.files) > MOST_FILES:
        raise Malformed(f"files: {MOST_FILES} at the most")
    _check_payload(report)
    return report


def _check_payload(report: Report) -> None:
    payload = report.payload
    if report.kind in OPENING and report.about:
        raise Malformed("about must be empty for what opens a ticket")
    if report.kind == "fault":
        _check_fault(payload)
    elif report.kind in ("complaint", "consult"):
        _check_words(report.kind, payload)
    elif report.kind == "fault_photo" and not report.files:
        raise Malformed("files must hold a photo")
    elif report.kind == "rating":
        if _field(payload, "score", int) not in range(1, 6):
            raise Malformed("score must be a whole number from 1 to 5")
        _field(payload, "words", str)


def _check_words(kind: str, payload: Mapping[str, Any]) -> None:
    if not 1 <= len(_field(payload, "text", str).strip()) <= _LONGEST_TEXT:
        raise Malformed(f"text must have 1 to {_LONGEST_TEXT} letters")
    if kind == "complaint" and _field(payload, "topic", str) not in TOPICS:
        raise Refused("unknown_topic", "topic must be one of " + ", ".join(TOPICS))


def _check_fault(payload: Mapping[str, Any]) -> None:
    if _field(payload, "fault", str) not in FAULTS:
        raise Refused("unknown_fault", "fault must be one of " + ", ".join(FAULTS))
    for name, allowed in (("urgency", URGENCIES), ("side", SIDES)):
        if _field(payload, name, str) not in allowed:
            raise Malformed(f"{name} must be one of {', '.join(allowed)}")
    for name in ("details", "join"):
        _field(payload, name, str)
    place = _field(payload, "place", dict)
    text = _field(place, "text", str)
    lat, lon = coordinate(place.get("lat"), "lat", 90), coordinate(place.get("lon"), "lon", 180)
    if (lat is None) != (lon is None):
        raise Malformed("lat and lon belong together")
    if lat is None and not text.strip():
        raise Refused("no_place", "the place has neither words nor a point")


def coordinate(value: object, name: str, limit: int) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= limit:
        raise Malformed(f"{name} must be a number from -{limit} to {limit}")
    return float(value)


def _number(body: Mapping[str, Any]) -> str:
    number = _field(body, "number", str)
    if not number.isascii() or not number.isalnum() or len(number) > _LONGEST_NUMBER:
        raise Malformed(f"number must be 1 to {_LONGEST_NUMBER} letters and digits")
    return number


def _time(body: Mapping[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(_field(body, "at", str))
    except ValueError as error:
        raise Malformed("at must be a time of ISO 8601") from error
    if moment.tzinfo is None:
        raise Malformed("at must carry its offset, such as +08:00")
    return moment


def _file(value: object) -> File:
    if not isinstance(value, dict):
        raise Malformed("files must hold objects")
    words = {name: _field(value, name, str) for name in ("photo_id", "sha256", "mime", "url")}
    return File(size_bytes=_field(value, "size_bytes", int), **words)


def _field(holder: Mapping[str, Any], name: str, kind: type[T]) -> T:
    value = holder.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Malformed(f"{name} is missing or of the wrong kind")
    return value
