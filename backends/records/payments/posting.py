"""CSMS has posted an item of a paid order, each once."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from backends.ports import Posting, Refund
from backends.records.payments import holding, refunding
from backends.records.payments.rows import PAID, SETTLED
from backends.records.tables import pay_hold, pay_item, pay_order


def post(connection: Connection, posting: Posting, refund: Refund | None, now: datetime) -> bool:
    """The order is locked: of two last items that are posted at once the second makes it
    SETTLED."""
    if not holding.lock(connection, posting.order_no, pay_order.c.state == PAID):
        return False
    if not _post(connection, posting, now):
        return False
    holding.release(connection, posting.order_no, pay_hold.c.item_key == posting.item_key)
    if refund is not None and refunding.may_propose(connection, refund):
        refunding.insert_new(connection, refund)
    _settle(connection, posting.order_no)
    return True


def _post(connection: Connection, posting: Posting, now: datetime) -> bool:
    changed = connection.execute(
        update(pay_item)
        .where(
            pay_item.c.order_no == posting.order_no,
            pay_item.c.item_key == posting.item_key,
            pay_item.c.posted_at.is_(None),
        )
        .values(
            posted_fen=posting.posted_fen,
            credited_fen=posting.credited_fen,
            returned_fen=posting.returned_fen,
            pay_no=posting.pay_no,
            event_id=posting.event_id,
            posted_at=now,
        )
    )
    return changed.rowcount > 0


def _settle(connection: Connection, order_no: str) -> None:
    unposted = select(pay_item.c.item_key).where(
        pay_item.c.order_no == order_no, pay_item.c.posted_at.is_(None)
    )
    connection.execute(
        update(pay_order)
        .where(pay_order.c.order_no == order_no, pay_order.c.state == PAID, ~unposted.exists())
        .values(state=SETTLED)
    )
