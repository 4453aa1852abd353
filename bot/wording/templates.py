"""The reply templates as files: read, checked by the contract, kept at the last good version.

A broken file never stops the bot: it is logged, and what was good before stays.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import jinja2
import structlog

from bot.wording import faults, pages, unseen
from bot.wording.environment import UNUSABLE, Environments
from bot.wording.faults import Fault, What
from bot.wording.words import Contract

log = structlog.get_logger()
Report = Callable[[str, Fault], None]


def _log_broken(name: str, fault: Fault) -> None:
    log.error("template_broken", template=name, why=fault.in_english())


class TemplateFiles:
    """`report` hears of every file that is not taken up."""

    def __init__(
        self,
        folder: Path,
        contract: Contract,
        values: Mapping[str, Mapping[str, str]],
        report: Report = _log_broken,
    ) -> None:
        self._report = report
        self._folder = folder / "replies"
        self._contract = contract
        self._environments = Environments(values)
        self._sources: dict[str, str] = {}
        self._seen: dict[str, float] = {}
        self._templates: dict[str, jinja2.Template] = {}
        self.refresh()

    def get(self, name: str) -> jinja2.Template | None:
        return self._templates.get(name)

    def variables(self, name: str) -> Mapping[str, object]:
        """The variables this template may use, with their samples."""
        return self._contract.replies.get(name, {})

    def refresh(self) -> bool:
        """Take up the files changed since the last look, those that are good. False: none were."""
        changed = dict(self._changed())
        if not changed:
            return False
        candidates = {**self._sources, **changed}
        environment = self._environment(candidates)
        for name in changed:
            if fault := self._fault(name, changed[name], environment):
                self._report(name, fault)
                if name in self._sources:
                    candidates[name] = self._sources[name]
                else:
                    del candidates[name]
                environment = self._environment(candidates)
        self._sources = candidates
        self._templates = {
            name: environment.get_template(f"{name}.j2")
            for name in candidates
            if not name.startswith("_")
        }
        return True

    def problems(self) -> list[str]:
        """Everything wrong with the files as they lie there now (`waterdesk templates check`)."""
        read = {name: _read(path) for name, path in self._files()}
        files = {name: text for name, text in read.items() if text is not None}
        found = [(name, Fault(What.NOT_UTF_8)) for name in sorted(read.keys() - files.keys())]
        environment = self._environment(files)
        for name, text in sorted(files.items()):
            if fault := self._fault(name, text, environment):
                found.append((name, fault))
        missing = sorted(self._contract.replies.keys() - read.keys())
        found += [(name, Fault(What.NO_FILE)) for name in missing]
        return [fault.told(f"replies/{name}.j2") for name, fault in found]

    def sources(self) -> dict[str, str]:
        """The text of every file that can be read, good or not."""
        read = ((name, _read(path)) for name, path in sorted(self._files()))
        return {name: text for name, text in read if text is not None}

    def expected(self) -> set[str]:
        """The names of all files, good or not, and of those that the contract asks for."""
        return {*self._contract.replies, *(name for name, _ in self._files())}

    def preview(self) -> Iterator[tuple[str, str]]:
        """(name, text) of every good template, with its samples."""
        for name in sorted(self._templates):
            yield name, pages.tidy(self._templates[name].render(self.variables(name)))

    def _fault(self, name: str, source: str, environment: jinja2.Environment) -> Fault | None:
        """What is wrong with a template; None when it is good. `environment` has all of them."""
        try:
            template = environment.get_template(f"{name}.j2")
            if name.startswith("_"):
                return None
            if name not in self._contract.replies:
                return Fault(What.NO_ENTRY)
            text = pages.tidy(template.render(self.variables(name)))
        except UNUSABLE as error:
            return faults.of(error, self.variables(name))
        if not text:
            return Fault(What.SAYS_NOTHING)
        elsewhere = unseen.fault(source, environment, self.variables(name))
        return elsewhere or faults.braces(text)

    def _files(self) -> Iterator[tuple[str, Path]]:
        for path in self._folder.rglob("*.j2"):
            yield path.relative_to(self._folder).as_posix().removesuffix(".j2"), path

    def _changed(self) -> Iterator[tuple[str, str]]:
        for name, path in self._files():
            changed_s = path.stat().st_mtime
            if self._seen.get(name) != changed_s:
                self._seen[name] = changed_s
                text = _read(path)
                if text is None:
                    self._report(name, Fault(What.NOT_UTF_8))
                else:
                    yield name, text

    def _environment(self, sources: Mapping[str, str]) -> jinja2.Environment:
        return self._environments.of({f"{name}.j2": text for name, text in sources.items()})


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")  # Windows' editors put a mark ahead
    except UnicodeDecodeError:
        return None
