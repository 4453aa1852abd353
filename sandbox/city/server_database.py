"""Loading a database server: COPY on PostgreSQL, batches of INSERT on SQL Server and all others."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from sqlalchemy import Date, DateTime, create_engine, inspect, text
from sqlalchemy.engine import URL, Connection

from sandbox.city.days import NO_DAY, where_known
from sandbox.city.errors import NotACity
from sandbox.city.schema import metadata
from sandbox.city.schema.views import VIEWS
from sandbox.city.sink import BATCH_ROWS, Column, Columns, Sink, TextTimes, table_named, text_rows


class PostgresSink:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._times = TextTimes()

    def write(self, table: str, columns: Columns) -> None:
        target = table_named(table)
        names = ", ".join(f'"{column.name}"' for column in target.columns)
        driver: Any = self._connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for rows in text_rows(target, columns, self._times):
                lines = ("\t".join(map(_copy_text, row)) for row in rows)
                copy.write("\n".join(lines) + "\n")


def _copy_text(value: object) -> str:
    # No value of the city holds a tab, a line break or a backslash, which COPY would need escaped.
    return "\\N" if value is None else str(value)


class InsertSink:
    """Any SQLAlchemy dialect. `fast_executemany` makes it bearable on SQL Server."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def write(self, table: str, columns: Columns) -> None:
        target = table_named(table)
        size = max(len(c) for c in columns.values() if isinstance(c, np.ndarray))
        for start in range(0, size, BATCH_ROWS):
            stop = min(start + BATCH_ROWS, size)
            lists = [
                _python_values(columns[column.name], column.type, start, stop)
                for column in target.columns
            ]
            keys = [column.name for column in target.columns]
            rows = [dict(zip(keys, row, strict=True)) for row in zip(*lists, strict=True)]
            self._connection.execute(target.insert(), rows)


def _python_values(column: Column, kind: object, start: int, stop: int) -> list[Any]:
    if not isinstance(column, np.ndarray):
        return [column] * (stop - start)
    part = column[start:stop]
    if isinstance(kind, DateTime):
        moments: list[Any] = part.astype("datetime64[s]").tolist()
        return moments
    if isinstance(kind, Date):
        known = part != NO_DAY
        days = np.where(known, part, 0).astype("datetime64[D]").astype(np.object_)
        return list(where_known(known, days))
    values: list[Any] = part.tolist()
    return values


@contextmanager
def server_target(url: URL) -> Iterator[tuple[Connection, Sink]]:
    """The connection and the sink of an emptied database; committed when the block ends well."""
    options: Mapping[str, Any] = (
        {"fast_executemany": True} if url.drivername == "mssql+pyodbc" else {}
    )
    engine = create_engine(url, **options)
    try:
        with engine.begin() as connection:
            clear(connection)
            sink: Sink = InsertSink(connection)
            if connection.dialect.driver == "psycopg":
                sink = PostgresSink(connection)
            yield connection, sink
            if connection.dialect.name == "postgresql":
                connection.execute(text("ANALYZE"))
    finally:
        engine.dispose()


def clear(connection: Connection) -> None:
    """Drops an earlier city. Anything else that bears our tables' names is left alone."""
    found = set(inspect(connection).get_table_names())
    ours = found & set(metadata.tables)
    if ours and "city_info" not in found:
        raise NotACity(sorted(ours))
    for view in reversed(VIEWS):
        if view in inspect(connection).get_view_names():
            connection.execute(text(f"DROP VIEW {view}"))
    metadata.drop_all(connection)
