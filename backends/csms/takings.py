"""`Takings` of the ports over the exchange database: locks go in as rows, and never change; what
was posted comes out of the views of payments. Safe to share between threads."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, insert

from backends.csms import takings_queries as queries
from backends.csms.asking import chunks, is_transaction_id
from backends.csms.cells import FEN, AnyRow, code, exact, local, moment, text
from backends.csms.fitting import SYSTEM, check
from backends.csms.request_tables import bill_lock
from backends.database import Database, open_database
from backends.ports import Order, OrderItem, Taking

LOCK, RELEASE = "lock", "release"

Rows = Mapping[str, Mapping[str, Any]]


def open_takings(url: str, *, pool_size: int, statement_timeout_s: float) -> "SqlTakings":
    return SqlTakings(
        open_database(
            SYSTEM,
            url,
            pool_size=pool_size,
            statement_timeout_s=statement_timeout_s,
            owned=True,
            existing=True,
        )
    )


class SqlTakings:
    def __init__(self, database: Database) -> None:
        self._database = database

    def lock(self, order: Order, now: datetime) -> None:
        rows = {item.bill_no: _lock(order, item, now) for item in order.items if item.bill_no}

        def append(connection: Connection) -> None:
            locked, _ = _known(connection, order)
            if missing := [row for bill_no, row in rows.items() if bill_no not in locked]:
                connection.execute(insert(bill_lock), missing)

        if rows:
            self._database.write(append)

    def release(self, order: Order, now: datetime) -> None:
        def append(connection: Connection) -> None:
            locked, released = _known(connection, order)
            rows = [
                {**row, "word": RELEASE, "at": local(now)}
                for bill_no, row in locked.items()
                if bill_no not in released
            ]
            if rows:
                connection.execute(insert(bill_lock), rows)

        self._database.write(append)

    def of_transactions(self, transaction_ids: Sequence[str]) -> Mapping[str, tuple[Taking, ...]]:
        wanted = [number for number in dict.fromkeys(transaction_ids) if is_transaction_id(number)]
        found: dict[str, tuple[Taking, ...]] = {}
        for chunk in chunks(wanted):
            for taking in self._takings(queries.OF_TRANSACTIONS, transactions=chunk):
                found[taking.transaction_id] = (*found.get(taking.transaction_id, ()), taking)
        return found

    def between(
        self, since: datetime, until: datetime, after: str, limit: int
    ) -> tuple[Taking, ...]:
        end = local(until)
        if not after:
            return self._takings(queries.first(limit), since=local(since), until=end)
        found = self._takings(queries.at_the_same_moment(limit), after_no=after, until=end)
        if len(found) == limit:
            return found
        rest = queries.later(limit - len(found))
        return (*found, *self._takings(rest, after_no=after, until=end))

    def ping(self) -> None:
        def probe(connection: Connection) -> None:
            for statement in queries.PROBES:
                connection.execute(statement).all()

        self._database.read(probe)

    def close(self) -> None:
        self._database.close()

    def _takings(
        self, statement: Select[*tuple[Any, ...]], **parameters: object
    ) -> tuple[Taking, ...]:
        return self._database.read(
            lambda connection: tuple(_to_takings(connection.execute(statement, parameters)))
        )


def _lock(order: Order, item: OrderItem, now: datetime) -> dict[str, Any]:
    row = {
        "order_no": order.order_no,
        "bill_no": item.bill_no,
        "word": LOCK,
        "amount": Decimal(item.principal_fen).scaleb(-2),
        "late_fee": Decimal(item.late_fee_fen).scaleb(-2),
        "at": local(now),
        "until": local(order.expires_at),
    }
    check(bill_lock, row)
    return row


def _known(connection: Connection, order: Order) -> tuple[Rows, Rows]:
    """The order's rows by bill number: its locks, and their releases."""
    found = connection.execute(queries.LOCKS, {"order_no": order.order_no}).mappings().all()
    return _of(found, LOCK), _of(found, RELEASE)


def _of(rows: Iterable[Mapping[Any, Any]], word: str) -> Rows:
    return {code(row["bill_no"]): dict(row) for row in rows if code(row["word"]) == word}


def _to_takings(rows: Iterable[AnyRow]) -> Iterable[Taking]:
    for _, of_payment in groupby(rows, key=lambda row: str(row.pay_no)):
        yield _to_taking(tuple(of_payment))


def _to_taking(rows: Sequence[AnyRow]) -> Taking:
    """CSMS makes a payment for each bill; one of several bills is counted to the first."""
    paid = rows[0]
    billed = [row for row in rows if row.bill_no is not None]
    return Taking(
        pay_no=code(paid.pay_no),
        transaction_id=text(paid.channel_txn_no) or "",
        acct_no=code(paid.acct_no),
        bill_no=code(paid.bill_no) if billed else "",
        period=code(paid.period) if billed else "",
        principal_fen=sum(_fen(row.principal) for row in billed),
        late_fee_fen=sum(_fen(row.late_fee) for row in billed),
        amount_fen=_fen(paid.amount),
        paid_at=moment(paid.paid_at),
        state=code(paid.state),
    )


def _fen(amount: Decimal | None) -> int:
    return int(exact(amount, FEN).scaleb(2))
