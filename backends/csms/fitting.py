"""Whether a row fits its table before it is sent: some databases would cut a value, or put ? for a
letter, where others refuse."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import String, Table

from backends.errors import Rejected

SYSTEM = "csms"

MAX_INTEGER = 2**31 - 1


def check(table: Table, row: Mapping[str, Any]) -> None:
    """Rejected("csms", "does_not_fit", table and column)."""
    for name, value in row.items():
        if not _fits(table.c[name].type, value):
            raise does_not_fit(table, name)


def does_not_fit(table: Table, column: str) -> Rejected:
    return Rejected(SYSTEM, "does_not_fit", f"{table.name}.{column}")


def _fits(kind: object, value: object) -> bool:
    if isinstance(value, int):
        return 0 <= value <= MAX_INTEGER
    length = kind.length if isinstance(kind, String) else None
    if length is None or not isinstance(value, str):
        return True
    return len(value) <= length and value.isascii() and value.isprintable()
