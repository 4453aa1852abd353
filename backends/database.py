"""The one way to run statements: `read` and `write` answer or raise BackendUnavailable.

The adapters in `backends.csms` and `backends.records` hand in a function of a connection.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from backends.errors import BackendUnavailable
from backends.sql import begin_writing, open_engine

T = TypeVar("T")

MAX_WRITE_REPEATS = 8
"""Each repetition means that another worker's commit went through, so a few are plenty."""

_DEADLOCK_STATES = {"40P01", "40001"}
_WRITE_ERRORS = (SQLAlchemyError,)
_READ_ERRORS = (SQLAlchemyError, ValueError, TypeError, ArithmeticError)
"""Rows that break the contract (no amount, an impossible date) count as an outage too."""


@dataclass(frozen=True, slots=True)
class Database:
    """`reading` shares the engine's pool, but opens no transactions: one round trip per read."""

    system: str
    engine: Engine
    reading: Engine
    statement_timeout_s: float
    monotonic: Callable[[], float]

    def read(self, work: Callable[[Connection], T]) -> T:
        """`work` on a connection; once more on a fresh one when a pooled one proved dead."""

        def attempt() -> T:
            with self.reading.connect() as connection:
                return work(connection)

        return self._run(attempt, _READ_ERRORS, repeats=1)

    def write(self, work: Callable[[Connection], T]) -> T:
        """`work` in one transaction. It must be idempotent: it runs again when another worker
        was faster (unique violation, deadlock) or the connection broke."""

        def attempt() -> T:
            with self.engine.begin() as connection:
                begin_writing(connection)
                return work(connection)

        return self._run(attempt, _WRITE_ERRORS, repeats=MAX_WRITE_REPEATS)

    def close(self) -> None:
        self.engine.dispose()

    def _run(
        self, attempt: Callable[[], T], caught: tuple[type[Exception], ...], *, repeats: int
    ) -> T:
        started = self.monotonic()
        while True:
            try:
                return attempt()
            except caught as error:
                waited_s = self.monotonic() - started
                again = repeats > 0 and self._worth_repeating(error, waited_s)
                why = _class_name(error)
                sent = caught is _WRITE_ERRORS and _is_disconnect(error)
            # Outside of `except`, so that no driver message (it may quote data) is chained.
            if not again:
                raise BackendUnavailable(self.system, waited_s, why, sent=sent)
            repeats -= 1

    def _worth_repeating(self, error: Exception, waited_s: float) -> bool:
        """A dead connection shows at once; what took long was a timeout, and would again."""
        if isinstance(error, IntegrityError) or _sqlstate(error) in _DEADLOCK_STATES:
            return True
        return _is_disconnect(error) and waited_s < self.statement_timeout_s / 2


def open_database(
    system: str,
    url: str,
    *,
    pool_size: int,
    statement_timeout_s: float,
    owned: bool,
    existing: bool = False,
    monotonic: Callable[[], float] = time.monotonic,
) -> Database:
    """`owned` and `existing` as `open_engine` takes them."""
    engine = open_engine(
        url,
        pool_size=pool_size,
        statement_timeout_s=statement_timeout_s,
        owned=owned,
        existing=existing,
    )
    # SQLite reads in autocommit anyway, and switching would cost it a statement each time.
    reading = engine
    if owned and engine.dialect.name != "sqlite":
        reading = engine.execution_options(isolation_level="AUTOCOMMIT")
    return Database(system, engine, reading, statement_timeout_s, monotonic)


def _is_disconnect(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _sqlstate(error: Exception) -> str:
    """psycopg keeps it as an attribute, pyodbc as the first argument."""
    original = error.orig if isinstance(error, DBAPIError) else None
    if original is None:
        return ""
    return str(getattr(original, "sqlstate", None) or (original.args or ("",))[0])[:5]


def _class_name(error: Exception) -> str:
    original = error.orig if isinstance(error, DBAPIError) else None
    return type(original or error).__name__
