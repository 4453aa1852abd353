"""TOML files that staff write: read as they mean them, refused in words for whoever edits them."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


class StaffFileError(Exception):
    """A file that cannot be used; says which, and what to change. `problems`: one line each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_toml(path: Path, refused: type[StaffFileError], *, when_missing: str) -> dict[str, Any]:
    """Raises `refused`; `when_missing` is what to do about a file that is not there."""
    try:
        # Windows' editors put a byte order mark ahead, which TOML does not know.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except FileNotFoundError as error:
        raise refused(f"{path}：没有这个文件；{when_missing}") from error
    except OSError as error:
        raise refused(f"{path}：打不开（{type(error).__name__}），请检查权限") from error
    except UnicodeDecodeError as error:
        raise refused(f"{path.name}：不是 UTF-8 编码，请另存为 UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        where = f"第{place[1]}行第{place[2]}个字附近" if place else "文件末尾"
        raise refused(
            f"{path.name}：{where}写法有误，请检查引号、方括号和逗号（{error}）"
        ) from error
