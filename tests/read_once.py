"""What a service makes of the repository's templates and dialogs is the same in all tests, and the
longest part of its start: one process makes it once. Templates that lie elsewhere, where a test
may change them, are read each time.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from transitions import Machine

from bot.settings import HOUSE
from bot.wording import parts as speaking
from bot.wording import words
from bot.wording.templates import TemplateFiles
from bot.wording.words import Contract
from dialogs.engine import machine
from dialogs.engine.definition import Dialog
from web import go, guide

OURS = HOUSE / "templates"
Read = TypeVar("Read")


@contextmanager
def reading_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("read_wording", "read_contract", "read_values"):
            patch.setattr(words, name, _once(getattr(words, name)))
        patch.setattr(speaking, "TemplateFiles", _files)
        patch.setattr(machine, "build", _once_each(machine.build))
        compiling_once = functools.partial(Environment, bytecode_cache=Compiled())
        for pages in (guide, go):
            patch.setattr(pages, "Environment", compiling_once)
        yield


class Compiled(BytecodeCache):
    """Jinja asks for what it has compiled by the text of a template, wherever that lies."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def _once(read: Callable[[Path], Read]) -> Callable[[Path], Read]:
    remembered = functools.cache(read)
    return lambda folder: (remembered if folder == OURS else read)(folder)


def _files(
    folder: Path, contract: Contract, values: Mapping[str, Mapping[str, str]]
) -> TemplateFiles:
    return _our_files() if folder == OURS else TemplateFiles(folder, contract, values)


@functools.cache
def _our_files() -> TemplateFiles:
    return TemplateFiles(OURS, words.read_contract(OURS), words.read_values(OURS))


def _once_each(build: Callable[[Dialog], Machine]) -> Callable[[Dialog], Machine]:
    """A machine is stateless and shared by all citizens already."""
    built: dict[int, tuple[Dialog, Machine]] = {}  # with the dialog, so that its id stays its own

    def remembered(dialog: Dialog) -> Machine:
        if id(dialog) not in built:
            built[id(dialog)] = dialog, build(dialog)
        return built[id(dialog)][1]

    return remembered
