"""TOML files that staff write: read as they mean them, refused in words for whoever edits them."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_QUOTES = "引号没有成对，文字的两头都要有英文引号"
_TWICE = "这个键写了两次，请删去一处"
# What tomllib says of the usual slips, and what is to be done about them.
_SLIPS = (
    (r"Illegal character '\\n'|Unterminated string|Expected ['\"]+ ", _QUOTES),
    (r"Illegal character", "有看不见的特殊字符，请删去这一行重写"),
    (r"Invalid value", "等号后面的值写得不对，文字要放在英文引号里"),
    (r"Expected '=' after a key", "键的后面要写英文的 ="),
    (r"Expected '\]'|Invalid initial character for a key part", "表名要写在一对英文方括号里"),
    (r"Unclosed array", "方括号没有成对，或者两项之间少了英文逗号"),
    (r"Unclosed inline table", "花括号没有成对，或者两项之间少了英文逗号"),
    (r"Cannot overwrite a value|Duplicate inline table key", _TWICE),
    (r"Cannot declare \('(.+?)',?\) twice", r"[\1] 这个表写了两次，请合在一处"),
    (r"Unescaped '\\'", r"文字里的反斜杠 \\ 要写两个"),
    (r"Expected newline or end of document", "值的后面多出了东西，请检查文字里有没有英文引号"),
    (r"Invalid statement", "每一行都要是 键 = 值 或 [表]，键、等号和方括号都用英文的"),
)


class StaffFileError(Exception):
    """A file that cannot be used; says which, and what to change. `problems`: one line each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_toml(path: Path, refused: type[StaffFileError], *, when_missing: str) -> dict[str, Any]:
    """Raises `refused`; `when_missing` is what to do about a file that is not there."""
    return parsed(read_text(path, refused, when_missing=when_missing), path.name, refused)


def read_text(
    path: Path, refused: type[StaffFileError], *, when_missing: str, file: str = ""
) -> str:
    """`file`: what staff call it, if more than its name."""
    try:
        # Windows' editors put a byte order mark ahead, which TOML does not know.
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise refused(f"{path}：没有这个文件；{when_missing}") from error
    except OSError as error:
        raise refused(f"{path}：打不开（{type(error).__name__}），请检查权限") from error
    except UnicodeDecodeError as error:
        raise refused(f"{file or path.name}：不是 UTF-8 编码，请另存为 UTF-8") from error


def parsed(text: str, file: str, refused: type[StaffFileError]) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = place[1] if place else text.rstrip().count("\n") + 1
        where = f"第{place[2]}个字附近" if place else "到文件末尾"
        raise refused(f"{file}:{line}：{where}写法有误：{_in_chinese(str(error))}") from error


def _in_chinese(said: str) -> str:
    for slip, chinese in _SLIPS:
        if found := re.search(slip, said):
            return found.expand(chinese).replace("', '", ".")
    return said
