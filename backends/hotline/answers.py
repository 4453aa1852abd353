"""Judges the hotline's answers, and reads values from them: nothing is believed unchecked.

Enters: status and body. Leaves: the JSON object, or Rejected, or BackendUnavailable.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from backends.errors import BackendUnavailable, Rejected

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_LONGEST_REASON = 200
_SHORTEST_PRIVATE = 2

# Without these words whoever reads the log would look for the mistake in the network.
_REMEDIES: Final = {
    "bad_signature": "WATERDESK_HOTLINE_SECRET is not the hotline's, or a proxy changes the path",
    "bad_time": "this server's clock and the hotline's differ: set both by NTP",
}
_REMEDY = "check WATERDESK_HOTLINE_SECRET, this server's clock, and whom the hotline lets in"


@dataclass(frozen=True, slots=True)
class Raw:
    """`wait`: what Retry-After said."""

    path: str
    status: int
    body: bytes = field(repr=False)
    wait: str = ""


class Odd(ValueError):
    """A value that is missing or is not what the contract says. Names the field only."""


def judge(
    system: str, raw: Raw, after_s: float, *, carries: bool, private: tuple[str, ...]
) -> Mapping[str, Any]:
    data = _object_in(raw.body)
    if raw.status in (200, 201) and data is not None:
        return data
    if raw.status in (400, 422) and data is not None and _word(data.get("code")):
        raise Rejected(system, _word(data.get("code")), _told(data.get("reason"), private))
    why, done = _trouble(raw, data)
    raise BackendUnavailable(system, after_s, f"{raw.path}: {why}", sent=done and carries)


def _trouble(raw: Raw, data: Mapping[str, Any] | None) -> tuple[str, bool]:
    """Why, and whether the call may have been carried out nevertheless."""
    status = f"HTTP status {raw.status}"
    if raw.status in (200, 201):
        return f"{len(raw.body)} bytes that are not a JSON object", True
    if raw.status in (401, 403):
        return f"{status}: {_REMEDIES.get(_word((data or {}).get('code')), _REMEDY)}", False
    if raw.status == 429:
        wait = f", again after {raw.wait} s" if raw.wait.isdecimal() else ""
        return f"{status}: too many calls{wait}", False
    if raw.status == 404:
        return f"{status}: is WATERDESK_HOTLINE_URL the address before /v1?", False
    if 300 <= raw.status < 400:
        return f"{status}: redirects are not followed; set WATERDESK_HOTLINE_URL to where", False
    return status, raw.status >= 500 or raw.status in (408, 409) or raw.status < 300


def text(data: Mapping[str, Any], name: str, *, longest: int = 500, empty: bool = False) -> str:
    value = data.get(name)
    if not isinstance(value, str) or len(value) > longest or not (value.strip() or empty):
        raise Odd(name)
    return value


def text_or_none(data: Mapping[str, Any], name: str) -> str:
    """Absent and null are no text."""
    return "" if data.get(name) is None else text(data, name, empty=True)


def whole(data: Mapping[str, Any], name: str) -> int:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Odd(name)
    return value


def whole_or_none(data: Mapping[str, Any], name: str) -> int | None:
    return None if data.get(name) is None else whole(data, name)


def flag(data: Mapping[str, Any], name: str) -> bool:
    value = data.get(name)
    if not isinstance(value, bool):
        raise Odd(name)
    return value


def moment(data: Mapping[str, Any], name: str) -> datetime:
    try:
        value = datetime.fromisoformat(text(data, name))
        if value.tzinfo is not None:
            return value.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        pass
    raise Odd(name)


def part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name)
    if not isinstance(value, dict):
        raise Odd(name)
    return value


def parts(data: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    value = data.get(name)
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Odd(name)
    return value


def parts_if_any(data: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    return parts(data, name) if name in data else ()


def _object_in(body: bytes) -> Mapping[str, Any] | None:
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _word(value: object) -> str:
    return value if isinstance(value, str) and re.fullmatch(r"[a-z0-9_]{1,40}", value) else ""


def _told(reason: object, private: tuple[str, ...]) -> str:
    """The hotline's reason on one line, without what it repeats of the call."""
    words = reason if isinstance(reason, str) else ""
    for secret in sorted(private, key=len, reverse=True):
        if len(secret) >= _SHORTEST_PRIVATE:
            words = words.replace(secret, "***")
    return " ".join(words.split())[:_LONGEST_REASON]
