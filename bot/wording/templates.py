"""The reply templates as files: read, checked by the contract, kept at the last good version.

A broken file never stops the bot: it is logged, and what was good before stays.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import jinja2
import jinja2.sandbox
import structlog
from jinja2.ext import Extension

from bot.wording import filters, pages
from bot.wording.words import Contract

log = structlog.get_logger()
_LONE_TAG = re.compile(r"^[ \t]*((?:\{%[^\n]*?%\}|\{#[^\n]*?#\})+)[ \t]*\n", re.MULTILINE)


NOT_UTF_8 = "it is not UTF-8: save it as UTF-8 (the editor may have chosen GBK)"
UNUSABLE = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What a template may raise when it is rendered, whoever is to blame."""


class _LoneTags(Extension):
    """A line of nothing but tags leaves no line behind: staff need not know of `-%}`."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        del name, filename
        # The newline moves inside the tag, so that line numbers in errors stay right.
        return _LONE_TAG.sub(lambda lone: f"{lone[1][:-2]}\n{lone[1][-2:]}", source)


class TemplateFiles:
    def __init__(
        self, folder: Path, contract: Contract, values: Mapping[str, Mapping[str, str]]
    ) -> None:
        self._folder = folder / "replies"
        self._contract = contract
        self._filters = filters.all_filters(values)
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
        for name in changed:
            if why := self._problem(name, candidates):
                log.error("template_broken", template=name, why=why)
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
        found = [(name, NOT_UTF_8) for name in sorted(read.keys() - files.keys())]
        found += [(name, self._problem(name, files)) for name in sorted(files)]
        missing = sorted(self._contract.replies.keys() - read.keys())
        found += [
            (name, "it stands in contract.toml, but there is no such file") for name in missing
        ]
        return [f"replies/{name}.j2: {why}" for name, why in found if why]

    def preview(self) -> Iterator[tuple[str, str]]:
        """(name, text) of every good template, with its samples."""
        for name in sorted(self._templates):
            yield name, pages.tidy(self._templates[name].render(self.variables(name)))

    def _problem(self, name: str, sources: Mapping[str, str]) -> str:
        """What is wrong with a template, in words for whoever edits it; empty when it is good."""
        try:
            template = self._environment(sources).get_template(f"{name}.j2")
            if name.startswith("_"):
                return ""
            if name not in self._contract.replies:
                return "it has no entry in contract.toml"
            text = pages.tidy(template.render(self.variables(name)))
        except jinja2.UndefinedError as error:
            return f"{error.message}; contract.toml lists what this template may use"
        except jinja2.TemplateSyntaxError as error:
            return f"line {error.lineno}: {error.message}"
        except UNUSABLE as error:
            return f"{type(error).__name__}: {error}"
        return "" if text else "it says nothing"

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
                    log.error("template_broken", template=name, why=NOT_UTF_8)
                else:
                    yield name, text

    def _environment(self, sources: Mapping[str, str]) -> jinja2.Environment:
        environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
            loader=jinja2.DictLoader({f"{name}.j2": text for name, text in sources.items()}),
            autoescape=True,  # so that macros give Markup; `clean` decides what escaping means
            finalize=filters.clean,
            undefined=jinja2.StrictUndefined,
            extensions=[_LoneTags],
            auto_reload=False,
        )
        environment.filters = dict[str, Callable[..., object]](self._filters)
        environment.globals = {"quick_reply": filters.quick_reply}
        return environment


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
