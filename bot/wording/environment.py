"""Jinja as customer service may use it: sandboxed, strict, with our filters and nothing else."""

import re
from collections.abc import Callable, Mapping

import jinja2
import jinja2.sandbox
from jinja2.ext import Extension

from bot.wording import filters
from bot.wording.compiled import Compiled

_LONE_TAG = re.compile(r"^[ \t]*((?:\{%[^\n]*?%\}|\{#[^\n]*?#\})+)[ \t]*\n", re.MULTILINE)

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


class Environments:
    """`values`: how codes are said; each table becomes a filter."""

    def __init__(self, values: Mapping[str, Mapping[str, str]]) -> None:
        self._filters = filters.all_filters(values)
        self._compiled = Compiled(values)

    def of(self, sources: Mapping[str, str]) -> jinja2.Environment:
        """`sources`: text by the name of its template."""
        environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
            loader=jinja2.DictLoader(dict(sources)),
            autoescape=True,  # so that macros give Markup; `clean` decides what escaping means
            finalize=filters.clean,
            undefined=jinja2.StrictUndefined,
            extensions=[_LoneTags],
            auto_reload=False,
            bytecode_cache=self._compiled,
        )
        environment.filters = dict[str, Callable[..., object]](self._filters)
        environment.globals = {"quick_reply": filters.quick_reply}
        return environment
