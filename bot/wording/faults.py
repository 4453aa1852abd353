"""What can be wrong with a template: said in Chinese to those who edit it, in English to the log.
Made by `templates` and `card_check`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType

import jinja2
from jinja2.exceptions import SecurityError

from bot.wording import filters
from bot.wording.jinja_words import in_chinese

RENDERED_FROM = "<template>"
_UNCLOSED = re.compile(r"Unexpected end of template.* closed is '(\w+)'")
_BRACES = re.compile(r"\{[^{}]*\}*|\}+")


class What(Enum):
    """(in English, in Chinese)."""

    NOT_UTF_8 = (
        "it is not UTF-8: save it as UTF-8 (the editor may have chosen GBK)",
        "不是 UTF-8 编码，请另存为 UTF-8（编辑器可能用了 GBK）",
    )
    NO_FILE = (
        "it stands in contract.toml, but there is no such file",
        "没有这个文件，contract.toml 里却有它；请补上",
    )
    NO_ENTRY = (
        "it has no entry in contract.toml",
        "contract.toml 里没有它；请检查文件名，或找工程师登记",
    )
    SAYS_NOTHING = ("it says nothing", "没有内容，请写上文字")
    BRACES = ("it says {}", "市民会看到“{}”：变量要写在两对花括号里，例如 {{{{ shown }}}}")
    UNDEFINED = ("{}", "{}；这里能用的变量：{usable}")
    SYNTAX = ("{}", "写法有误：{}")
    WRONG_FILTER = ("the filter {} is not for this value", "过滤器 {} 不能用在这个值上")
    FORBIDDEN = ("{}", "不允许这样用（{}）")
    UNUSABLE = ("{}", "不能这样用：{}")
    AS_SAID = ("{}", "{}")


@dataclass(frozen=True, slots=True)
class Fault:
    """`detail`: as Jinja says it, or in Chinese what is for staff alone. `line`: of the template.
    `usable`: the variables there are."""

    what: What
    detail: str = ""
    line: int | None = None
    usable: tuple[str, ...] = field(default=(), compare=False)

    def in_english(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        english: str = self.what.value[0]
        return where + english.format(self.detail)

    def in_chinese(self) -> str:
        chinese: str = self.what.value[1]
        usable = "、".join(self.usable) or "一个也没有"
        return chinese.format(in_chinese(self.detail), usable=usable)

    def told(self, file: str) -> str:
        """One line for whoever edits the file."""
        where = f"{file}:{self.line}" if self.line else file
        return f"{where}：{self.in_chinese()}"


def of(error: Exception, usable: Iterable[str] = ()) -> Fault:
    """The fault that made Jinja, or a value in its hands, raise `error`."""
    said = (getattr(error, "message", None) or str(error)).strip()
    if isinstance(error, jinja2.TemplateSyntaxError):
        return Fault(What.SYNTAX, said, _opened(error.source or "", said) or error.lineno)
    line = _line(error.__traceback__)
    if isinstance(error, jinja2.TemplateNotFound):
        return Fault(What.SYNTAX, f"there is no {error.name}", line)
    if isinstance(error, jinja2.UndefinedError):
        is_variable = said.endswith("is undefined")
        return Fault(What.UNDEFINED if is_variable else What.AS_SAID, said, line, tuple(usable))
    if isinstance(error, SecurityError):
        return Fault(What.FORBIDDEN, said, line)
    if isinstance(error, jinja2.TemplateError):
        return Fault(What.SYNTAX, said, line)
    if name := _filter(error.__traceback__):
        return Fault(What.WRONG_FILTER, name, line)
    return Fault(What.UNUSABLE, f"{type(error).__name__}: {error}", line)


def braces(text: str) -> Fault | None:
    """Of what was rendered: braces that were meant to be a variable."""
    found = _BRACES.search(text)
    return Fault(What.BRACES, found[0]) if found else None


def _opened(source: str, said: str) -> int | None:
    """The line of the tag that nothing closes; Jinja names one near the end."""
    unclosed = _UNCLOSED.search(said)
    if unclosed is None:
        return None
    opened = list[int]()
    for tag in re.finditer(rf"\{{%-?\s*(end)?{unclosed[1]}\b", source):
        if tag[1]:
            opened.pop()
        else:
            opened.append(source.count("\n", 0, tag.start()) + 1)
    return opened[-1]


def _line(trace: TracebackType | None) -> int | None:
    """The line of the template itself, also where the mistake shows within a macro it uses."""
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == RENDERED_FROM:
            return trace.tb_lineno
        trace = trace.tb_next
    return None


def _filter(trace: TracebackType | None) -> str:
    """The filter that could not make anything of its value; '' for none."""
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") == filters.__name__:
            return trace.tb_frame.f_code.co_name
        trace = trace.tb_next
    return ""
