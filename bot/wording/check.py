"""Everything wrong with customer service's files, for `waterdesk templates check` and `check`."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot import content_files
from bot.wording import form, landing, menu, vocabulary
from bot.wording.card_check import CardCheck
from bot.wording.card_files import led_to
from bot.wording.templates import TemplateFiles
from bot.wording.words import WordingError, as_wording, read_contract, read_words
from dialogs import REGISTRY
from dialogs.engine import shape
from dialogs.engine.readers import position

_LINK = re.compile(r"""quick_reply\(\s*(?:"([^"\n]*)"|'([^'\n]*)')\s*,""")

UNHEARD = "没有人听得懂，请改成 words.toml 里有的词"


def problems(folder: Path) -> list[str]:
    """One line each, in words for whoever edits the files; empty when all is well."""
    found: list[str] = []
    words = contract = None
    try:
        words = read_words(folder)
        found += _of_words(words)
    except WordingError as error:
        found += error.problems
    try:
        contract = read_contract(folder)
    except WordingError as error:
        found += error.problems
    if words is not None and contract is not None:
        values = words.get("values", {})
        found += _of_replies(TemplateFiles(folder, contract, values, _keep_quiet), words)
        found += CardCheck(contract, values).problems(folder)
        found += of_pages(folder, vocabulary.heard(words))
    found += content_files.problems(folder / "content")
    try:
        found += menu.problems(folder, frozenset(REGISTRY))
    except WordingError as error:
        found += error.problems
    return found


def _of_words(words: Mapping[str, Any]) -> Iterator[str]:
    yield from form.twice(words, "keywords")
    yield from form.twice(words, "commands")
    yield from vocabulary.faults(words)
    yield from shape.missing_words(REGISTRY, as_wording(words))


def of_pages(folder: Path, heard: frozenset[str]) -> Iterator[str]:
    """Where cards lead, and what is to be replied there."""
    try:
        pages, where = landing.read_placed_pages(folder)
    except WordingError as error:
        yield from error.problems
        return
    for name, page in pages.items():
        if not is_heard(page.reply, heard):
            yield f"{where.of(name, 'reply')}：[{name}] 的“{page.reply}”{UNHEARD}"
    for at, page_name in led_to(folder):
        if page_name not in pages:
            yield f"{at}：{landing.FILE} 里没有 [{page_name}]，请补上"


def _of_replies(files: TemplateFiles, words: Mapping[str, Any]) -> Iterator[str]:
    yield from files.problems()
    yield from shape.missing_templates(REGISTRY, files.expected())
    yield from links(files.sources(), vocabulary.heard(words))


def links(sources: Mapping[str, str], heard: frozenset[str]) -> Iterator[str]:
    """Quick replies whose text nobody understands; what a variable sends is not known here."""
    for name, source in sources.items():
        for link in _LINK.finditer(source):
            sent = link[1] or link[2] or ""
            if not is_heard(sent, heard):
                line = source.count("\n", 0, link.start()) + 1
                yield (f"replies/{name}.j2:{line}：quick_reply 发出的“{sent}”{UNHEARD}")


def is_heard(sent: str, heard: frozenset[str]) -> bool:
    word = vocabulary.spelled(sent)
    patterns = (dialog.hears for dialog in REGISTRY.values() if dialog.hears)
    return word in heard or position(sent) is not None or any(one.match(word) for one in patterns)


def _keep_quiet(*_: object) -> None:
    """The problems are told all together, not one by one as the files are read."""
