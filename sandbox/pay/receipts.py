"""What WeChat Pay itself shows on a phone, whatever the account says."""

import sqlite3

from sandbox.citizens import Citizen
from sandbox.pay.bill_words import moment, yuan
from sandbox.pay.desk import PayDesk
from sandbox.world import NoSuchCitizen


def show_payment(desk: PayDesk, trade: sqlite3.Row) -> None:
    rows = [
        ("付款金额", f"¥{yuan(trade['total_fen'])}"),
        ("收款方", desk.world.config.name),
        ("商品", trade["description"]),
        ("支付时间", moment(trade["paid_at"])),
        ("商户单号", trade["out_trade_no"]),
    ]
    _show(desk, trade["openid"], "微信支付凭证", rows)


def show_refund(desk: PayDesk, refund: sqlite3.Row, trade: sqlite3.Row) -> None:
    if refund["status"] != "SUCCESS":
        return
    rows = [
        ("退款金额", f"¥{yuan(refund['amount_fen'])}"),
        ("退款方", desk.world.config.name),
        ("退款原因", refund["reason"]),
        ("到账时间", moment(refund["succeeded_at"])),
        ("商户单号", trade["out_trade_no"]),
    ]
    _show(desk, trade["openid"], "退款到账通知", rows)


def _show(desk: PayDesk, openid: str, title: str, rows: list[tuple[str, str]]) -> None:
    citizen = _holder(desk, openid)
    if citizen is not None:
        shown = [{"label": label, "value": value} for label, value in rows if value]
        desk.world.show(citizen, "wechatpay", "wechatpay", "voucher", title=title, rows=shown)


def _holder(desk: PayDesk, openid: str) -> Citizen | None:
    """None: the sandbox began anew and does not know who paid."""
    try:
        return desk.world.citizen(openid)
    except NoSuchCitizen:
        return None
