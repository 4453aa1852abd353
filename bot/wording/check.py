"""Everything wrong with customer service's files, for `waterdesk templates check` and `check`."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot import content_files
from bot.wording import form, menu, vocabulary
from bot.wording.templates import TemplateFiles
from bot.wording.words import WordingError, as_wording, read_contract, read_words
from dialogs import REGISTRY
from dialogs.engine import shape
from dialogs.engine.readers import position

_LINK = re.compile(r"""quick_reply\(\s*(?:"([^"\n]*)"|'([^'\n]*)')\s*,""")


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


def _of_replies(files: TemplateFiles, words: Mapping[str, Any]) -> Iterator[str]:
    yield from files.problems()
    yield from shape.missing_templates(REGISTRY, files.expected())
    yield from links(files.sources(), vocabulary.heard(words))


def links(sources: Mapping[str, str], heard: frozenset[str]) -> Iterator[str]:
    """Quick replies whose text nobody understands; what a variable sends is not known here."""
    for name, source in sources.items():
        for link in _LINK.finditer(source):
            sent = link[1] or link[2] or ""
            if vocabulary.spelled(sent) not in heard and position(sent) is None:
                line = source.count("\n", 0, link.start()) + 1
                yield (
                    f"replies/{name}.j2：第{line}行：quick_reply 发出的“{sent}”没有人听得懂，"
                    "请改成 words.toml 里有的词"
                )


def _keep_quiet(*_: object) -> None:
    """The problems are told all together, not one by one as the files are read."""
