"""templates/menu.toml as WeChat's menu JSON, for `waterdesk menu push` and `templates check`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.wording import form
from bot.wording.words import read_toml
from dialogs.engine.commands import COMMANDS

MAX_BUTTONS, MAX_SUB_BUTTONS = 3, 5
MAX_NAME_BYTES, MAX_SUB_NAME_BYTES = 16, 60
MAX_KEY_BYTES, MAX_URL_BYTES = 128, 1024
MAX_DOMAINS = 3
# What an entry of each type needs beside its name. WeChat knows more types; of those the bot would
# never hear, or not know what was meant.
TYPES = {"click": ("key",), "view": ("url",), "miniprogram": ("url", "appid", "pagepath")}


def read_menu(folder: Path) -> dict[str, Any]:
    return {"button": read_toml(folder / "menu.toml").get("button", [])}


def problems(folder: Path, dialogs: frozenset[str]) -> list[str]:
    """What WeChat or a citizen would stumble over, in words for whoever edits the file."""
    written = read_toml(folder / "menu.toml")
    if wrong := list(form.faults_of_keys(written)):
        return wrong
    buttons = read_menu(folder)["button"]
    if not _tables(buttons):
        return ["menu.toml：菜单要写成 [[button]]"]
    wrong = [*_problems(buttons, dialogs), *_domains(buttons), *_lost(written, dialogs)]
    return [f"menu.toml：{why}" for why in wrong]


def _problems(buttons: list[dict[str, Any]], dialogs: frozenset[str]) -> Iterator[str]:
    if not 1 <= len(buttons) <= MAX_BUTTONS:
        yield f"有 {len(buttons)} 个按钮，微信只收 1 到 {MAX_BUTTONS} 个"
    for button in buttons:
        subs = button.get("sub_button", [])
        if not _tables(subs):
            yield f"“{button.get('name')}”的子菜单要写成 [[button.sub_button]]"
            continue
        if len(subs) > MAX_SUB_BUTTONS:
            yield f"“{button.get('name')}”有 {len(subs)} 项，微信最多收 {MAX_SUB_BUTTONS} 项"
        yield from _name(button, MAX_NAME_BYTES)
        if subs:
            yield from _two_things(button, subs)
        for leaf in subs or [button]:
            if subs:
                yield from _name(leaf, MAX_SUB_NAME_BYTES)
            yield from _target(leaf, dialogs)


def _two_things(button: dict[str, Any], subs: list[dict[str, Any]]) -> Iterator[str]:
    own = sorted(button.keys() - {"name", "sub_button"})
    if own:
        yield f"“{button.get('name')}”有子菜单，自己就不能有 {'、'.join(own)}，请删去"
    for leaf in subs:
        if leaf.get("sub_button"):
            yield f"“{leaf.get('name')}”下面不能再有子菜单，微信只有两级"


def _domains(buttons: list[dict[str, Any]]) -> Iterator[str]:
    """Those that are not the account's own, of which nothing is known here."""
    leaves = [
        leaf for one in buttons if _tables(one.get("sub_button", [])) for leaf in _leaves(one)
    ]
    linked = {urlsplit(leaf["url"]).hostname for leaf in leaves if isinstance(leaf.get("url"), str)}
    if len(linked - {None}) > MAX_DOMAINS:
        named = "、".join(sorted(host for host in linked if host))
        yield f"网址用了 {len(linked)} 个域名（{named}），微信最多收 {MAX_DOMAINS} 个外部域名"


def _leaves(button: dict[str, Any]) -> list[dict[str, Any]]:
    return button.get("sub_button", []) or [button]


def _lost(written: dict[str, Any], dialogs: frozenset[str]) -> Iterator[str]:
    for old, name in written.get("retired", {}).items():
        if name not in [*dialogs, *COMMANDS]:
            yield f"[retired] {old} 指向的 {name} 既不是业务也不是命令"
    for word, name in written.get("scenes", {}).items():
        if name not in dialogs:
            yield f"[scenes] {word} 指向的 {name} 不是业务"


def _target(leaf: dict[str, Any], dialogs: frozenset[str]) -> Iterator[str]:
    name, kind = leaf.get("name"), leaf.get("type")
    if not isinstance(kind, str) or not kind:
        yield f'“{name}”没有 type，请写 type = "click" 或 "view"'
    elif kind not in TYPES:
        yield f"“{name}”的 type {kind} 这里用不上，能写的是 {'、'.join(TYPES)}"
    elif kind == "click" and leaf.get("key") not in [*dialogs, *COMMANDS]:
        yield f"“{name}”的 key {leaf.get('key', '（没写）')} 既不是业务也不是命令"
    elif kind != "click":
        yield from _address(leaf, TYPES[kind])
    if len(str(leaf.get("key", "")).encode()) > MAX_KEY_BYTES:
        yield f"“{name}”的 key 太长，微信最多 {MAX_KEY_BYTES} 字节"


def _address(leaf: dict[str, Any], needed: tuple[str, ...]) -> Iterator[str]:
    name, url = leaf.get("name"), str(leaf.get("url", ""))
    if not url.startswith(("https://", "http://")) or not urlsplit(url).hostname:
        yield f'“{name}”没有网址，请写 url = "https://…"'
    if len(url.encode()) > MAX_URL_BYTES:
        yield f"“{name}”的网址太长：{len(url.encode())} 字节，微信最多 {MAX_URL_BYTES} 字节"
    for key in needed[1:]:
        if not isinstance(leaf.get(key), str) or not leaf[key]:
            yield f"“{name}”是小程序，还要写 {key}"


def _name(button: dict[str, Any], limit: int) -> Iterator[str]:
    name = button.get("name", "")
    if not isinstance(name, str) or not name:
        yield "有一个按钮没有名称，请写 name"
    elif len(name.encode()) > limit:
        yield (f"“{name}”太长：{len(name.encode())} 字节，微信最多 {limit} 字节（一个汉字 3 字节）")


def _tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)
