"""The three books of a day for `bench.reconcile`: every payment in all of them, a bill each."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, create_engine

from backends.csms.request_tables import bill_lock
from backends.ports import TradeRow
from backends.records.tables import citizen, pay_item, pay_order
from tests.contract import exchange_schema as csms
from tests.contract.exchange import publish
from tests.reconciling.bills import lines, paid
from tests.upgraded import upgraded_sqlite

DAY = date(2026, 11, 25)
NOON = datetime.fromisoformat("2026-11-25T12:00:00+08:00")
SOMEBODY = "oBENCH00000000000000000000001"
AT_ONCE = 5000


def write_books(folder: Path, rows: int) -> None:
    """bill.csv, own.sqlite3 and csms.sqlite3 in the folder."""
    with (folder / "bill.csv").open("w", encoding="utf-8-sig", newline="") as file:
        for line in lines(_trade(number) for number in range(rows)):
            file.write(line + "\r\n")
    own = create_engine(upgraded_sqlite(folder / "own.sqlite3"))
    followed = {"openid": SOMEBODY, "followed_at": NOON, "first_seen_at": NOON}
    known = {name: value for name, value in followed.items() if name in citizen.c}
    _fill(own, citizen, iter([known]))
    _fill(own, pay_order, (_order(number) for number in range(rows)))
    _fill(own, pay_item, (_item(number) for number in range(rows)))
    own.dispose()
    url = f"sqlite:///{folder / 'csms.sqlite3'}"
    publish(url, (), (), mobiles={})
    theirs = create_engine(url)
    bill_lock.create(theirs, checkfirst=True)
    _fill(theirs, csms.payments, (_posted(number) for number in range(rows)))
    _fill(theirs, csms.paid_bills, (_posted_bill(number) for number in range(rows)))
    theirs.dispose()


def _fill(engine: Engine, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    with engine.begin() as connection:
        while some := list(islice(rows, AT_ONCE)):
            connection.execute(table.insert(), some)


def _number(number: int) -> str:
    """In the bill they do not come in order."""
    return f"WD{number * 7_919 % 10_000_019:022d}"


def _at(number: int) -> datetime:
    return NOON + timedelta(milliseconds=number % 40_000_000)


def _trade(number: int) -> TradeRow:
    return paid(_number(number), 4392, transaction_id=f"4200{number:024d}", at=_at(number))


def _order(number: int) -> dict[str, Any]:
    return {
        "order_no": _number(number),
        "openid": SOMEBODY,
        "payer": "known",
        "state": "settled",
        "amount_fen": 4392,
        "placed_at": NOON,
        "expires_at": NOON + timedelta(minutes=15),
        "asked_at": NOON,
        "prepay_id": "wx1",
        "transaction_id": f"4200{number:024d}",
        "paid_at": _at(number),
        "paid_day": DAY,
        "why_closed": "",
        "look_at": None,
    }


def _item(number: int) -> dict[str, Any]:
    return {
        "order_no": _number(number),
        "item_key": f"B{number:012d}",
        "item_no": 0,
        "acct_no": f"{3_100_000_000 + number}",
        "bill_no": f"B{number:012d}",
        "period": "2026-10",
        "principal_fen": 4392,
        "late_fee_fen": 0,
        "posted_fen": 4392,
        "credited_fen": 0,
        "returned_fen": 0,
        "pay_no": f"P{number:010d}",
        "event_id": number,
        "posted_at": NOON,
    }


def _posted(number: int) -> dict[str, Any]:
    return {
        "pay_no": f"P{number:010d}",
        "acct_no": f"{3_100_000_000 + number}",
        "channel": "wechat_account",
        "amount": Decimal("43.92"),
        "paid_at": _at(number).replace(tzinfo=None, microsecond=0),
        "state": "paid",
        "channel_txn_no": f"4200{number:024d}",
    }


def _posted_bill(number: int) -> dict[str, Any]:
    return {
        "pay_no": f"P{number:010d}",
        "bill_no": f"B{number:012d}",
        "period": "2026-10",
        "principal": Decimal("43.92"),
        "late_fee": Decimal("0.00"),
    }
