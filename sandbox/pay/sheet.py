"""The pay sheet on a phone: shows what a page wants paid, pays it; refuses what WeChat would."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.pay import trades
from sandbox.pay.desk import PayDesk
from sandbox.pay.signing import fits, lines

_NAMES = ("appId", "timeStamp", "nonceStr", "package", "signType", "paySign")
_PREPAY = "prepay_id="
_CALL_LIVES_S = 7_200


class SheetRefused(ValueError):
    """In the words that the phone shows."""


@dataclass(frozen=True, slots=True)
class Sheet:
    out_trade_no: str
    prepay_id: str
    description: str
    total_fen: int


def opened(desk: PayDesk, openid: str, call: Mapping[str, object]) -> Sheet:
    """`call`: what the page gave to getBrandWCPayRequest."""
    prepay_id = _checked(desk, call)
    with desk.store.reading() as db:
        trade = _payable(db, desk, openid, prepay_id)
    return Sheet(trade["out_trade_no"], prepay_id, trade["description"], trade["total_fen"])


def confirmed(desk: PayDesk, openid: str, call: Mapping[str, object]) -> sqlite3.Row:
    """The trade, paid now; the server is told of it soon."""
    prepay_id = _checked(desk, call)
    if desk.faults.card_refused:
        raise SheetRefused("银行卡可用余额不足，请更换支付方式")
    with desk.store.writing() as db:
        trade = trades.pay(db, _payable(db, desk, openid, prepay_id), desk.now(), desk.world.rng)
        plain = trades.view(trade, desk.merchant(), desk.now())
        number, url = trade["out_trade_no"], trade["notify_url"]
        desk.tell(db, "TRANSACTION.SUCCESS", number, url, plain)
    desk.wake()
    return trade


def _checked(desk: PayDesk, call: Mapping[str, object]) -> str:
    """The prepay_id of a call that the merchant has signed."""
    given = {name: value for name in _NAMES if isinstance(value := call.get(name), str)}
    if len(given) < len(_NAMES):
        missing = "、".join(name for name in _NAMES if name not in given)
        raise SheetRefused(f"支付参数缺少或不是文字：{missing}")
    if given["signType"] != "RSA" or not given["package"].startswith(_PREPAY):
        raise SheetRefused("支付参数 signType 或 package 错误")
    if given["appId"] != desk.world.config.appid:
        raise SheetRefused("支付参数 appId 与当前公众号不一致")
    signed = lines(given["appId"], given["timeStamp"], given["nonceStr"], given["package"])
    if not fits(desk.keys.merchant.public_key(), signed, given["paySign"]):
        raise SheetRefused("支付验证签名失败")
    stamp, now = given["timeStamp"], desk.world.clock.of_server()
    if not stamp.isdecimal() or abs(now - int(stamp)) > _CALL_LIVES_S:
        raise SheetRefused("支付参数 timeStamp 已过期")
    return given["package"].removeprefix(_PREPAY)


def _payable(db: sqlite3.Connection, desk: PayDesk, openid: str, prepay_id: str) -> sqlite3.Row:
    trade, now = trades.found(db, "prepay_id", prepay_id), desk.now()
    if trade is None:
        raise SheetRefused("预支付交易会话标识不存在")
    if trade["openid"] != openid:
        raise SheetRefused("当前微信用户与下单的用户不一致")
    state = trades.state_of(trade, now)
    if state in trades.PAID:
        raise SheetRefused("该订单已支付")
    if state == "CLOSED":
        raise SheetRefused("该订单已关闭或过期，请重新下单")
    if now >= trade["prepay_until"]:
        raise SheetRefused("支付会话已过期，请重新发起支付")
    return trade
