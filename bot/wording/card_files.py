"""Cards as files, templates/pushes/<card>.toml: read as customer service means them, refused in
their words. What its values become is for `card_check`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import staff_file
from bot.staff_file import StaffFileError
from bot.wording.card_fields import form_of
from bot.wording.toml_places import Place, Places, places

MOST_KEYS = 5
MOST_CARDS = 25  # what an account may have of templates
PAGE = "page"
_KNOWN = {"title", "kinds", PAGE, "labels", "fields", "kind"}
Fault = tuple[Place, str]
"""Where, and what is wrong."""


class CardFileError(StaffFileError):
    """A card that cannot be used."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a kind of notice says on its card: key → Jinja, in the template's order. `places`: key →
    where that stands, pushes/due.toml:7."""

    fields: Mapping[str, str]
    page: str
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CardFile:
    """`title`: of the template in WeChat's library. `labels`: key → what it is called there.
    `layouts`: by kind of notice."""

    name: str
    title: str
    labels: Mapping[str, str]
    layouts: Mapping[str, Layout]
    places: Places


def paths(folder: Path) -> list[Path]:
    return sorted((folder / "pushes").glob("*.toml"))


def read(path: Path) -> CardFile:
    """CardFileError names everything that is not of its form."""
    file = f"pushes/{path.name}"
    text = staff_file.read_text(path, CardFileError, when_missing="请补上", file=file)
    written = staff_file.parsed(text, file, CardFileError)
    where = places(file, text)
    if wrong := [f"{where.of(*at)}：{why}" for at, why in _faults(written)]:
        raise CardFileError(*wrong)
    layouts = {kind: _layout(written, kind, where) for kind in written["kinds"]}
    return CardFile(path.stem, written["title"], written["labels"], layouts, where)


def led_to(folder: Path) -> Iterator[tuple[str, str]]:
    """(where it says so, page) of every page that a card leads to, of the files that have their
    form."""
    for path in paths(folder):
        try:
            layouts = read(path).layouts.values()
        except CardFileError:
            continue
        yield from {one.places[PAGE]: one.page for one in layouts if one.page}.items()


def _layout(written: Mapping[str, Any], kind: str, where: Places) -> Layout:
    own, fields = written.get("kind", {}).get(kind, {}), dict(written.get("fields", {}))
    at = {PAGE: (PAGE,), **{key: ("fields", key) for key in fields}}
    if PAGE in own:
        at[PAGE] = ("kind", kind, PAGE)
    for key, text in own.get("fields", {}).items():
        fields[key], at[key] = text, ("kind", kind, "fields", key)
    page = own.get(PAGE, written.get(PAGE, ""))
    stands = {key: where.of(*path) for key, path in at.items()}
    return Layout({key: fields[key] for key in written["labels"]}, page, stands)


def _faults(written: Mapping[str, Any]) -> Iterator[Fault]:
    for name in sorted(written.keys() - _KNOWN):
        yield (name,), f"不认识 {name}，请改名或删去"
    if not _is_text(written.get("title")):
        yield ("title",), 'title 要写成模板库里的标题，例如 title = "水费账单通知"'
    if wrong := [*_form(written), *_form_of_kinds(written.get("kind", {}))]:
        yield from wrong
    else:
        yield from _faults_of_keys(written)


def _form(written: Mapping[str, Any]) -> Iterator[Fault]:
    kinds = written.get("kinds")
    if not isinstance(kinds, list) or not kinds or not all(map(_is_text, kinds)):
        yield ("kinds",), 'kinds 要写成通知的列表，例如 kinds = ["bill_opened"]'
    if not written.get("labels"):
        yield ("labels",), '缺少 [labels] 表：每个键的关键词，例如 thing2 = "账期"'
    for table in ("labels", "fields"):
        yield from _form_of_texts((table,), written.get(table, {}))
    if not isinstance(written.get(PAGE, ""), str):
        yield (PAGE,), "page 要写成页面的名称"


def _form_of_kinds(own: Any) -> Iterator[Fault]:
    if not isinstance(own, dict) or not all(isinstance(one, dict) for one in own.values()):
        yield ("kind",), "kind 要写成 [kind.通知] 和 [kind.通知.fields] 表"
        return
    for kind, one in own.items():
        if not isinstance(one.get(PAGE, ""), str):
            yield ("kind", kind, PAGE), f"[kind.{kind}] page 要写成页面的名称"
        for name in sorted(one.keys() - {PAGE, "fields"}):
            yield ("kind", kind, name), f"[kind.{kind}] 不认识 {name}，请改名或删去"
        yield from _form_of_texts(("kind", kind, "fields"), one.get("fields", {}))


def _form_of_texts(path: Place, table: Any) -> Iterator[Fault]:
    name = ".".join(path)
    if not isinstance(table, dict):
        yield path, f"{name} 要写成 [{name}] 表"
        return
    for key, text in table.items():
        if not isinstance(text, str):
            yield (*path, key), f"[{name}] 的 {key} 要写成引号里的文字"


def _faults_of_keys(written: Mapping[str, Any]) -> Iterator[Fault]:
    labels, kinds, own = written["labels"], written["kinds"], written.get("kind", {})
    shared = written.get("fields", {})
    if len(labels) > MOST_KEYS:
        yield ("labels",), f"[labels] 最多 {MOST_KEYS} 个键"
    for key in labels:
        if form_of(key) is None:
            yield ("labels", key), f"没有 {key} 这种键"
    for kind in own:
        if kind not in kinds:
            yield ("kind", kind), f"[kind.{kind}] 不在 kinds 里，请补上或删去"
    tables: dict[Place, Mapping[str, str]] = {("fields",): shared}
    tables |= {("kind", kind, "fields"): one.get("fields", {}) for kind, one in own.items()}
    for path, fields in tables.items():
        for key in fields.keys() - labels.keys():
            yield (*path, key), f"[{'.'.join(path)}] 的 {key} 不在 [labels] 里"
    for kind in kinds:
        for key in labels.keys() - {*shared, *own.get(kind, {}).get("fields", {})}:
            yield ("labels", key), f"{kind} 没有写 {key}"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
