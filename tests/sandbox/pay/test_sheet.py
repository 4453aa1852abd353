"""The pay sheet on the phone."""

import pytest

from tests.sandbox.client import Control
from tests.sandbox.pay.merchant import Merchant


def test_it_shows_who_is_paid_what_for_and_how_much(merchant: Merchant, payer: str) -> None:
    shown = merchant.hand("sheet", payer, merchant.prepays(payer)).json
    assert shown["merchant"] == "云川水务"
    assert shown["description"] == "云川水务-水费 2025年12月"
    assert shown["amount"] == "56.70"


@pytest.mark.parametrize(
    ("forged", "said"),
    [
        ({"paySign": "bm90IHNpZ25lZA=="}, "签名失败"),
        ({"timeStamp": "1760000000"}, "签名失败"),
        ({"package": "prepay_id=wx0"}, "签名失败"),
        ({"package": "wx0"}, "package"),
        ({"signType": "MD5"}, "signType"),
        ({"appId": "wxother"}, "appId"),
    ],
)
def test_it_refuses_what_the_merchant_has_not_signed(
    merchant: Merchant, payer: str, forged: dict[str, str], said: str
) -> None:
    answer = merchant.hand("sheet", payer, merchant.prepays(payer), **forged)
    assert answer.status_code == 400
    assert said in answer.json["error"]
    assert answer.json["err_msg"] == "get_brand_wcpay_request:fail"


def test_only_who_placed_an_order_pays_it(control: Control, merchant: Merchant, payer: str) -> None:
    other = control.post("/citizens").get_json()["openid"]
    prepay_id = merchant.prepays(payer)
    assert "不一致" in merchant.hand("confirm", other, prepay_id).json["error"]
    assert merchant.queries()["trade_state"] == "NOTPAY"


def test_an_order_is_paid_once_two_orders_are_paid_twice(merchant: Merchant, payer: str) -> None:
    prepay_id = merchant.prepays(payer)
    assert merchant.hand("confirm", payer, prepay_id).json["err_msg"].endswith(":ok")
    assert "已支付" in merchant.hand("confirm", payer, prepay_id).json["error"]
    assert merchant.is_paid(payer, "W20260105000002") != merchant.queries()["transaction_id"]


def test_a_citizen_may_think_better_of_it(merchant: Merchant, payer: str) -> None:
    prepay_id = merchant.prepays(payer)
    assert merchant.hand("cancel", payer, prepay_id).json["err_msg"].endswith(":cancel")
    assert merchant.hand("confirm", payer, prepay_id).status_code == 200


def test_a_card_may_be_refused(control: Control, merchant: Merchant, payer: str) -> None:
    control.faults(pay={"card_refused": True})
    assert "余额不足" in merchant.hand("confirm", payer, merchant.prepays(payer)).json["error"]
    assert merchant.queries()["trade_state"] == "NOTPAY"


def test_wechat_pay_gives_a_receipt_of_its_own(
    control: Control, merchant: Merchant, payer: str
) -> None:
    merchant.is_paid(payer)
    (voucher,) = [one for one in control.bubbles(payer) if one["kind"] == "voucher"]
    assert voucher["title"] == "微信支付凭证"
    assert {"label": "付款金额", "value": "¥56.70"} in voucher["rows"]
