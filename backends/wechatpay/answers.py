"""Judges WeChat Pay's answers by status, code and signature.

Enters: status, headers, body. Leaves: the JSON object, or Rejected, or BackendUnavailable. A
refusal (4xx) is not signed: that it came through TLS has to do.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from backends.errors import BackendUnavailable, NotGenuine, Rejected
from backends.wechatpay.fields import Odd, object_in
from backends.wechatpay.genuine import SYSTEM, check
from backends.wechatpay.keys import PlatformKeys

ACCEPTED: Final = 202
"""“Ask the same again”: nobody knows yet whether it is done."""

_LATER = (408, 429)
_CODE = re.compile(r"[A-Z0-9_]{1,64}")
_FIELD = re.compile(r"[A-Za-z0-9_./-]{1,64}")


@dataclass(frozen=True, slots=True)
class Raw:
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def judge(
    raw: Raw, keys: PlatformKeys, now: datetime, *, label: str, after_s: float, carries: bool
) -> Mapping[str, Any]:
    """{} for an answer without a body. `carries`: something may have been done all the same."""
    if raw.status == ACCEPTED or not (200 <= raw.status < 300):
        refuse(raw, label=label, after_s=after_s, carries=carries)
    why = ""
    try:
        check(raw.headers, raw.body, keys, now)
        return object_in(raw.body) if raw.body else {}
    except NotGenuine as error:
        why = f"an answer that is not genuine ({error.why})"
    except Odd:
        why = "an answer that is no JSON object"
    raise BackendUnavailable(SYSTEM, after_s, f"{label}: {why}", sent=carries)


def refuse(raw: Raw, *, label: str, after_s: float, carries: bool) -> None:
    """Of a status that is no success. Always raises."""
    if 400 <= raw.status < 500 and raw.status not in _LATER:
        raise Rejected(SYSTEM, *_refusal(raw))
    why = f"{label}: HTTP status {raw.status}"
    sent = carries and not 300 <= raw.status < 400
    raise BackendUnavailable(SYSTEM, after_s, why, sent=sent)


def _refusal(raw: Raw) -> tuple[str, str]:
    """The code and, of a PARAM_ERROR, the field. WeChat's own words may repeat what was asked."""
    try:
        data = object_in(raw.body)
    except Odd:
        data = {}
    code = data.get("code")
    detail = data.get("detail")
    name = detail.get("field") if isinstance(detail, dict) else None
    known = isinstance(code, str) and _CODE.fullmatch(code)
    where = f" at {name}" if isinstance(name, str) and _FIELD.fullmatch(name) else ""
    return str(code) if known else str(raw.status), f"HTTP status {raw.status}{where}"
