"""Takes an order, so that it can be paid. The same request again is harmless, another one with the
same number is not."""

import hashlib
import json
import re
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import Any

from sandbox.clock import SHANGHAI
from sandbox.pay import fields, trades
from sandbox.pay.errors import PayError, bad_field
from sandbox.pay.merchant import Merchant

_NUMBER = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
_PREPAY_LIVES_S = 7_200
_LIVES_S = 7 * 86_400
_SHORTEST_S = 60
_LONGEST_DETAIL_BYTES = 6_144


def prepay(
    db: sqlite3.Connection, body: Mapping[str, Any], merchant: Merchant, now: float, rng: Random
) -> dict[str, str]:
    wanted = _checked(body, merchant, now)
    before = trades.found(db, "out_trade_no", wanted["out_trade_no"])
    if before is not None:
        _check_again(before, wanted["print"], merchant, now)
    if wanted["expires_at"] < now + _SHORTEST_S:
        raise bad_field("/time_expire", body.get("time_expire"), "time_expire 应晚于一分钟后")
    if before is not None and now < before["prepay_until"]:
        return {"prepay_id": before["prepay_id"]}
    prepay_id = f"wx{datetime.fromtimestamp(now, SHANGHAI):%Y%m%d%H%M%S}{rng.getrandbits(80):020x}"
    lives = {"prepay_id": prepay_id, "prepay_until": now + _PREPAY_LIVES_S}
    if before is None:
        _insert(db, {**wanted, **lives, "made_at": now})
    else:
        db.execute(
            "UPDATE trade SET prepay_id = ?, prepay_until = ? WHERE out_trade_no = ?",
            (*lives.values(), wanted["out_trade_no"]),
        )
    return {"prepay_id": prepay_id}


def fingerprint(body: Mapping[str, Any]) -> str:
    """Equal for requests with equal values, whatever their order."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _insert(db: sqlite3.Connection, columns: Mapping[str, Any]) -> None:
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    sql = f"INSERT INTO trade ({names}) VALUES ({marks})"  # noqa: S608 - our own names
    db.execute(sql, tuple(columns.values()))


def _check_again(before: sqlite3.Row, wanted: str, merchant: Merchant, now: float) -> None:
    if before["print"] != wanted:
        raise PayError(403, "OUT_TRADE_NO_USED", "商户订单号重复")
    state = trades.state_of(before, now)
    if state in trades.PAID:
        raise PayError(400, merchant.paid_code, "该订单已支付")
    if state == "CLOSED":
        raise PayError(400, "ORDER_CLOSED", "该订单已关闭")


def _checked(body: Mapping[str, Any], merchant: Merchant, now: float) -> dict[str, Any]:
    """The columns that come from the request."""
    if body.get("mchid") != merchant.mchid:
        raise PayError(400, "MCH_NOT_EXISTS", "商户号不存在")
    if body.get("appid") != merchant.appid:
        raise PayError(400, "APPID_MCHID_NOT_MATCH", "appid 和 mch_id 不匹配")
    amount = fields.group(body, "amount")
    fields.currency(amount)
    openid = fields.group(body, "payer").get("openid")
    if not isinstance(openid, str) or not merchant.knows(openid):
        raise bad_field("/payer/openid", openid, "appid 和 openid 不匹配")
    if len(json.dumps(body.get("detail"), ensure_ascii=False).encode()) > _LONGEST_DETAIL_BYTES:
        raise bad_field("/detail", "", "detail 过长")
    expires_at = fields.moment(body, "time_expire")
    return {
        "out_trade_no": fields.number_text(body, "out_trade_no", _NUMBER),
        "print": fingerprint(body),
        "openid": openid,
        "total_fen": fields.fen(amount, "total"),
        "description": fields.text(body, "description", 127, least=1),
        "attach": fields.text(body, "attach", 128),
        "notify_url": fields.notify_url(body, merchant.plain_http),
        "expires_at": now + _LIVES_S if expires_at is None else expires_at,
    }
