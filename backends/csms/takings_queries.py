"""The statements on locks and on what CSMS has posted, built once. A page is as much as is asked
for, in the order of the index (channel, paid_at, pay_no)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, String, bindparam, select

from backends.csms.request_tables import bill_lock
from backends.csms.tables import payment, payment_bill

CHANNEL = "wechat_account"

_ORDER_NO = bindparam("order_no", type_=bill_lock.c.order_no.type)
_TRANSACTIONS: BindParameter[Sequence[str]] = bindparam("transactions", expanding=True)
_AFTER = bindparam("after_no", type_=String)

LOCKS = select(bill_lock).where(bill_lock.c.order_no == _ORDER_NO)

OF_TRANSACTIONS = (
    select(payment, payment_bill.c.bill_no, payment_bill.c.period)
    .add_columns(payment_bill.c.principal, payment_bill.c.late_fee)
    .select_from(payment.outerjoin(payment_bill, payment_bill.c.pay_no == payment.c.pay_no))
    .where(payment.c.channel_txn_no.in_(_TRANSACTIONS), payment.c.channel == CHANNEL)
    .order_by(payment.c.pay_no, payment_bill.c.bill_no)
)


def _page(*when: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    until = bindparam("until", type_=payment.c.paid_at.type)
    return (
        select(payment)
        .where(payment.c.channel == CHANNEL, payment.c.channel_txn_no != "")
        .where(payment.c.paid_at < until, *when)
        .order_by(payment.c.paid_at, payment.c.pay_no)
    )


_last = payment.alias("last")
_last_paid_at = select(_last.c.paid_at).where(_last.c.pay_no == _AFTER).scalar_subquery()
_FIRST = _page(payment.c.paid_at >= bindparam("since", type_=payment.c.paid_at.type))
_WITH = _page(payment.c.paid_at == _last_paid_at, payment.c.pay_no > _AFTER)
_BEHIND = _page(payment.c.paid_at > _last_paid_at)
"""When the last one was paid never leaves the database: drivers round it, each in its way."""


def first(limit: int) -> Select[*tuple[Any, ...]]:
    return _with_bills(_FIRST, limit)


def at_the_same_moment(limit: int) -> Select[*tuple[Any, ...]]:
    return _with_bills(_WITH, limit)


def later(limit: int) -> Select[*tuple[Any, ...]]:
    return _with_bills(_BEHIND, limit)


def _with_bills(page: Select[*tuple[Any, ...]], limit: int) -> Select[*tuple[Any, ...]]:
    """So many payments, each with the rows of its bills one after the other."""
    paid = page.limit(limit).subquery("paid")
    return (
        select(paid, payment_bill.c.bill_no, payment_bill.c.period)
        .add_columns(payment_bill.c.principal, payment_bill.c.late_fee)
        .select_from(paid.outerjoin(payment_bill, payment_bill.c.pay_no == paid.c.pay_no))
        .order_by(paid.c.paid_at, paid.c.pay_no, payment_bill.c.bill_no)
    )


PROBES = (
    select(bill_lock).where(bill_lock.c.order_no == ""),
    select(payment).where(payment.c.pay_no == ""),
)
"""Each names every column of the contract and finds no row."""
