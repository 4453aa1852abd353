"""The checks of menu/create: counts, byte lengths, types, addresses. A menu enters; it is kept as
it came, or an ApiError with the platform's code for what is wrong leaves."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sandbox.errcodes import ApiError

_KEY_TYPES = frozenset(
    {"click", "scancode_push", "scancode_waitmsg", "location_select"}
    | {"pic_sysphoto", "pic_photo_or_album", "pic_weixin"}
)
_MEDIA_TYPES = frozenset({"media_id", "view_limited"})
_ARTICLE_TYPES = frozenset({"article_id", "article_view_limited"})
_URL_TYPES = frozenset({"view", "miniprogram"})
_FOREIGN_DOMAINS = 3


class _Codes:
    """The platform has one set of codes for buttons and another for sub-buttons."""

    def __init__(self, kind: int, name: int, key: int, url: int, domain: int) -> None:
        self.kind, self.name, self.key, self.url, self.domain = kind, name, key, url, domain


_TOP = _Codes(kind=40017, name=40018, key=40019, url=40020, domain=40055)
_SUB = _Codes(kind=40024, name=40025, key=40026, url=40027, domain=40054)


def checked(menu: Mapping[str, Any], own_domain: str) -> dict[str, Any]:
    buttons = menu.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise ApiError(40016)
    for button in buttons:
        _check_top(button)
    _check_domains(buttons, own_domain)
    return {"button": buttons}


def _check_top(button: object) -> None:
    if not isinstance(button, Mapping):
        raise ApiError(40035, "a button must be an object")
    _check_name(button, 16, _TOP)
    subs = button.get("sub_button")
    if not subs:
        _check_leaf(button, _TOP)
        return
    if not isinstance(subs, list) or len(subs) > 5:
        raise ApiError(40023)
    for sub in subs:
        if not isinstance(sub, Mapping):
            raise ApiError(40035, "a button must be an object")
        if sub.get("sub_button"):
            raise ApiError(40022)
        _check_name(sub, 60, _SUB)
        _check_leaf(sub, _SUB)


def _check_name(button: Mapping[str, Any], limit_bytes: int, codes: _Codes) -> None:
    name = button.get("name")
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= limit_bytes:
        raise ApiError(codes.name, f"1 to {limit_bytes} bytes")


def _check_leaf(button: Mapping[str, Any], codes: _Codes) -> None:
    kind = button.get("type")
    if kind in _KEY_TYPES:
        _check_sized(button, "key", 128, codes.key)
    elif kind in _URL_TYPES:
        _check_sized(button, "url", 1024, codes.url)
        if urlsplit(button["url"]).scheme not in ("http", "https"):
            raise ApiError(codes.domain)
        if kind == "miniprogram" and not (button.get("appid") and button.get("pagepath")):
            raise ApiError(40035, "a miniprogram button needs appid and pagepath")
    elif kind in _MEDIA_TYPES:
        _check_sized(button, "media_id", 128, 40007)
    elif kind in _ARTICLE_TYPES:
        _check_sized(button, "article_id", 128, 40007)
    else:
        raise ApiError(codes.kind)


def _check_sized(button: Mapping[str, Any], name: str, limit_bytes: int, code: int) -> None:
    value = button.get(name)
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= limit_bytes:
        raise ApiError(code, f"{name} has 1 to {limit_bytes} bytes")


def _check_domains(buttons: list[Mapping[str, Any]], own_domain: str) -> None:
    leaves = [leaf for top in buttons for leaf in (top.get("sub_button") or [top])]
    domains = {urlsplit(leaf["url"]).hostname for leaf in leaves if leaf.get("type") == "view"}
    if len(domains - {own_domain}) > _FOREIGN_DOMAINS:
        raise ApiError(65316)
