"""Reads the fields of a request one by one: what does not fit is a PARAM_ERROR that names it."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sandbox.pay.errors import bad_field

_LOCAL = ("127.0.0.1", "localhost")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def text(body: Mapping[str, Any], name: str, most: int, *, least: int = 0) -> str:
    """In characters; `least` 0 makes it optional."""
    value = body.get(name)
    if value is None and not least:
        return ""
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise bad_field(f"/{name}", value, f"{name} 应为 {least}–{most} 个字符")
    return value


def number_text(body: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise bad_field(f"/{name}", value, f"{name} 格式错误")
    return value


def group(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    if not isinstance(value, dict):
        raise bad_field(f"/{name}", value, f"{name} 必填")
    return value


def fen(amount: Mapping[str, Any], name: str) -> int:
    value = amount.get(name)
    if type(value) is not int or value < 1:
        raise bad_field(f"/amount/{name}", value, f"{name} 应为不小于 1 的整数")
    return value


def currency(amount: Mapping[str, Any]) -> None:
    if amount.get("currency", "CNY") != "CNY":
        raise bad_field("/amount/currency", amount.get("currency"), "只支持 CNY")


def notify_url(body: Mapping[str, Any], plain_http: bool, *, optional: bool = False) -> str:
    """`plain_http`: over http to this machine will do."""
    value = body.get("notify_url")
    if value is None and optional:
        return ""
    url = urlsplit(value) if isinstance(value, str) else urlsplit("")
    local = plain_http and url.scheme == "http" and url.hostname in _LOCAL
    fits = (url.scheme == "https" or local) and url.hostname
    if not fits or "?" in str(value) or url.fragment or len(str(value)) > 255:
        raise bad_field("/notify_url", value, "通知地址应为不带参数的 https 地址")
    return str(value)


def moment(body: Mapping[str, Any], name: str) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise bad_field(f"/{name}", value, f"{name} 应为 RFC 3339 格式")
    try:
        return datetime.fromisoformat(value).timestamp()
    except ValueError as error:
        raise bad_field(f"/{name}", value, f"{name} 应为 RFC 3339 格式") from error
