"""A refund as answers and as notifications show it: the same, by other names."""

import sqlite3
from typing import Any

from sandbox.pay.trades import rfc3339

_CARD = "招商银行储蓄卡0403"


def view(refund: sqlite3.Row, trade: sqlite3.Row) -> dict[str, Any]:
    """What asking for a refund and querying it answer."""
    shown = {
        **_numbers(refund, trade),
        "channel": refund["channel"],
        "user_received_account": _CARD,
        "create_time": rfc3339(refund["made_at"]),
        "status": refund["status"],
        "funds_account": "UNSETTLED",
        "amount": {
            **_money(refund, trade),
            "settlement_refund": refund["amount_fen"],
            "settlement_total": trade["total_fen"],
            "discount_refund": 0,
            "currency": "CNY",
        },
        "promotion_detail": [],
    }
    if refund["succeeded_at"] is not None:
        shown["success_time"] = rfc3339(refund["succeeded_at"])
    return shown


def told(refund: sqlite3.Row, trade: sqlite3.Row, mchid: str) -> dict[str, Any]:
    """What a notification holds: other names than a query has."""
    shown = {
        "mchid": mchid,
        **_numbers(refund, trade),
        "refund_status": refund["status"],
        "user_received_account": _CARD,
        "amount": _money(refund, trade),
    }
    if refund["succeeded_at"] is not None:
        shown["success_time"] = rfc3339(refund["succeeded_at"])
    return shown


def _numbers(refund: sqlite3.Row, trade: sqlite3.Row) -> dict[str, str]:
    return {
        "refund_id": refund["refund_id"],
        "out_refund_no": refund["out_refund_no"],
        "transaction_id": trade["transaction_id"],
        "out_trade_no": trade["out_trade_no"],
    }


def _money(refund: sqlite3.Row, trade: sqlite3.Row) -> dict[str, int]:
    total, refunded = trade["total_fen"], refund["amount_fen"]
    return {"total": total, "refund": refunded, "payer_total": total, "payer_refund": refunded}
