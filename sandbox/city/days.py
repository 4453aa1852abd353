"""Calendar days as integers (days since 1970-01-01), so that a column of dates is one numpy array.

Every module of the city computes with these numbers; only `load` turns them into dates or text.
"""

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]

NO_DAY = -1_000_000
DAY_S = 86_400
_EPOCH = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    return day.toordinal() - _EPOCH


def as_date(number: int) -> date:
    return date.fromordinal(number + _EPOCH)


def month_start(year: int, month: int) -> int:
    """`month` may run outside 1..12: month 0 is December of the year before."""
    return day_number(date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1))


def month_length(year: int, month: int) -> int:
    return month_start(year, month + 1) - month_start(year, month)


def texts(items: list[str]) -> Texts:
    column = np.empty(len(items), dtype=np.object_)
    column[:] = items
    return column


def where_known(known: Bools, column: npt.NDArray[Any]) -> Texts:
    """The column as objects, with None where nothing is known."""
    values = column.astype(np.object_)
    values[~known] = None
    return values
