"""Rows of trade bills: taken over in portions, read by order number, gone when they have served.

A portion goes in together with how many there are by then: so nobody takes over one twice.
"""

from collections.abc import Sequence, Set
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from backends.ports import TradeRow
from backends.records.pushes.rows import AnyRow
from backends.records.tables import statement, statement_row

GONE_AT_ONCE = 5000

_IS_REFUND = or_(statement_row.c.refund_no != "", statement_row.c.refund_id != "")
_DAYS = statement_row.c.day.in_(bindparam("days", expanding=True))
_NUMBERS: BindParameter[Sequence[str]] = bindparam("numbers", expanding=True)
_PAID_ORDERS = select(statement_row.c.order_no).where(
    _DAYS, statement_row.c.order_no.in_(_NUMBERS), ~_IS_REFUND
)
_PAID_TRANSACTIONS = select(statement_row.c.transaction_id).where(
    _DAYS, statement_row.c.transaction_id.in_(_NUMBERS), ~_IS_REFUND
)
_REFUNDED = select(statement_row.c.refund_no).where(statement_row.c.refund_no.in_(_NUMBERS))
_PAGE = (
    select(statement_row)
    .where(
        statement_row.c.day == bindparam("day"),
        statement_row.c.order_no > bindparam("after"),
        statement_row.c.order_no <= bindparam("last"),
    )
    .order_by(statement_row.c.order_no, statement_row.c.row_no)
)
_EARLIEST = select(func.min(statement.c.day)).where(
    statement.c.day < bindparam("before"), statement.c.staged > 0
)
_BEYOND = (
    select(statement_row.c.order_no)
    .where(statement_row.c.day == bindparam("day"), ~_IS_REFUND)
    .order_by(statement_row.c.order_no)
    .offset(GONE_AT_ONCE)
    .limit(1)
)


def stage(
    connection: Connection, of_file: tuple[date, str], start: int, rows: Sequence[TradeRow]
) -> bool:
    day, sha1 = of_file
    awaited = update(statement).where(
        statement.c.day == day, statement.c.sha1 == sha1, statement.c.staged == start
    )
    if not connection.execute(awaited.values(staged=start + len(rows))).rowcount:
        return False
    if start == 0:
        # Those of another file, or refunds that were kept for longer.
        connection.execute(delete(statement_row).where(statement_row.c.day == day))
    if rows:
        connection.execute(insert(statement_row), [_from_row(day, row) for row in rows])
    return True


def page(connection: Connection, day: date, after: str, limit: int) -> tuple[TradeRow, ...]:
    last = connection.execute(_last_of_page(limit), {"day": day, "after": after}).scalar()
    if last is None:
        return ()
    found = connection.execute(_PAGE, {"day": day, "after": after, "last": last})
    return tuple(map(_to_row, found))


def paid_orders(connection: Connection, days: Sequence[date], numbers: Sequence[str]) -> Set[str]:
    return _named(connection, _PAID_ORDERS, numbers, days=list(days))


def paid_transactions(
    connection: Connection, days: Sequence[date], numbers: Sequence[str]
) -> Set[str]:
    return _named(connection, _PAID_TRANSACTIONS, numbers, days=list(days))


def refunded(connection: Connection, numbers: Sequence[str]) -> Set[str]:
    return _named(connection, _REFUNDED, numbers)


def forget(connection: Connection, payments_before: date, refunds_before: date) -> bool:
    day = connection.execute(_EARLIEST, {"before": payments_before}).scalar()
    if day is not None:
        _forget_payments(connection, day)
        return True
    connection.execute(delete(statement_row).where(statement_row.c.day < refunds_before))
    return False


def _forget_payments(connection: Connection, day: date) -> None:
    """A day whose rows are not all here counts as one that was not taken over."""
    payments = delete(statement_row).where(statement_row.c.day == day, ~_IS_REFUND)
    beyond = connection.execute(_BEYOND, {"day": day}).scalar()
    if beyond is not None:
        payments = payments.where(statement_row.c.order_no < beyond)
    connection.execute(payments)
    if beyond is None:
        gone = update(statement).where(statement.c.day == day).values(staged=0)
        connection.execute(gone)


def _last_of_page(limit: int) -> Select[*tuple[Any, ...]]:
    numbers = (
        select(statement_row.c.order_no)
        .where(
            statement_row.c.day == bindparam("day"),
            statement_row.c.order_no > bindparam("after"),
        )
        .distinct()
        .order_by(statement_row.c.order_no)
        .limit(limit)
        .subquery()
    )
    return select(func.max(numbers.c.order_no))


def _named(
    connection: Connection,
    wanted: Select[*tuple[Any, ...]],
    numbers: Sequence[str],
    **named: object,
) -> Set[str]:
    if not numbers:
        return frozenset()
    values = {"numbers": list(numbers), **named}
    return frozenset(connection.execute(wanted, values).scalars())


def _from_row(day: date, row: TradeRow) -> dict[str, Any]:
    return {
        "day": day,
        "order_no": row.order_no,
        "row_no": row.row_no,
        "transaction_id": row.transaction_id,
        "refund_no": row.refund_no,
        "refund_id": row.refund_id,
        "amount_fen": row.amount_fen,
        "state": row.state,
        "at": row.at,
    }


def _to_row(row: AnyRow) -> TradeRow:
    return TradeRow(
        row_no=row.row_no,
        order_no=row.order_no,
        transaction_id=row.transaction_id,
        amount_fen=row.amount_fen,
        state=row.state,
        at=row.at,
        refund_no=row.refund_no,
        refund_id=row.refund_id,
    )
