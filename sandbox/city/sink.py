"""Where rows go: a Sink takes whole columns for a table, however the database likes them best."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from sqlalchemy import Date, DateTime, Table

from sandbox.city.days import DAY_S, NO_DAY, Ints, Texts
from sandbox.city.schema import metadata

Scalar = str | int | float | None
Column = npt.NDArray[Any] | Scalar
Columns = Mapping[str, Column]
Row = tuple[object, ...]
BATCH_ROWS = 20_000


class Sink(Protocol):
    def write(self, table: str, columns: Columns) -> None:
        """Appends rows. Day columns hold day numbers, time columns seconds since 1970 (local)."""
        ...


def coded(labels: tuple[str, ...], codes: Ints) -> Texts:
    return np.array(labels, dtype=np.object_)[codes]


class TextTimes:
    """Turns day numbers and seconds into ISO text through look-up tables: a few nanoseconds each.
    The text has the very form SQLAlchemy stores on SQLite, so that comparisons hold."""

    def __init__(self) -> None:
        self._first = -20_000
        span = np.arange(self._first, 40_000).astype("datetime64[D]")
        self._days = np.datetime_as_string(span).astype(np.object_)
        two = np.array([f"{number:02d}" for number in range(60)], dtype=np.object_)
        minutes = np.add.outer(" " + two[:24] + ":", two).ravel()
        self._clock = np.add.outer(minutes, ":" + two + ".000000").ravel()

    def days(self, numbers: Ints) -> Texts:
        column: Texts = self._days[np.maximum(numbers, self._first) - self._first]
        column[numbers == NO_DAY] = None
        return column

    def moments(self, seconds: Ints) -> Texts:
        return np.asarray(self.days(seconds // DAY_S) + self._clock[seconds % DAY_S])


def text_rows(table: Table, columns: Columns, times: TextTimes) -> Iterator[list[Row]]:
    """Batches of rows in the order of the table's columns, dates and times as text."""
    size = max(len(c) for c in columns.values() if isinstance(c, np.ndarray))
    for start in range(0, size, BATCH_ROWS):
        stop = min(start + BATCH_ROWS, size)
        lists = []
        for column in table.columns:
            values = columns[column.name]
            if not isinstance(values, np.ndarray):
                lists.append([values] * (stop - start))
                continue
            part = values[start:stop]
            if isinstance(column.type, Date):
                part = times.days(part)
            elif isinstance(column.type, DateTime):
                part = times.moments(part)
            lists.append(part.tolist())
        yield list(zip(*lists, strict=True))


def table_named(name: str) -> Table:
    return metadata.tables[name]
