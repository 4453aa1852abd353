"""Orders up to where they are paid or closed: each change of state is one conditional update."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, insert, literal, select, update

from backends.errors import NumberTaken
from backends.ports import Order, OrderDropped, OrderState, WhyClosed
from backends.ports.orders import FIRST_LOOK
from backends.records.payments import holding
from backends.records.payments.rows import (
    CLOSED,
    CLOSING,
    OPEN,
    PLACED,
    PREPAID,
    TO_PAY,
    from_items,
    from_order,
)
from backends.records.tables import pay_item, pay_order

_never_asked = (pay_order.c.state == PLACED, pay_order.c.asked_at.is_(None))


def place(connection: Connection, order: Order) -> None:
    """A number that another takes between the look and the insert is a unique violation;
    `Database.write` then runs again, and the look finds it."""
    known = select(pay_order.c.openid).where(pay_order.c.order_no == order.order_no)
    found = connection.execute(known).first()
    if found is None:
        connection.execute(insert(pay_order).values(from_order(order)))
        connection.execute(insert(pay_item), from_items(order))
    elif found.openid != order.openid:
        raise NumberTaken


def asking(connection: Connection, order_no: str, now: datetime) -> bool:
    if not holding.lock(connection, order_no, pay_order.c.state == PLACED):
        return False
    if not holding.holds_all(connection, order_no):
        return False
    first = case((pay_order.c.asked_at.is_(None), _time(now)), else_=pay_order.c.asked_at)
    asked = {"asked_at": first, "look_at": _soon(now)}
    return _change(connection, order_no, asked, pay_order.c.state == PLACED)


def prepaid(connection: Connection, order_no: str, prepay_id: str, now: datetime) -> bool:
    values = {"state": PREPAID, "prepay_id": prepay_id, "look_at": _soon(now)}
    return _change(connection, order_no, values, pay_order.c.state.in_(TO_PAY))


def drop(connection: Connection, order_no: str, why: WhyClosed, now: datetime) -> OrderState | None:
    closed = {"state": CLOSED, "why_closed": why.value, "look_at": None}
    closing = {"state": CLOSING, "why_closed": why.value, "look_at": now}
    if _change(connection, order_no, closed, *_never_asked):
        holding.release(connection, order_no)
        return OrderState.CLOSED
    if _change(connection, order_no, closing, pay_order.c.state.in_(TO_PAY)):
        return OrderState.CLOSING
    stays = select(pay_order.c.state).where(pay_order.c.order_no == order_no)
    found = connection.execute(stays).first()
    return OrderState(found.state) if found else None


def drop_own(connection: Connection, dropped: OrderDropped) -> None:
    whose = select(pay_order.c.openid).where(pay_order.c.order_no == dropped.order_no)
    if connection.execute(whose).scalar() == dropped.openid:
        drop(connection, dropped.order_no, dropped.why, dropped.at)


def closed(connection: Connection, order_no: str) -> bool:
    values = {"state": CLOSED, "look_at": None}
    if not _change(connection, order_no, values, pay_order.c.state == CLOSING):
        return False
    holding.release(connection, order_no)
    return True


def look_again(connection: Connection, order_no: str, at: datetime) -> None:
    """One look is due when the order expires: the one before must have been due later to let it
    pass."""
    expires_between = (pay_order.c.look_at < pay_order.c.expires_at) & (pay_order.c.expires_at < at)
    look_at = case((expires_between, pay_order.c.expires_at), else_=_time(at))
    _change(connection, order_no, {"look_at": look_at}, pay_order.c.state.in_(OPEN))


def _soon(now: datetime) -> ColumnElement[datetime]:
    first = now + FIRST_LOOK
    return case((pay_order.c.expires_at < first, pay_order.c.expires_at), else_=_time(first))


def _time(at: datetime) -> ColumnElement[datetime]:
    return literal(at, pay_order.c.look_at.type)


def _change(
    connection: Connection, order_no: str, values: dict[str, Any], *wanted: ColumnElement[bool]
) -> bool:
    changed = update(pay_order).where(pay_order.c.order_no == order_no, *wanted)
    return connection.execute(changed.values(values)).rowcount > 0
