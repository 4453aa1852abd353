"""Orders are looked up: the statements, built once, and how rows of two tables become values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from backends.ports import Order, OrderState, Posting
from backends.records.columns import SHANGHAI
from backends.records.payments.rows import IN_FLIGHT, PAID, AnyRow, to_order, to_posting
from backends.records.tables import pay_hold, pay_item, pay_order

_DAY = timedelta(days=1)

BY_NUMBERS = select(pay_order).where(
    pay_order.c.order_no.in_(bindparam("order_nos", expanding=True))
)
LATEST = (
    select(pay_order)
    .where(pay_order.c.openid == bindparam("openid"))
    .order_by(pay_order.c.placed_at.desc())
    .limit(1)
)
_ITEMS = (
    select(pay_item)
    .where(pay_item.c.order_no.in_(bindparam("order_nos", expanding=True)))
    .order_by(pay_item.c.order_no, pay_item.c.item_no)
)
_HOLDERS = (
    select(pay_hold.c.item_key, pay_order)
    .join(pay_order, pay_order.c.order_no == pay_hold.c.order_no)
    .where(
        pay_hold.c.item_key.in_(bindparam("item_keys", expanding=True)),
        pay_order.c.state.in_(IN_FLIGHT),
    )
)
_DUE = (
    select(pay_order)
    .where(pay_order.c.look_at <= bindparam("now"))
    .order_by(pay_order.c.look_at, pay_order.c.order_no)
)
_UNPOSTED = (
    select(pay_order)
    .where(
        pay_order.c.state == PAID,
        pay_order.c.order_no > bindparam("after"),
        pay_order.c.paid_at < bindparam("paid_before"),
    )
    .order_by(pay_order.c.order_no)
)
_PAID_ON = (
    select(pay_order)
    .where(
        pay_order.c.paid_day == bindparam("day"),
        pay_order.c.order_no > bindparam("after"),
        pay_order.c.paid_at >= bindparam("since"),
        pay_order.c.paid_at < bindparam("until"),
    )
    .order_by(pay_order.c.order_no)
)
_COUNTS = (
    select(pay_order.c.state, func.count(), func.sum(pay_order.c.amount_fen))
    .where(
        # Named one by one, so that the index on state and time is read.
        pay_order.c.state.in_([state.value for state in OrderState]),
        pay_order.c.placed_at >= bindparam("since"),
    )
    .group_by(pay_order.c.state)
)


def found(connection: Connection, wanted: Select[Any], **named: object) -> tuple[Order, ...]:
    return orders(connection, connection.execute(wanted, named).all())


def orders(connection: Connection, rows: Sequence[AnyRow]) -> tuple[Order, ...]:
    """In the order of the rows."""
    items = _items(connection, {row.order_no for row in rows})
    return tuple(to_order(row, items[row.order_no]) for row in rows)


def in_flight(connection: Connection, item_keys: Sequence[str]) -> Mapping[str, Order]:
    rows = connection.execute(_HOLDERS, {"item_keys": list(item_keys)}).all()
    return {row.item_key: order for row, order in zip(rows, orders(connection, rows), strict=True)}


def due(connection: Connection, now: datetime, limit: int) -> tuple[Order, ...]:
    return found(connection, _DUE.limit(limit), now=now)


def unposted(
    connection: Connection, paid_before: datetime, after: str, limit: int
) -> tuple[tuple[Order, frozenset[str]], ...]:
    named = {"paid_before": paid_before, "after": after}
    rows = connection.execute(_UNPOSTED.limit(limit), named).all()
    items = _items(connection, {row.order_no for row in rows})
    return tuple(
        (
            to_order(row, items[row.order_no]),
            frozenset(one.item_key for one in items[row.order_no] if one.posted_at is None),
        )
        for row in rows
    )


def paid_between(
    connection: Connection, since: datetime, until: datetime, after: str, limit: int
) -> tuple[Order, ...]:
    """A page of each day, of which the lowest numbers are the page of all: so a page costs the same
    however many were paid on these days."""
    named = {"since": since, "until": until, "after": after}
    rows = [
        row
        for day in _days(since, until)
        for row in connection.execute(_PAID_ON.limit(limit), {"day": day, **named})
    ]
    rows.sort(key=lambda row: str(row.order_no))
    return orders(connection, rows[:limit])


def postings(connection: Connection, order_nos: Sequence[str]) -> Mapping[str, tuple[Posting, ...]]:
    posted = {
        order_no: tuple(to_posting(row) for row in rows if row.posted_at is not None)
        for order_no, rows in _items(connection, set(order_nos)).items()
    }
    return {order_no: its for order_no, its in posted.items() if its}


def counts(connection: Connection, since: datetime) -> Mapping[OrderState, tuple[int, int]]:
    rows = connection.execute(_COUNTS, {"since": since})
    return {OrderState(state): (count, int(fen)) for state, count, fen in rows}


def _items(connection: Connection, order_nos: Iterable[str]) -> Mapping[str, list[AnyRow]]:
    items = defaultdict[str, list[AnyRow]](list)
    wanted = sorted(order_nos)
    for row in connection.execute(_ITEMS, {"order_nos": wanted}) if wanted else ():
        items[row.order_no].append(row)
    return items


def _days(since: datetime, until: datetime) -> Iterable[date]:
    day, last = since.astimezone(SHANGHAI).date(), until.astimezone(SHANGHAI).date()
    while day <= last:
        yield day
        day += _DAY
