"""Orders at WeChat Pay: taken, paid, closed, expired."""

from typing import Any

import pytest

from tests.sandbox.client import Control
from tests.sandbox.pay.merchant import Merchant

NUMBER = "W20260105000001"
JSAPI = "/v3/pay/transactions/jsapi"


def refusal(merchant: Merchant, order: dict[str, Any]) -> tuple[int, str, str]:
    answer = merchant.ask("POST", JSAPI, order)
    field = answer.json.get("detail", {}).get("field", "")
    return answer.status_code, answer.code, field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"description": "水" * 128}, "/description"),
        ({"description": ""}, "/description"),
        ({"out_trade_no": "W2026"}, "/out_trade_no"),
        ({"out_trade_no": "W2026 00001"}, "/out_trade_no"),
        ({"amount": {"total": 0}}, "/amount/total"),
        ({"amount": {"total": 56.7}}, "/amount/total"),
        ({"amount": {"total": 1, "currency": "USD"}}, "/amount/currency"),
        ({"payer": {"openid": "oNOBODY"}}, "/payer/openid"),
        ({"payer": None}, "/payer"),
        ({"time_expire": "2026-01-05 16:15:00"}, "/time_expire"),
        ({"time_expire": "2026-01-05T16:00:30+08:00"}, "/time_expire"),
        ({"attach": "a" * 129}, "/attach"),
        ({"notify_url": "http://water.example/pay"}, "/notify_url"),
        ({"notify_url": "https://water.example/pay?a=1"}, "/notify_url"),
    ],
)
def test_what_does_not_fit_is_named(
    merchant: Merchant, payer: str, change: dict[str, Any], field: str
) -> None:
    assert refusal(merchant, merchant.order(payer, **change)) == (400, "PARAM_ERROR", field)


def test_another_app_or_merchant_is_refused(merchant: Merchant, payer: str) -> None:
    order = merchant.order(payer, appid="wxother")
    assert refusal(merchant, order)[:2] == (400, "APPID_MCHID_NOT_MATCH")
    order = merchant.order(payer, mchid="1999999999")
    assert refusal(merchant, order)[:2] == (400, "MCH_NOT_EXISTS")


def test_the_same_order_again_has_the_same_prepay_id_until_it_is_too_old(
    merchant: Merchant, payer: str
) -> None:
    order = merchant.order(payer, time_expire="2026-01-06T16:00:00+08:00")
    first = merchant.ask("POST", JSAPI, order).json["prepay_id"]
    assert len(first) == 36
    assert merchant.ask("POST", JSAPI, order).json["prepay_id"] == first
    merchant.advance(7_201)
    assert merchant.ask("POST", JSAPI, order).json["prepay_id"] != first
    assert "不存在" in merchant.hand("sheet", payer, first).json["error"]


def test_the_same_number_with_another_amount_is_refused(merchant: Merchant, payer: str) -> None:
    merchant.prepays(payer)
    other = merchant.order(payer, amount={"total": 5671, "currency": "CNY"})
    assert refusal(merchant, other)[:2] == (403, "OUT_TRADE_NO_USED")


def test_a_paid_order_says_who_paid_when_and_how_much(merchant: Merchant, payer: str) -> None:
    assert merchant.prepays(payer, attach="bills=12")
    unpaid = merchant.queries()
    assert unpaid["trade_state"] == "NOTPAY"
    assert "transaction_id" not in unpaid
    transaction_id = merchant.is_paid(payer, attach="bills=12")
    assert (len(transaction_id), transaction_id.isdecimal()) == (28, True)
    paid = merchant.queries()
    assert paid["trade_state"] == "SUCCESS"
    assert paid["payer"] == {"openid": payer}
    assert paid["amount"]["payer_total"] == 5670
    assert paid["success_time"].endswith("+08:00")
    target = f"/v3/pay/transactions/id/{transaction_id}?mchid={merchant.keys.mchid}"
    assert merchant.ask("GET", target).json == paid


def test_an_unknown_order_is_not_found(merchant: Merchant) -> None:
    target = f"/v3/pay/transactions/out-trade-no/{NUMBER}?mchid={merchant.keys.mchid}"
    answer = merchant.ask("GET", target)
    assert (answer.status_code, answer.code) == (404, "ORDER_NOT_EXIST")
    assert merchant.closes().status_code == 404


def test_a_closed_order_cannot_be_paid_and_can_be_closed_again(
    merchant: Merchant, payer: str
) -> None:
    prepay_id = merchant.prepays(payer)
    assert [merchant.closes().status_code for _ in range(2)] == [204, 204]
    assert merchant.queries()["trade_state"] == "CLOSED"
    assert "已关闭" in merchant.hand("confirm", payer, prepay_id).json["error"]
    assert refusal(merchant, merchant.order(payer))[:2] == (400, "ORDER_CLOSED")


def test_an_order_closes_itself_at_its_end(merchant: Merchant, payer: str) -> None:
    prepay_id = merchant.prepays(payer)
    merchant.advance(15 * 60)
    assert merchant.queries()["trade_state"] == "CLOSED"
    assert merchant.hand("confirm", payer, prepay_id).status_code == 400


@pytest.mark.parametrize("code", ["ORDERPAID", "ORDER_PAID", "INVALID_REQUEST"])
def test_a_paid_order_is_neither_closed_nor_taken_again(
    control: Control, merchant: Merchant, payer: str, code: str
) -> None:
    merchant.is_paid(payer)
    control.faults(pay={"paid_code": code})
    assert merchant.closes().code == code
    assert refusal(merchant, merchant.order(payer))[:2] == (400, code)
    assert merchant.queries()["trade_state"] == "SUCCESS"


def test_a_query_may_lag_behind_the_payment(
    control: Control, merchant: Merchant, payer: str
) -> None:
    control.faults(pay={"query_lag_s": 30})
    prepay_id = merchant.prepays(payer)
    assert merchant.hand("confirm", payer, prepay_id).status_code == 200
    assert merchant.queries()["trade_state"] == "NOTPAY"
    assert merchant.closes().code == "ORDERPAID"
    merchant.advance(30)
    assert merchant.queries()["trade_state"] == "SUCCESS"
