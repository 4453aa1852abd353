"""What can be wrong with a reply template: said in Chinese to those who edit it, in English to
the log. Made by `templates`."""

import re
from dataclasses import dataclass
from enum import Enum

import jinja2

_NO_FILTER = re.compile(r"No filter named '(\w+)'\.?")
_NO_VARIABLE = re.compile(r"'(\w+)' is undefined")
RENDERED_FROM = "<template>"


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
    UNDEFINED = (
        "{}; contract.toml lists what this template may use",
        "{}；能用的变量见 contract.toml",
    )
    SYNTAX = ("{}", "写法有误：{}")
    UNUSABLE = ("{}", "不能这样用：{}")


@dataclass(frozen=True, slots=True)
class Fault:
    what: What
    detail: str = ""
    line: int | None = None

    def in_english(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        english: str = self.what.value[0]
        return where + english.format(self.detail)

    def in_chinese(self) -> str:
        where = f"第{self.line}行：" if self.line else ""
        chinese: str = self.what.value[1]
        detail = _NO_FILTER.sub(r"没有叫 \1 的过滤器", self.detail)
        return where + chinese.format(_NO_VARIABLE.sub(r"没有变量 \1", detail))


def of(error: Exception) -> Fault:
    """The fault that made Jinja, or a value in its hands, raise `error`."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return Fault(What.SYNTAX, error.message or "", error.lineno)
    if isinstance(error, jinja2.UndefinedError):
        return Fault(What.UNDEFINED, error.message or "", _line(error))
    return Fault(What.UNUSABLE, f"{type(error).__name__}: {error}", _line(error))


def _line(error: Exception) -> int | None:
    """The line of the template itself, also where the mistake shows within a macro it uses."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == RENDERED_FROM:
            return trace.tb_lineno
        trace = trace.tb_next
    return None
