"""Whether words.toml has its form: tables, lists and texts where they are due. Before anybody
reads it, so that a slip of the pen is named and is no exception. Called by `words` and `check`."""

from collections.abc import Iterator, Mapping
from typing import Any

TABLES = ("titles", "keywords", "commands", "options")
KNOWN = {"numbered_menu", *TABLES, "values"}


def faults(words: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"words.toml：{why}" for why in _faults(words))


def faults_of_keys(menu: Mapping[str, Any]) -> Iterator[str]:
    """The tables beside the buttons in menu.toml: name → dialog."""
    for table in ("retired", "scenes"):
        if not isinstance(menu.get(table, {}), dict):
            yield f"menu.toml：{table} 要写成 [{table}] 表"
        yield from (f"menu.toml：{why}" for why in _texts(table, menu.get(table)))


def twice(words: Mapping[str, Any], table: str) -> Iterator[str]:
    """Words of [keywords] or [commands] that would have to mean two things."""
    meant: dict[str, str] = {}
    for target, names in words[table].items():
        for word in names:
            if (first := meant.setdefault(word, target)) != target:
                yield (
                    f"words.toml：“{word}”在 [{table}] 里写了两处（{first} 和 {target}），"
                    "一个词只能有一个意思，请删去一处"
                )


def _faults(words: Mapping[str, Any]) -> Iterator[str]:
    if "numbered_menu" in words:
        if not _all_texts(words["numbered_menu"]):
            yield 'numbered_menu 要写成业务名的列表，例如 ["arrears", "bind_account"]'
    else:
        yield "缺少 numbered_menu = [...]，要写在第一个 [表] 之前"
    for name in sorted(words.keys() - KNOWN):
        hint = "，现在叫 numbered_menu" if name == "menu" else ""
        yield f"不认识 {name}{hint}；请改名或删去"
    for table in TABLES:
        if not isinstance(words.get(table), dict):
            yield f"缺少 [{table}] 表" if table not in words else f"{table} 要写成 [{table}] 表"
    yield from _texts("titles", words.get("titles"))
    for table in ("keywords", "commands"):
        yield from _lists(table, words.get(table))
    for table, each in (("options", _lists), ("values", _texts)):
        yield from _nested(table, words.get(table), each)


def _nested(table: str, inner: Any, each: Any) -> Iterator[str]:
    if table == "values" and inner is not None and not isinstance(inner, dict):
        yield "values 要写成 [values.名称] 表"
    for name, entries in _entries(inner):
        full = f'{table}."{name}"' if table == "options" else f"{table}.{name}"
        if not isinstance(entries, dict) or not entries:
            yield f"[{full}] 要写成表，里面至少一行"
        yield from each(full, entries)


def _texts(table: str, entries: Any) -> Iterator[str]:
    for name, text in _entries(entries):
        if not isinstance(text, str) or not text.strip():
            yield f'[{table}] {name} 要写成引号里的文字，例如 {name} = "查欠费"'


def _lists(table: str, entries: Any) -> Iterator[str]:
    for name, words in _entries(entries):
        if words == []:
            yield f"[{table}] {name} 是空的，至少要写一个词"
        elif not _all_texts(words):
            yield f'[{table}] {name} 要写成词的列表，例如 {name} = ["好", "好的"]'


def _entries(table: Any) -> Iterator[tuple[str, Any]]:
    yield from table.items() if isinstance(table, dict) else ()


def _all_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(x, str) and x.strip() for x in value)
