"""Reads the three books from where they lie."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, Engine, text

from sandbox.pay.store import PayStore
from tests.load.month.books import (
    PAID,
    Bill,
    Books,
    City,
    GivenBack,
    Item,
    Listed,
    Order,
    Ours,
    Payment,
    Refund,
    Trade,
    WeChat,
)

ITEMS = text(
    "SELECT order_no, acct_no, bill_no, principal_fen + late_fee_fen, posted_fen, credited_fen,"
    " returned_fen, posted_at IS NOT NULL FROM pay_item"
)
ORDERS = text("SELECT order_no, transaction_id, openid, amount_fen, state FROM pay_order")
REFUNDS = text("SELECT refund_no, order_no, bill_no, amount_fen, state FROM pay_refund")
RECEIPTS = text("SELECT notice_key FROM notification WHERE kind = 'payment_received'")
ANSWERED = text(
    "SELECT submission_key FROM submission WHERE kind = 'payment' AND state IN ('done', 'returned')"
)
LISTED = text("SELECT mismatch, diff_key, order_no, resolved_at IS NOT NULL FROM difference")
PAYMENTS = text(
    "SELECT pay_id, pay_no, channel_txn_no, acct_no, amount_fen FROM payment"
    " WHERE channel = 'wechat_account' AND channel_txn_no IS NOT NULL AND pay_id > :after"
    " ORDER BY pay_id"
)
SHARES = text(
    "SELECT a.pay_id, b.bill_no, a.late_fee_fen + a.principal_fen FROM payment_alloc a"
    " JOIN bill b ON b.bill_id = a.bill_id WHERE a.pay_id > :after"
)
BALANCES = text(
    "SELECT ref_pay_id, sum(delta_fen) FROM prepay_ledger WHERE ref_pay_id > :after"
    " GROUP BY ref_pay_id"
)
BILLS = text(
    "SELECT b.bill_no, b.amount_fen + coalesce(f.accrued_fen - f.waived_fen, 0),"
    " b.paid_fen + coalesce(f.paid_fen, 0), sum(a.late_fee_fen + a.principal_fen)"
    " FROM bill b JOIN payment_alloc a ON a.bill_id = b.bill_id"
    " LEFT JOIN late_fee f ON f.bill_id = b.bill_id"
    " WHERE b.bill_id IN (SELECT bill_id FROM payment_alloc WHERE pay_id > :after)"
    " GROUP BY b.bill_no, b.amount_fen, b.paid_fen, f.accrued_fen, f.waived_fen, f.paid_fen"
)


def books(pay: PayStore, records: Engine, city: Engine, *, after_pay_id: int) -> Books:
    """`after_pay_id`: the last payment at CSMS before the month."""
    with records.connect() as connection:
        ours = _ours(connection)
    with city.connect() as connection:
        return Books(_wechat(pay), ours, _city(connection, after_pay_id))


def _wechat(pay: PayStore) -> WeChat:
    with pay.reading() as db:
        trades = db.execute(
            "SELECT out_trade_no, transaction_id, openid, total_fen FROM trade"
            " WHERE paid_at IS NOT NULL"
        ).fetchall()
        back = db.execute(
            "SELECT out_refund_no, out_trade_no, amount_fen FROM refund WHERE status = 'SUCCESS'"
        ).fetchall()
    return WeChat(
        {row[0]: Trade(*row) for row in map(tuple, trades)},
        {row[0]: GivenBack(*row) for row in map(tuple, back)},
    )


def _ours(connection: Connection) -> Ours:
    items = defaultdict[str, list[Item]](list)
    for number, acct_no, bill_no, fen, posted, credited, returned, is_posted in connection.execute(
        ITEMS
    ):
        sums = (posted, credited, returned)
        items[number].append(Item(number, acct_no.strip(), bill_no, fen, *sums, bool(is_posted)))
    orders = {
        number: Order(number, transaction_id, openid, fen, state, tuple(items[number]))
        for number, transaction_id, openid, fen, state in connection.execute(ORDERS)
    }
    refunds = {row[0]: Refund(*row) for row in connection.execute(REFUNDS)}
    listed = tuple(
        Listed(mismatch, key, order_no, bool(settled))
        for mismatch, key, order_no, settled in connection.execute(LISTED)
    )
    return Ours(
        orders,
        refunds,
        Counter(connection.scalars(RECEIPTS)),
        _handed_over(connection, orders),
        listed,
    )


def _handed_over(connection: Connection, orders: Mapping[str, Order]) -> Counter[str]:
    """Payments name the transaction: pay:<transaction_id>:<item key>."""
    number_of = {one.transaction_id: one.order_no for one in orders.values() if one.state in PAID}
    keys = (key.split(":", 2)[1] for key in connection.scalars(ANSWERED))
    return Counter(number_of.get(transaction_id, "") for transaction_id in keys)


def _city(connection: Connection, after: int) -> City:
    bound = {"after": after}
    bills = defaultdict[int, dict[str, int]](dict)
    for pay_id, bill_no, fen in connection.execute(SHARES, bound):
        bills[pay_id][bill_no] = fen
    balances: dict[int, int] = {one: int(fen) for one, fen in connection.execute(BALANCES, bound)}
    payments = {
        pay_no: Payment(
            pay_no,
            transaction_id,
            acct_no.strip(),
            fen,
            dict(bills.get(pay_id, {})),
            balances.get(pay_id, 0),
        )
        for pay_id, pay_no, transaction_id, acct_no, fen in connection.execute(PAYMENTS, bound)
    }
    of_bills = {
        row[0]: Bill(row[0], *map(int, row[1:])) for row in connection.execute(BILLS, bound)
    }
    return City(payments, of_bills)
