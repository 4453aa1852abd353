"""What single columns of the exchange database hold, brought to the contract's form.

A column that breaks the contract (no amount, text for a number) raises; the adapter reports it.
"""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Row

AnyRow = Row[*tuple[Any, ...]]
T = TypeVar("T")

SHANGHAI = ZoneInfo("Asia/Shanghai")
FEN = Decimal("0.01")
LITRE = Decimal("0.001")


def given(value: T | None) -> T:
    if value is None:
        raise ValueError("a column that the contract calls NOT NULL is empty")
    return value


def exact(value: Decimal | None, step: Decimal) -> Decimal:
    """To the contract's scale: a view that computes may deliver more digits than it declares."""
    return given(value).quantize(step, rounding=ROUND_HALF_UP)


def code(value: str | None) -> str:
    """CHAR columns arrive padded with blanks."""
    return given(value).rstrip()


def text(value: str | None) -> str | None:
    """Blank means that nothing is on file."""
    return (value or "").strip() or None


def whole(value: int | None) -> int:
    return int(given(value))


def flag(value: int | None) -> bool:
    return whole(value) != 0


def moment(value: datetime | None) -> datetime:
    return given(value).replace(tzinfo=SHANGHAI)


def local(at: datetime) -> datetime:
    """As the exchange database keeps times: Shanghai's, in whole seconds."""
    return at.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
