"""`Statements` of the ports over the platform's own database. Constructed through
`open_statements`; any number of processes may use one database."""

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Connection, insert, select, update

from backends.database import Database, open_database
from backends.ports import Difference, Listed, Mismatch, Statement, Totals, TradeRow
from backends.records import differences, statement_rows
from backends.records.pushes.rows import AnyRow
from backends.records.tables import statement

T = TypeVar("T")
NEWEST = select(statement).order_by(statement.c.day.desc())


def open_statements(url: str, *, pool_size: int, statement_timeout_s: float) -> "SqlStatements":
    return SqlStatements(
        open_database(
            "records", url, pool_size=pool_size, statement_timeout_s=statement_timeout_s, owned=True
        )
    )


class SqlStatements:
    def __init__(self, database: Database) -> None:
        self._database = database

    def statement(self, day: date) -> Statement | None:
        return self._read(lambda reading: _statement(reading, day))

    def statements(self, limit: int) -> tuple[Statement, ...]:
        return self._read(
            lambda reading: tuple(map(_to_statement, reading.execute(NEWEST.limit(limit))))
        )

    def begin(self, day: date, sha1: str, totals: Totals) -> Statement:
        return self._write(lambda tx: _begin(tx, day, sha1, totals))

    def stage(self, day: date, sha1: str, start: int, rows: Sequence[TradeRow]) -> bool:
        return self._write(lambda tx: statement_rows.stage(tx, (day, sha1), start, rows))

    def next_run(self, day: date) -> int:
        def count(connection: Connection) -> int:
            of_day = statement.c.day == day
            counted = update(statement).where(of_day).values(run=statement.c.run + 1)
            connection.execute(counted)
            return int(connection.execute(select(statement.c.run).where(of_day)).scalar_one())

        return self._write(count)

    def page(self, day: date, after: str, limit: int) -> tuple[TradeRow, ...]:
        return self._read(lambda reading: statement_rows.page(reading, day, after, limit))

    def paid_orders(self, days: Sequence[date], order_nos: Sequence[str]) -> Set[str]:
        return self._read(lambda reading: statement_rows.paid_orders(reading, days, order_nos))

    def paid_transactions(self, days: Sequence[date], transaction_ids: Sequence[str]) -> Set[str]:
        return self._read(
            lambda reading: statement_rows.paid_transactions(reading, days, transaction_ids)
        )

    def refunded(self, refund_nos: Sequence[str]) -> Set[str]:
        return self._read(lambda reading: statement_rows.refunded(reading, refund_nos))

    def note(self, run: int, found: Sequence[Difference], now: datetime) -> None:
        if found:
            self._write(lambda tx: differences.note(tx, run, found, now))

    def matched(self, day: date, run: int, now: datetime) -> None:
        def end(connection: Connection) -> None:
            ended = update(statement).where(statement.c.day == day).values(matched_at=now)
            connection.execute(ended)
            differences.settle_unseen(connection, day, run, now)

        self._write(end)

    def open_differences(self, after: int, limit: int) -> tuple[Listed, ...]:
        return self._read(lambda reading: differences.open_ones(reading, after, limit))

    def differences(self, day: date, limit: int) -> tuple[Listed, ...]:
        return self._read(lambda reading: differences.of_day(reading, day, limit))

    def resolve(self, difference_id: int, by: str, note: str, now: datetime) -> bool:
        return self._write(lambda tx: differences.resolve(tx, difference_id, by, note, now))

    def counts(self) -> Mapping[Mismatch, int]:
        return self._read(differences.counts)

    def matched_days(self, since: date) -> Set[date]:
        matched = select(statement.c.day).where(
            statement.c.day >= since, statement.c.matched_at.is_not(None)
        )
        return self._read(lambda reading: set(reading.execute(matched).scalars()))

    def forget(self, payments_before: date, refunds_before: date) -> bool:
        return self._write(lambda tx: statement_rows.forget(tx, payments_before, refunds_before))

    def close(self) -> None:
        self._database.close()

    def _read(self, work: Callable[[Connection], T]) -> T:
        return self._database.read(work)

    def _write(self, work: Callable[[Connection], T]) -> T:
        return self._database.write(work)


def _begin(connection: Connection, day: date, sha1: str, totals: Totals) -> Statement:
    known = _statement(connection, day)
    if known is not None and known.sha1 == sha1:
        return known
    values = {
        "sha1": sha1,
        "payments": totals.payments,
        "paid_fen": totals.paid_fen,
        "refunds": totals.refunds,
        "refunded_fen": totals.refunded_fen,
        "staged": 0,
        "matched_at": None,
    }
    if known is None:
        connection.execute(insert(statement).values(day=day, run=0, **values))
        return Statement(day, sha1, totals, 0, 0, None)
    connection.execute(update(statement).where(statement.c.day == day).values(values))
    return Statement(day, sha1, totals, 0, known.run, None)


def _statement(connection: Connection, day: date) -> Statement | None:
    row = connection.execute(select(statement).where(statement.c.day == day)).first()
    return _to_statement(row) if row else None


def _to_statement(row: AnyRow) -> Statement:
    totals = Totals(row.payments, row.paid_fen, row.refunds, row.refunded_fen)
    return Statement(row.day, row.sha1, totals, row.staged, row.run, row.matched_at)
