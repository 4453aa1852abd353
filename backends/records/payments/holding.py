"""Holds: of the orders that are about to pay a bill only one at a time may go on.

Keys are taken in order, so that two orders with the same bills never wait crosswise. A key that
another takes between the look and the insert is a unique violation: `Database.write` runs again,
and the look finds it.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select, update

from backends.ports import Order
from backends.records.payments import looking
from backends.records.payments.rows import TO_PAY
from backends.records.tables import pay_hold, pay_item, pay_order

_HELD = (
    select(pay_item.c.item_key, pay_hold.c.order_no)
    .outerjoin(pay_hold, pay_hold.c.item_key == pay_item.c.item_key)
    .where(pay_item.c.order_no == bindparam("order_no"))
    .order_by(pay_item.c.item_key)
)


def hold(connection: Connection, order_no: str) -> tuple[Order, ...]:
    if not lock(connection, order_no, pay_order.c.state.in_(TO_PAY)):
        return ()
    held = _held(connection, order_no)
    others = sorted({holder for holder in held.values() if holder} - {order_no})
    if others:
        return looking.found(
            connection, looking.BY_NUMBERS.order_by(pay_order.c.order_no), order_nos=others
        )
    _take(connection, order_no, (key for key, holder in held.items() if holder is None))
    return ()


def take_free(connection: Connection, order_no: str) -> None:
    """What nobody else holds."""
    held = _held(connection, order_no)
    _take(connection, order_no, (key for key, holder in held.items() if holder is None))


def holds_all(connection: Connection, order_no: str) -> bool:
    return all(holder == order_no for holder in _held(connection, order_no).values())


def release(connection: Connection, order_no: str, *only: ColumnElement[bool]) -> None:
    connection.execute(delete(pay_hold).where(pay_hold.c.order_no == order_no, *only))


def lock(connection: Connection, order_no: str, *wanted: ColumnElement[bool]) -> bool:
    """Until the transaction ends; False when there is no such order, or not as wanted. An update
    that changes nothing, for nothing else locks alike on all three databases."""
    same = update(pay_order).where(pay_order.c.order_no == order_no, *wanted)
    return connection.execute(same.values(state=pay_order.c.state)).rowcount > 0


def _held(connection: Connection, order_no: str) -> dict[str, Any]:
    """Item key → who holds it, None for nobody; by key."""
    return {row.item_key: row.order_no for row in connection.execute(_HELD, {"order_no": order_no})}


def _take(connection: Connection, order_no: str, item_keys: Iterable[str]) -> None:
    rows = [{"item_key": key, "order_no": order_no} for key in item_keys]
    if rows:
        connection.execute(insert(pay_hold), rows)
