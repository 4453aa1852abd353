"""What WeChat Pay says of orders and refunds, and what we ask of it."""

from datetime import datetime, timedelta
from typing import Any

from backends.ports import Order, OrderItem, Refund, RefundState, WhyRefund
from tests.wechatpay.bank import APPID, MCHID, NOW

ORDER_NO = "WD261125103000AB12CD34EF"
REFUND_NO = "RF261126090000AB12CD34EF"
OPENID = "oPAYER"
TRANSACTION_ID = "4200000925202611254997714292"

ORDER = Order(
    order_no=ORDER_NO,
    openid=OPENID,
    items=(
        OrderItem("0012345678", "B1", "2026-09", 4392),
        OrderItem("0012345678", "B2", "2026-10", 4300, 92),
    ),
    placed_at=NOW - timedelta(minutes=5),
    expires_at=datetime.fromisoformat("2026-11-25T10:45:00.123456+08:00"),
)
REFUND = Refund(
    refund_no=REFUND_NO,
    key="staff:1",
    order_no=ORDER_NO,
    bill_no="B1",
    amount_fen=1000,
    total_fen=8784,
    why=WhyRefund.DUPLICATE,
    reason="重复缴费",
    openid=OPENID,
    state=RefundState.APPROVED,
    made_at=NOW,
)


def paid(**others: Any) -> dict[str, Any]:
    said = {
        "appid": APPID,
        "mchid": MCHID,
        "out_trade_no": ORDER_NO,
        "transaction_id": TRANSACTION_ID,
        "trade_type": "JSAPI",
        "trade_state": "SUCCESS",
        "trade_state_desc": "支付成功",
        "bank_type": "CMC",
        "attach": "items=2",
        "success_time": "2026-11-25T10:35:10+08:00",
        "payer": {"openid": OPENID},
        "amount": {"total": 8784, "payer_total": 8784, "currency": "CNY", "payer_currency": "CNY"},
        "promotion_detail": [],
    }
    return {**said, **others}


def unpaid(state: str = "NOTPAY") -> dict[str, Any]:
    said = paid(trade_state=state, amount={"total": 8784, "currency": "CNY"})
    for absent in ("transaction_id", "success_time", "payer"):
        del said[absent]
    return said


def refunded(status_name: str, status: str, **others: Any) -> dict[str, Any]:
    """`status_name`: `status` in answers, `refund_status` in notifications."""
    said: dict[str, Any] = {
        "refund_id": "50000000382019052709732678859",
        "out_refund_no": REFUND_NO,
        "transaction_id": TRANSACTION_ID,
        "out_trade_no": ORDER_NO,
        "user_received_account": "招商银行信用卡0403",
        status_name: status,
        "amount": {"total": 8784, "refund": 1000, "payer_total": 8784, "payer_refund": 1000},
    }
    if status == "SUCCESS":
        said["success_time"] = "2026-11-26T09:00:30+08:00"
    return {**said, **others}
