"""Refunds at WeChat Pay: asked for, on their way, ended; and the abnormal ones sent elsewhere."""

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from sandbox.clock import SHANGHAI
from sandbox.pay import fields
from sandbox.pay.errors import PayError, bad_field, invalid
from sandbox.pay.merchant import Merchant
from sandbox.pay.prepaying import fingerprint
from sandbox.pay.refund_rules import checked

NUMBER = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
ABNORMAL_TYPES = ("USER_BANK_CARD", "MERCHANT_BANK_CARD")


@dataclass(frozen=True, slots=True)
class Fate:
    """How a refund will end and when; `broke`: the merchant's balance does not suffice."""

    outcome: str
    due_at: float
    broke: bool


def ask(
    db: sqlite3.Connection,
    body: Mapping[str, Any],
    merchant: Merchant,
    fate: Fate,
    now: float,
    rng: Random,
) -> sqlite3.Row:
    """The refund of this number: a new one, or as it stands when it was asked for before."""
    number = fields.number_text(body, "out_refund_no", NUMBER)
    wanted = fingerprint(body)
    before = found(db, "out_refund_no", number)
    if before is not None:
        if before["print"] != wanted:
            raise invalid("同一退款单号的请求参数与原来不一致")
        return before
    trade, refund_fen = checked(db, body, now)
    if fate.broke:
        raise PayError(403, "NOT_ENOUGH", "商户可用余额不足")
    columns = {
        "out_refund_no": number,
        "print": wanted,
        "refund_id": _refund_id(now, rng),
        "out_trade_no": trade["out_trade_no"],
        "amount_fen": refund_fen,
        "reason": body.get("reason", ""),
        "notify_url": fields.notify_url(body, merchant.plain_http, optional=True),
    }
    return _insert(db, columns, fate, now)


def _insert(
    db: sqlite3.Connection, columns: Mapping[str, Any], fate: Fate, now: float
) -> sqlite3.Row:
    db.execute(
        "INSERT INTO refund (out_refund_no, print, refund_id, out_trade_no, amount_fen, reason,"
        " notify_url, status, channel, made_at, due_at, outcome)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 'PROCESSING', 'ORIGINAL', ?, ?, ?)",
        (*columns.values(), now, fate.due_at, fate.outcome),
    )
    db.execute("UPDATE trade SET refunded = 1 WHERE out_trade_no = ?", (columns["out_trade_no"],))
    return by_number(db, columns["out_refund_no"])


def by_number(db: sqlite3.Connection, out_refund_no: str) -> sqlite3.Row:
    return _known(found(db, "out_refund_no", out_refund_no))


def apply_abnormal(
    db: sqlite3.Connection, refund_id: str, body: Mapping[str, Any], fate: Fate
) -> sqlite3.Row:
    """To another card: on its way again."""
    refund = _known(found(db, "refund_id", refund_id))
    if body.get("out_refund_no") != refund["out_refund_no"]:
        raise bad_field("/out_refund_no", body.get("out_refund_no"), "与退款单不符")
    kind = body.get("type")
    if kind not in ABNORMAL_TYPES:
        raise bad_field("/type", kind, "type 应为 USER_BANK_CARD 或 MERCHANT_BANK_CARD")
    for name in ("bank_account", "real_name") if kind == ABNORMAL_TYPES[0] else ():
        fields.text(body, name, 1024, least=1)
    if refund["status"] != "ABNORMAL":
        raise invalid("退款单状态不是退款异常")
    db.execute(
        "UPDATE refund SET status = 'PROCESSING', channel = 'OTHER_BANKCARD', due_at = ?,"
        " outcome = ? WHERE refund_id = ?",
        (fate.due_at, fate.outcome, refund_id),
    )
    return _known(found(db, "refund_id", refund_id))


def any_due(db: sqlite3.Connection, now: float) -> bool:
    sql = "SELECT EXISTS (SELECT 1 FROM refund WHERE status = 'PROCESSING' AND due_at <= ?)"
    (due,) = db.execute(sql, (now,)).fetchone()
    return bool(due)


def ended(db: sqlite3.Connection, now: float) -> list[sqlite3.Row]:
    """Those whose time has come, as they are now."""
    rows = db.execute(
        "SELECT out_refund_no, outcome, due_at FROM refund"
        " WHERE status = 'PROCESSING' AND due_at <= ? ORDER BY due_at",
        (now,),
    ).fetchall()
    for row in rows:
        succeeded_at = row["due_at"] if row["outcome"] == "SUCCESS" else None
        db.execute(
            "UPDATE refund SET status = ?, succeeded_at = ? WHERE out_refund_no = ?",
            (row["outcome"], succeeded_at, row["out_refund_no"]),
        )
    return [by_number(db, row["out_refund_no"]) for row in rows]


def under_way(db: sqlite3.Connection) -> int:
    sql = "SELECT count(*) FROM refund WHERE status = 'PROCESSING'"
    (count,) = db.execute(sql).fetchone()
    return int(count)


def found(db: sqlite3.Connection, column: str, value: str) -> sqlite3.Row | None:
    sql = f"SELECT * FROM refund WHERE {column} = ?"  # noqa: S608 - our own names
    row: sqlite3.Row | None = db.execute(sql, (value,)).fetchone()
    return row


def _known(row: sqlite3.Row | None) -> sqlite3.Row:
    if row is None:
        raise PayError(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return row


def _refund_id(now: float, rng: Random) -> str:
    serial = "".join(rng.choices("0123456789", k=10))
    day = datetime.fromtimestamp(now, SHANGHAI)
    return f"503{rng.randrange(10**7, 10**8)}{day:%Y%m%d}{serial}"
