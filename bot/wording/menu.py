"""templates/menu.toml as WeChat's menu JSON, for `waterdesk menu push` and `templates check`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.wording.words import read_toml
from dialogs.engine.commands import COMMANDS

MAX_BUTTONS, MAX_SUB_BUTTONS = 3, 5
MAX_NAME_BYTES, MAX_SUB_NAME_BYTES = 16, 60


def read_menu(folder: Path) -> dict[str, Any]:
    return {"button": read_toml(folder / "menu.toml").get("button", [])}


def problems(folder: Path, dialogs: frozenset[str]) -> list[str]:
    """What WeChat or a citizen would stumble over, in words for whoever edits the file."""
    buttons = read_menu(folder)["button"]
    return [f"menu.toml: {why}" for why in _problems(buttons, dialogs)]


def _problems(buttons: list[dict[str, Any]], dialogs: frozenset[str]) -> Iterator[str]:
    if not 1 <= len(buttons) <= MAX_BUTTONS:
        yield f"{len(buttons)} buttons; WeChat takes 1 to {MAX_BUTTONS}"
    for button in buttons:
        subs = button.get("sub_button", [])
        if len(subs) > MAX_SUB_BUTTONS:
            yield f"{button.get('name')} has {len(subs)} entries; WeChat takes {MAX_SUB_BUTTONS}"
        yield from _name(button, MAX_NAME_BYTES)
        for leaf in subs or [button]:
            if subs:
                yield from _name(leaf, MAX_SUB_NAME_BYTES)
            if leaf.get("type") == "click" and leaf.get("key") not in {*dialogs, *COMMANDS}:
                yield f"{leaf.get('name')}: key {leaf.get('key')!r} is no dialog and no command"


def _name(button: dict[str, Any], limit: int) -> Iterator[str]:
    name = button.get("name", "")
    if not name:
        yield "a button has no name"
    if len(name.encode()) > limit:
        yield f"{name} is too long: {len(name.encode())} bytes, WeChat takes {limit}"
