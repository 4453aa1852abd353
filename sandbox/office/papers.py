"""Requests as the server wrote them, read into values; what cannot be read is None."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

READING, VISIT, VISIT_CHANGE = "reading", "visit", "visit_change"
_LONGEST_CODE = 32


@dataclass(frozen=True, slots=True)
class ReadingPaper:
    """A reading with photo 自报读数: `value` and `prev_value` are whole m³ of the dial."""

    meter_code: str
    value: int
    prev_value: int
    read_on: date


@dataclass(frozen=True, slots=True)
class VisitPaper:
    """A wish for a slot 预约上门. An empty `visit_no`: the citizen asks for a visit themselves."""

    visit_no: str
    reason: str
    slot_no: str
    on: date
    band: str


def kind_of(row: Row[Any]) -> str:
    """Of a request: some databases pad it, some hands write it large."""
    kind: str = row.kind
    return kind.strip().lower()


def content(payload: str) -> Mapping[str, Any]:
    """The payload's object; an empty one where there is none."""
    try:
        parsed = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def reading_paper(payload: str) -> ReadingPaper | None:
    parsed = content(payload)
    numbers = [parsed.get("value"), parsed.get("prev_value")]
    if not all(type(number) is int and number >= 0 for number in numbers):
        return None
    code, read_on = parsed.get("meter_code"), day_of(parsed.get("read_on"))
    if not is_code(code) or read_on is None:
        return None
    return ReadingPaper(parsed["meter_code"], parsed["value"], parsed["prev_value"], read_on)


def visit_paper(payload: str) -> VisitPaper | None:
    parsed = content(payload)
    visit_no, reason = parsed.get("visit_no"), parsed.get("reason", "no_read")
    words = [parsed.get("slot_no"), parsed.get("band"), reason, *([visit_no] if visit_no else [])]
    on = day_of(parsed.get("on"))
    if on is None or visit_no is None or not all(is_code(word) for word in words):
        return None
    return VisitPaper(visit_no, reason, parsed["slot_no"], on, parsed["band"])


def is_code(value: object) -> bool:
    """Short and plain: it goes into statements, and some databases choke on control characters."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_CODE and value.isprintable()


def day_of(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
