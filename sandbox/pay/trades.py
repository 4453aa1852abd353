"""Orders at WeChat Pay: how they stand; asked about, closed, paid. How they are taken:
sandbox/pay/prepaying.py."""

import sqlite3
from datetime import datetime
from random import Random
from typing import Any

from sandbox.clock import SHANGHAI
from sandbox.pay.errors import PayError
from sandbox.pay.merchant import Merchant

PAID = ("SUCCESS", "REFUND")
_BANK = "CMB_DEBIT"
_SAID = {
    "SUCCESS": "支付成功",
    "REFUND": "转入退款",
    "NOTPAY": "订单未支付",
    "CLOSED": "订单已关闭",
}


def by_number(db: sqlite3.Connection, out_trade_no: str) -> sqlite3.Row:
    return _known(found(db, "out_trade_no", out_trade_no))


def by_transaction(db: sqlite3.Connection, transaction_id: str) -> sqlite3.Row:
    return _known(found(db, "transaction_id", transaction_id))


def found(db: sqlite3.Connection, column: str, value: str) -> sqlite3.Row | None:
    sql = f"SELECT * FROM trade WHERE {column} = ?"  # noqa: S608 - our own names
    row: sqlite3.Row | None = db.execute(sql, (value,)).fetchone()
    return row


def _known(row: sqlite3.Row | None) -> sqlite3.Row:
    if row is None:
        raise PayError(404, "ORDER_NOT_EXIST", "订单不存在")
    return row


def state_of(trade: sqlite3.Row, now: float) -> str:
    if trade["paid_at"] is not None:
        return "REFUND" if trade["refunded"] else "SUCCESS"
    over = trade["closed_at"] is not None or now >= trade["expires_at"]
    return "CLOSED" if over else "NOTPAY"


def close(db: sqlite3.Connection, out_trade_no: str, merchant: Merchant, now: float) -> None:
    trade = by_number(db, out_trade_no)
    if trade["paid_at"] is not None:
        raise PayError(400, merchant.paid_code, "该订单已支付")
    db.execute(
        "UPDATE trade SET closed_at = coalesce(closed_at, ?) WHERE out_trade_no = ?",
        (now, out_trade_no),
    )


def pay(db: sqlite3.Connection, trade: sqlite3.Row, now: float, rng: Random) -> sqlite3.Row:
    """The trade as it is afterwards; the caller has found it payable in the same transaction."""
    day = datetime.fromtimestamp(now, SHANGHAI)
    serial = "".join(rng.choices("0123456789", k=10))
    transaction_id = f"420000{rng.randrange(1000, 9999)}{day:%Y%m%d}{serial}"
    db.execute(
        "UPDATE trade SET transaction_id = ?, paid_at = ? WHERE out_trade_no = ?",
        (transaction_id, now, trade["out_trade_no"]),
    )
    return by_number(db, trade["out_trade_no"])


def view(trade: sqlite3.Row, merchant: Merchant, now: float, lag_s: float = 0.0) -> dict[str, Any]:
    """What a query answers. `lag_s`: for so long after the payment it is not known everywhere."""
    state = state_of(trade, now)
    lags = trade["paid_at"] is not None and now < trade["paid_at"] + lag_s
    if lags:
        state = "NOTPAY"
    shown: dict[str, Any] = {
        "appid": merchant.appid,
        "mchid": merchant.mchid,
        "out_trade_no": trade["out_trade_no"],
        "trade_state": state,
        "trade_state_desc": _SAID[state],
        "attach": trade["attach"],
    }
    if trade["paid_at"] is None or lags:
        return {**shown, "amount": {"total": trade["total_fen"], "currency": "CNY"}}
    return {**shown, **_paid_part(trade)}


def _paid_part(trade: sqlite3.Row) -> dict[str, Any]:
    total = trade["total_fen"]
    money = {"total": total, "payer_total": total, "currency": "CNY", "payer_currency": "CNY"}
    return {
        "transaction_id": trade["transaction_id"],
        "trade_type": "JSAPI",
        "bank_type": _BANK,
        "success_time": rfc3339(trade["paid_at"]),
        "payer": {"openid": trade["openid"]},
        "amount": money,
        "promotion_detail": [],
    }


def rfc3339(at: float) -> str:
    return datetime.fromtimestamp(at, SHANGHAI).isoformat(timespec="seconds")
