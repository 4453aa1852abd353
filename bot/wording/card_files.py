"""Cards as files, templates/pushes/<card>.toml: read as customer service means them, refused in
their words. What its values become is for `card_check`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import staff_file
from bot.staff_file import StaffFileError
from bot.wording.card_fields import form_of

MOST_KEYS = 5
MOST_CARDS = 25  # what an account may have of templates
_KNOWN = {"title", "kinds", "page", "labels", "fields", "kind"}


class CardFileError(StaffFileError):
    """A card that cannot be used."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a kind of notice says on its card: key → Jinja, in the template's order."""

    fields: Mapping[str, str]
    page: str


@dataclass(frozen=True, slots=True)
class CardFile:
    """`title`: of the template in WeChat's library. `labels`: key → what it is called there.
    `layouts`: by kind of notice."""

    name: str
    title: str
    labels: Mapping[str, str]
    layouts: Mapping[str, Layout]


def paths(folder: Path) -> list[Path]:
    return sorted((folder / "pushes").glob("*.toml"))


def read(path: Path) -> CardFile:
    """CardFileError names everything that is not of its form."""
    written = staff_file.read_toml(path, CardFileError, when_missing="请补上")
    if wrong := list(_faults(written)):
        raise CardFileError(*(f"pushes/{path.name}：{why}" for why in wrong))
    labels, own = written["labels"], written.get("kind", {})
    layouts = {kind: _layout(written, labels, own.get(kind, {})) for kind in written["kinds"]}
    return CardFile(path.stem, written["title"], labels, layouts)


def led_to(folder: Path) -> Iterator[tuple[str, str]]:
    """(card, page) of every page that a card leads to, of the files that have their form."""
    for path in paths(folder):
        try:
            card = read(path)
        except CardFileError:
            continue
        for page in sorted({one.page for one in card.layouts.values() if one.page}):
            yield card.name, page


def _layout(
    written: Mapping[str, Any], labels: Mapping[str, str], own: Mapping[str, Any]
) -> Layout:
    fields = {**written.get("fields", {}), **own.get("fields", {})}
    return Layout({key: fields[key] for key in labels}, own.get("page", written.get("page", "")))


def _faults(written: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"不认识 {name}，请改名或删去" for name in sorted(written.keys() - _KNOWN))
    if not _is_text(written.get("title")):
        yield 'title 要写成模板库里的标题，例如 title = "水费账单通知"'
    kinds = written.get("kinds")
    if not isinstance(kinds, list) or not kinds or not all(map(_is_text, kinds)):
        yield 'kinds 要写成通知的列表，例如 kinds = ["bill_opened"]'
        return
    labels = written.get("labels")
    if not _are_texts(labels) or not labels:
        yield '缺少 [labels] 表：每个键的关键词，例如 thing2 = "账期"'
        return
    if len(labels) > MOST_KEYS:
        yield f"[labels] 最多 {MOST_KEYS} 个键"
    yield from (f"没有 {key} 这种键" for key in labels if form_of(key) is None)
    yield from _faults_of_fields(written, kinds, labels)


def _faults_of_fields(
    written: Mapping[str, Any], kinds: list[str], labels: Mapping[str, str]
) -> Iterator[str]:
    shared, own = written.get("fields", {}), written.get("kind", {})
    if not isinstance(own, dict) or not all(isinstance(one, dict) for one in own.values()):
        yield "kind 要写成 [kind.通知] 和 [kind.通知.fields] 表"
        return
    for kind in sorted(own.keys() - set(kinds)):
        yield f"[kind.{kind}] 不在 kinds 里，请补上或删去"
    tables = {
        "fields": shared,
        **{f"kind.{kind}.fields": one.get("fields", {}) for kind, one in own.items()},
    }
    for table, fields in tables.items():
        if not _are_texts(fields):
            yield f"[{table}] 要写成 键 = 文字 的表"
            return
        yield from (f"[{table}] 的 {key} 不在 [labels] 里" for key in fields.keys() - labels.keys())
    for where, one in {
        "": written,
        **{f"[kind.{kind}] ": one for kind, one in own.items()},
    }.items():
        if not isinstance(one.get("page", ""), str):
            yield f"{where}page 要写成页面的名称"
    for kind in kinds:
        there = {*shared, *own.get(kind, {}).get("fields", {})}
        yield from (f"{kind} 没有写 {key}" for key in labels if key not in there)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_texts(table: object) -> bool:
    return isinstance(table, dict) and all(isinstance(text, str) for text in table.values())
