"""Three books of one day, of any size, that agree but for a few rows: WeChat's bill as a file, our
orders and CSMS's postings as SQLite databases.

Four orders of five pay one bill, the fifth pays two. In the bill, as WeChat's, the rows are in no
order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Index, create_engine, insert

from backends.csms import tables as csms
from backends.csms.takings_queries import CHANNEL
from backends.ports import Order, OrderItem, OrderState, TradeRow
from backends.records.payments.rows import from_items, from_order
from backends.records.schema import upgrade
from backends.records.tables import citizen, pay_item, pay_order
from tests.reconciling.bills import lines

DAY = date(2026, 11, 25)
MIDNIGHT = datetime(2026, 11, 25, tzinfo=ZoneInfo("Asia/Shanghai"))
WHO = "oBENCHreconcile"
INSERTED_AT_ONCE: Final = 5000
STEP: Final = 7_368_787
"""A prime: the rows are as many steps apart, so in no order, and each comes once."""

INDEXES = (
    Index("ix_bench_paid", csms.payment.c.channel, csms.payment.c.paid_at, csms.payment.c.pay_no),
    Index("ix_bench_transaction", csms.payment.c.channel_txn_no),
)


@dataclass(frozen=True, slots=True)
class Laid:
    """`differences`: how many the comparison must find."""

    rows: int
    bill: Path
    records_url: str
    csms_url: str
    differences: int


def lay_out(folder: Path, rows: int) -> Laid:
    """Of each 10,000 rows one is no order of ours, and one is not posted at CSMS."""
    records, exchange = (f"sqlite:///{folder / name}.sqlite3" for name in ("own", "csms"))
    upgrade(records)
    _keep_orders(records, rows)
    _keep_postings(exchange, rows)
    bill = folder / "bill.csv"
    with bill.open("w", encoding="utf-8-sig", newline="") as file:
        file.writelines(f"{line}\r\n" for line in lines(_bill_rows(rows)))
    differences = sum(_is_foreign(number) + _is_late(number) for number in range(rows))
    return Laid(rows, bill, records, exchange, differences)


def order(number: int) -> Order:
    paid_at = MIDNIGHT + timedelta(seconds=number % 86_000)
    bills = 2 if number % 5 == 0 else 1
    items = tuple(
        OrderItem(
            acct_no=f"3{number % 10**9:09d}",
            bill_no=f"B{number:014d}{month:02d}",
            period=f"2026-{month:02d}",
            principal_fen=1000 + number % 9000,
            late_fee_fen=number % 3,
        )
        for month in range(10, 10 + bills)
    )
    return Order(
        order_no=f"WD{number:022d}",
        openid=WHO,
        items=items,
        placed_at=paid_at - timedelta(minutes=1),
        expires_at=paid_at + timedelta(minutes=14),
        state=OrderState.SETTLED,
        transaction_id=f"4200{number:024d}",
        paid_at=paid_at,
    )


def _is_foreign(number: int) -> bool:
    return number % 10_000 == 17


def _is_late(number: int) -> bool:
    """One bill, so one difference."""
    return number % 10_000 == 4_718


def _bill_rows(rows: int) -> Iterator[TradeRow]:
    for place in range(rows):
        paid = order(place * STEP % rows)
        yield TradeRow(
            row_no=0,
            order_no=paid.order_no,
            transaction_id=paid.transaction_id,
            amount_fen=paid.amount_fen,
            state="SUCCESS",
            at=paid.paid_at or MIDNIGHT,
        )


def _keep_orders(url: str, rows: int) -> None:
    kept = (order(number) for number in range(rows) if not _is_foreign(number))
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(insert(citizen).values(openid=WHO, first_seen_at=MIDNIGHT))
        while portion := list(islice(kept, INSERTED_AT_ONCE)):
            connection.execute(insert(pay_order), [from_order(one) for one in portion])
            posted = {"posted_at": MIDNIGHT}
            items = [{**item, **posted} for one in portion for item in from_items(one)]
            connection.execute(insert(pay_item), items)
    engine.dispose()


def _keep_postings(url: str, rows: int) -> None:
    posted = (
        order(number) for number in range(rows) if not (_is_foreign(number) or _is_late(number))
    )
    engine = create_engine(url)
    csms.metadata.create_all(engine, [csms.payment, csms.payment_bill])
    with engine.begin() as connection:
        while portion := list(islice(posted, INSERTED_AT_ONCE)):
            taken = [(one, item) for one in portion for item in one.items]
            connection.execute(insert(csms.payment), [_payment(*one) for one in taken])
            connection.execute(insert(csms.payment_bill), [_billed(item) for _, item in taken])
    engine.dispose()


def _payment(paid: Order, item: OrderItem) -> dict[str, Any]:
    return {
        "pay_no": f"P{item.bill_no}",
        "acct_no": item.acct_no,
        "channel": CHANNEL,
        "amount": Decimal(item.amount_fen).scaleb(-2),
        "paid_at": (paid.paid_at or MIDNIGHT).replace(tzinfo=None),
        "state": "paid",
        "channel_txn_no": paid.transaction_id,
    }


def _billed(item: OrderItem) -> dict[str, Any]:
    return {
        "pay_no": f"P{item.bill_no}",
        "bill_no": item.bill_no,
        "period": item.period,
        "principal": Decimal(item.principal_fen).scaleb(-2),
        "late_fee": Decimal(item.late_fee_fen).scaleb(-2),
    }
