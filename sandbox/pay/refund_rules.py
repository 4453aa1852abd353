"""What may be refunded: of a payment, within a year, its sum at the most, in fifty parts, one a
minute."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from sandbox.pay import fields, trades
from sandbox.pay.errors import PayError, bad_field, invalid, too_often

_LONGEST_REASON_BYTES = 80
_MOST = 50
_GAP_S = 60
_WITHIN_S = 365 * 86_400
_ACCOUNTS = (None, "AVAILABLE", "UNSETTLED")


def checked(db: sqlite3.Connection, body: Mapping[str, Any], now: float) -> tuple[sqlite3.Row, int]:
    """The trade, and how much of it goes back."""
    reason = body.get("reason", "")
    if not isinstance(reason, str) or len(reason.encode()) > _LONGEST_REASON_BYTES:
        raise bad_field("/reason", reason, "reason 不超过 80 个字节")
    if body.get("funds_account") not in _ACCOUNTS:
        raise bad_field("/funds_account", body.get("funds_account"), "funds_account 取值错误")
    amount = fields.group(body, "amount")
    fields.currency(amount)
    refund_fen, total_fen = fields.fen(amount, "refund"), fields.fen(amount, "total")
    trade = _trade(db, body)
    if trade["paid_at"] is None:
        raise invalid("订单未支付，不能退款")
    if now > trade["paid_at"] + _WITHIN_S:
        raise invalid("订单已超过退款期限")
    if total_fen != trade["total_fen"]:
        raise invalid("订单金额与原订单不一致")
    _check_sum(db, trade, refund_fen, now)
    return trade, refund_fen


def _trade(db: sqlite3.Connection, body: Mapping[str, Any]) -> sqlite3.Row:
    number, transaction_id = body.get("out_trade_no"), body.get("transaction_id")
    if not isinstance(number or transaction_id, str):
        raise bad_field("/out_trade_no", number, "transaction_id 和 out_trade_no 不能同时为空")
    try:
        if transaction_id:
            return trades.by_transaction(db, transaction_id)
        return trades.by_number(db, str(number))
    except PayError as error:
        raise PayError(404, "RESOURCE_NOT_EXISTS", "订单不存在") from error


def _check_sum(db: sqlite3.Connection, trade: sqlite3.Row, refund_fen: int, now: float) -> None:
    """A CLOSED refund gave nothing back."""
    count, sum_fen, last_at = db.execute(
        "SELECT count(*), coalesce(sum(amount_fen), 0), max(made_at) FROM refund"
        " WHERE out_trade_no = ? AND status <> 'CLOSED'",
        (trade["out_trade_no"],),
    ).fetchone()
    if sum_fen + refund_fen > trade["total_fen"]:
        raise invalid("申请退款金额超过订单可退金额")
    if count >= _MOST:
        raise invalid("部分退款次数超过 50 次")
    if last_at is not None and now < last_at + _GAP_S:
        raise too_often("同一订单的部分退款须间隔 1 分钟")
