"""Refunds: each change of state is one conditional update. Their order is locked while one is
added, so that two together never come to more than was paid."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from backends.errors import NumberTaken, Overtaken, Rejected
from backends.ports import Notice, Refund, RefundStanding, RefundState, RefundStatus
from backends.records.payments import holding
from backends.records.payments.rows import (
    NOT_GOING,
    TO_SEND,
    UNPAID,
    from_refund,
    to_refund,
    trouble,
)
from backends.records.pushes import planning
from backends.records.tables import pay_order, pay_refund

APPROVED, PROCESSING, ABNORMAL = (
    RefundState.APPROVED.value,
    RefundState.PROCESSING.value,
    RefundState.ABNORMAL.value,
)
MAY_BECOME: Mapping[RefundStatus, Sequence[str]] = {
    RefundStatus.PROCESSING: (APPROVED,),
    RefundStatus.SUCCESS: (APPROVED, PROCESSING, ABNORMAL),
    RefundStatus.ABNORMAL: (APPROVED, PROCESSING),
    RefundStatus.CLOSED: (APPROVED, PROCESSING, ABNORMAL),
}
"""Of what each becomes that state: what WeChat said earlier may be heard later."""

_REFUNDS = select(pay_refund, pay_order.c.openid).join(
    pay_order, pay_order.c.order_no == pay_refund.c.order_no
)
BY_NUMBER = _REFUNDS.where(pay_refund.c.refund_no == bindparam("refund_no"))
OF_ORDERS = _REFUNDS.where(
    pay_refund.c.order_no.in_(bindparam("order_nos", expanding=True))
).order_by(pay_refund.c.made_at, pay_refund.c.refund_no)
NEWEST = _REFUNDS.where(pay_refund.c.state.in_(bindparam("states", expanding=True))).order_by(
    pay_refund.c.made_at.desc(), pay_refund.c.refund_no.desc()
)
SUCCEEDED = _REFUNDS.where(
    pay_refund.c.succeeded_at >= bindparam("since"),
    pay_refund.c.succeeded_at < bindparam("until"),
    pay_refund.c.refund_no > bindparam("after"),
).order_by(pay_refund.c.refund_no)
DUE = _REFUNDS.where(pay_refund.c.look_at <= bindparam("now")).order_by(
    pay_refund.c.look_at, pay_refund.c.refund_no
)
_SAME = select(pay_refund.c.refund_key).where(
    or_(
        pay_refund.c.refund_key == bindparam("refund_key"),
        pay_refund.c.refund_no == bindparam("refund_no"),
    )
)
_GOING = select(func.coalesce(func.sum(pay_refund.c.amount_fen), 0)).where(
    pay_refund.c.order_no == bindparam("order_no"), pay_refund.c.state.not_in(NOT_GOING)
)
_PAID = select(pay_order.c.amount_fen).where(
    pay_order.c.order_no == bindparam("order_no"), pay_order.c.state.not_in(UNPAID)
)


def found(connection: Connection, wanted: Select[Any], **named: object) -> tuple[Refund, ...]:
    return tuple(map(to_refund, connection.execute(wanted, named)))


def propose(connection: Connection, refund: Refund) -> bool:
    holding.lock(connection, refund.order_no)
    if _is_known(connection, refund):
        return False
    if not _has_room(connection, refund):
        raise Rejected("refund", "too_much", "more than was paid for the order")
    insert_new(connection, refund)
    return True


def may_propose(connection: Connection, refund: Refund) -> bool:
    """The caller holds the order."""
    return not _is_known(connection, refund) and _has_room(connection, refund)


def insert_new(connection: Connection, refund: Refund) -> None:
    connection.execute(insert(pay_refund).values(from_refund(refund)))


def ask(connection: Connection, refund_no: str, by: str) -> bool:
    asked = {"state": RefundState.ASKED.value, "asked_by": by}
    return _change(connection, refund_no, [RefundState.PROPOSED.value], asked)


def approve(connection: Connection, refund_no: str, by: str, now: datetime) -> bool:
    approved = {"state": APPROVED, "approved_by": by, "look_at": now}
    by_another = pay_refund.c.asked_by != by
    return _change(connection, refund_no, [RefundState.ASKED.value], approved, by_another)


def refuse(connection: Connection, refund_no: str, by: str) -> bool:
    refused = {"state": RefundState.REFUSED.value, "approved_by": by}
    undecided = (RefundState.PROPOSED.value, RefundState.ASKED.value)
    return _change(connection, refund_no, undecided, refused)


def hear(
    connection: Connection,
    standing: RefundStanding,
    told: Notice | None,
    now: datetime,
    wait: timedelta,
) -> bool:
    _compare(connection, standing)
    waits = standing.status is RefundStatus.PROCESSING
    values = {
        "state": standing.status.value.lower(),
        "refund_id": standing.refund_id,
        "succeeded_at": standing.succeeded_at,
        "trouble": "",
        "look_at": now + wait if waits else None,
    }
    if _change(connection, standing.refund_no, MAY_BECOME[standing.status], values):
        planning.plan(connection, [told] if told else [], now)
        return True
    if waits:
        _change(connection, standing.refund_no, [PROCESSING], {"look_at": now + wait})
    return False


def fail(connection: Connection, refund_no: str, why: str, again_at: datetime) -> None:
    values = {"trouble": trouble(why), "look_at": again_at}
    _change(connection, refund_no, TO_SEND, values)


def _compare(connection: Connection, standing: RefundStanding) -> None:
    known = select(pay_refund.c.order_no, pay_refund.c.amount_fen).where(
        pay_refund.c.refund_no == standing.refund_no
    )
    row = connection.execute(known).first()
    if row is not None and tuple(row) != (standing.order_no, standing.amount_fen):
        raise Overtaken("records", "the refund")


def _is_known(connection: Connection, refund: Refund) -> bool:
    named = {"refund_key": refund.key, "refund_no": refund.refund_no}
    keys = connection.execute(_SAME, named).scalars().all()
    if keys and refund.key not in keys:
        raise NumberTaken
    return bool(keys)


def _has_room(connection: Connection, refund: Refund) -> bool:
    named = {"order_no": refund.order_no}
    paid = connection.execute(_PAID, named).scalar() or 0
    going = int(connection.execute(_GOING, named).scalar_one())
    return going + refund.amount_fen <= paid


def _change(
    connection: Connection,
    refund_no: str,
    of: Sequence[str],
    values: Mapping[str, Any],
    *wanted: ColumnElement[bool],
) -> bool:
    changed = update(pay_refund).where(
        pay_refund.c.refund_no == refund_no, pay_refund.c.state.in_(of), *wanted
    )
    return connection.execute(changed.values(dict(values))).rowcount > 0
