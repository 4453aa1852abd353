"""The money is there: the order is PAID, and what follows from that is on its way, or nothing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from backends.errors import NotFound, Overtaken
from backends.ports import Notice, Submission, Transaction
from backends.records import citizens, submission_effects
from backends.records.columns import SHANGHAI
from backends.records.payments import holding
from backends.records.payments.rows import PAID, UNPAID
from backends.records.pushes import planning
from backends.records.tables import pay_order


def pay(
    connection: Connection,
    transaction: Transaction,
    postings: Sequence[Submission],
    told: Notice | None,
    now: datetime,
) -> bool:
    """The citizen's row is locked first, then lanes in order, as everywhere: so nobody waits
    crosswise."""
    citizens.meet(connection, [(one.openid, now) for one in postings])
    if not _turn(connection, transaction):
        return _was_done(connection, transaction)
    holding.take_free(connection, transaction.order_no)
    for posting in sorted(postings, key=lambda one: (one.lane, one.key)):
        submission_effects.submit(connection, posting)
    planning.plan(connection, [told] if told else [], now)
    return True


def _turn(connection: Connection, transaction: Transaction) -> bool:
    elsewhere = select(pay_order.c.order_no).where(
        pay_order.c.transaction_id == transaction.transaction_id,
        pay_order.c.order_no != transaction.order_no,
    )
    if connection.execute(elsewhere).first() is not None:
        raise Overtaken("records", "the order")
    paid_at = transaction.paid_at
    changed = connection.execute(
        update(pay_order)
        .where(
            pay_order.c.order_no == transaction.order_no,
            pay_order.c.amount_fen == transaction.amount_fen,
            pay_order.c.state.in_(UNPAID),
        )
        .values(
            state=PAID,
            transaction_id=transaction.transaction_id,
            paid_at=paid_at,
            paid_day=paid_at.astimezone(SHANGHAI).date() if paid_at else None,
            look_at=None,
        )
    )
    return changed.rowcount > 0


def _was_done(connection: Connection, transaction: Transaction) -> bool:
    """False, for it was done before; or it is not what was paid."""
    known = select(pay_order.c.transaction_id, pay_order.c.amount_fen).where(
        pay_order.c.order_no == transaction.order_no
    )
    found = connection.execute(known).first()
    if found is None:
        raise NotFound("records", "order")
    if tuple(found) != (transaction.transaction_id, transaction.amount_fen):
        raise Overtaken("records", "the order")
    return False
