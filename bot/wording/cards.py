"""Cards 卡片: what a template message or subscription notice shows of a notice.

Enters: the kind of a notice and its view. Leaves: a card whose values fit WeChat's keys. Files in
templates/pushes/ that are saved are taken up within seconds, if they are good.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
import structlog

from bot.staff_file import StaffFileError
from bot.wording import card_files
from bot.wording.card_check import CardCheck
from bot.wording.card_fields import fit
from bot.wording.card_files import CardFile, CardFileError
from bot.wording.environment import UNUSABLE, Environments
from bot.wording.words import Contract

log = structlog.get_logger()
# Rendered in one go, which costs a third of doing it value by value. No value holds this: every <
# is taken out of values.
_BETWEEN = "<|>"


class CardBroken(ValueError):
    """The card of this notice cannot be filled in."""


@dataclass(frozen=True, slots=True)
class Card:
    """`name`: of its file in templates/pushes/, and in the settings that give it a template's id.
    `data`: key of the template → value. `page`: what /go/<page> it leads to, '' for none. `rows`:
    what a key is called → value."""

    name: str
    data: Mapping[str, str]
    page: str
    rows: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Ready:
    name: str
    keys: tuple[str, ...]
    labels: tuple[str, ...]
    page: str
    template: jinja2.Template


def _log_broken(problem: str) -> None:
    log.error("card_broken", why=problem)


class Cards:
    """`refresh_every_s`: how soon an edited file is taken up. `report` hears of every problem with
    a file that is not."""

    def __init__(
        self,
        folder: Path,
        contract: Contract,
        values: Mapping[str, Mapping[str, str]],
        *,
        monotonic: Callable[[], float],
        refresh_every_s: float = 5.0,
        report: Callable[[str], None] = _log_broken,
    ) -> None:
        self._folder = folder
        self._contract = contract
        self._check = CardCheck(contract, values)
        self._environments = Environments(values)
        self._monotonic = monotonic
        self._refresh_every_s = refresh_every_s
        self._next_refresh_s = monotonic() + refresh_every_s
        self._report = report
        self._seen: dict[str, float] = {}
        self._files: dict[str, CardFile] = {}
        self._ready: dict[str, _Ready] = {}
        self._refresh()

    def card(self, kind: str, view: Mapping[str, Any]) -> Card | None:
        """None for a kind without a card. CardBroken when a value does not fit, or the view lacks
        one. `view`: days, moments and amounts are of their types."""
        if self._monotonic() >= self._next_refresh_s:
            self._next_refresh_s = self._monotonic() + self._refresh_every_s
            self._refresh()
        ready = self._ready.get(kind)
        if ready is None:
            return None
        try:
            data = _filled(ready, view)
        except UNUSABLE as error:
            raise CardBroken(f"templates/pushes/{ready.name}.toml, {kind}: {error}") from error
        rows = dict(zip(ready.labels, data.values(), strict=True))
        return Card(ready.name, data, ready.page, rows)

    def preview(self) -> Iterator[tuple[CardFile, str, Card]]:
        """(file, kind, card) of every kind, with its samples."""
        for file in self._files.values():
            for kind in file.layouts:
                if card := self.card(kind, self._contract.replies[f"notice/{kind}"]):
                    yield file, kind, card

    def _refresh(self) -> None:
        changed = [path for path in card_files.paths(self._folder) if self._has_changed(path)]
        for path in changed:
            try:
                self._files[path.stem] = self._good(path)
            except StaffFileError as error:
                for problem in error.problems:
                    self._report(problem)
        if changed:
            self._ready = self._compiled()

    def _has_changed(self, path: Path) -> bool:
        changed_s = path.stat().st_mtime
        seen_s, self._seen[path.stem] = self._seen.get(path.stem), changed_s
        return seen_s != changed_s

    def _good(self, path: Path) -> CardFile:
        file = card_files.read(path)
        if wrong := list(self._check.faults(file)):
            raise CardFileError(*wrong)
        return file

    def _compiled(self) -> dict[str, _Ready]:
        layouts = {
            kind: (file, layout)
            for file in self._files.values()
            for kind, layout in file.layouts.items()
        }
        environment = self._environments.of(
            {kind: _BETWEEN.join(one.fields.values()) for kind, (_, one) in layouts.items()}
        )
        return {
            kind: _Ready(
                file.name,
                tuple(one.fields),
                tuple(file.labels[key] for key in one.fields),
                one.page,
                environment.get_template(kind),
            )
            for kind, (file, one) in layouts.items()
        }


def _filled(ready: _Ready, view: Mapping[str, Any]) -> dict[str, str]:
    said = ready.template.render(view).split(_BETWEEN)
    return {key: fit(key, value) for key, value in zip(ready.keys, said, strict=True)}
