"""Refunds at WeChat Pay."""

from typing import Any

import pytest

from tests.sandbox.client import Control
from tests.sandbox.pay.merchant import Merchant

NUMBER = "W20260105000001"


@pytest.fixture
def paid(merchant: Merchant, payer: str) -> Merchant:
    merchant.is_paid(payer)
    return merchant


def test_a_refund_is_under_way_and_then_succeeds(paid: Merchant) -> None:
    asked = paid.refund(NUMBER, "R1", 1000).json
    assert asked["status"] == "PROCESSING"
    assert asked["amount"]["refund"] == 1000
    assert "success_time" not in asked
    paid.advance(60)
    assert paid.standing("R1")["status"] == "SUCCESS"
    assert paid.standing("R1")["success_time"]
    assert paid.queries()["trade_state"] == "REFUND"


def test_asking_again_is_harmless_and_asking_otherwise_is_refused(paid: Merchant) -> None:
    first = paid.refund(NUMBER, "R1", 1000).json
    assert paid.refund(NUMBER, "R1", 1000).json == first
    assert paid.refund(NUMBER, "R1", 999).code == "INVALID_REQUEST"


def test_no_more_is_given_back_than_was_paid(paid: Merchant) -> None:
    assert paid.refund(NUMBER, "R1", 5000).status_code == 200
    paid.advance(60)
    answer = paid.refund(NUMBER, "R2", 671)
    assert (answer.status_code, answer.code) == (400, "INVALID_REQUEST")
    assert paid.refund(NUMBER, "R2", 670).status_code == 200


def test_parts_follow_each_other_a_minute_apart_fifty_at_the_most(paid: Merchant) -> None:
    for number in range(50):
        assert paid.refund(NUMBER, f"R{number}", 1).status_code == 200
        assert paid.refund(NUMBER, "soon", 1).status_code in (400, 429)
        paid.advance(60)
    assert "50 次" in paid.refund(NUMBER, "R50", 1).json["message"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"out_trade_no": "W20260105000009"}, 404, "RESOURCE_NOT_EXISTS"),
        ({"out_trade_no": None}, 400, "PARAM_ERROR"),
        ({"amount": {"refund": 1, "total": 1}}, 400, "INVALID_REQUEST"),
        ({"amount": {"refund": 0, "total": 5670}}, 400, "PARAM_ERROR"),
        ({"reason": "水" * 27}, 400, "PARAM_ERROR"),
        ({"out_refund_no": "R 1"}, 400, "PARAM_ERROR"),
    ],
)
def test_what_does_not_fit_is_refused(
    paid: Merchant, change: dict[str, Any], status: int, code: str
) -> None:
    answer = paid.refund(NUMBER, "R1", 1, **change)
    assert (answer.status_code, answer.code) == (status, code)


def test_an_unpaid_order_and_one_of_last_year_give_nothing_back(paid: Merchant, payer: str) -> None:
    paid.prepays(payer, "W20260105000002")
    assert "未支付" in paid.refund("W20260105000002", "R2", 1).json["message"]
    paid.advance(366 * 86_400)
    assert "期限" in paid.refund(NUMBER, "R1", 1).json["message"]


def test_the_merchant_may_be_short_of_money(control: Control, paid: Merchant) -> None:
    control.faults(pay={"not_enough": True})
    answer = paid.refund(NUMBER, "R1", 1)
    assert (answer.status_code, answer.code) == (403, "NOT_ENOUGH")
    control.faults(pay={"not_enough": False})
    assert paid.refund(NUMBER, "R1", 1).status_code == 200


def test_an_abnormal_refund_is_sent_to_another_card(control: Control, paid: Merchant) -> None:
    control.faults(pay={"refund_abnormal_rate": 1})
    refund_id = paid.refund(NUMBER, "R1", 1000).json["refund_id"]
    paid.advance(60)
    assert paid.standing("R1")["status"] == "ABNORMAL"
    control.faults(pay={"refund_abnormal_rate": 0})
    target = f"/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund"
    answer = paid.ask("POST", target, {"out_refund_no": "R1", "type": "MERCHANT_BANK_CARD"})
    assert (answer.json["status"], answer.json["channel"]) == ("PROCESSING", "OTHER_BANKCARD")
    paid.advance(60)
    assert paid.standing("R1")["status"] == "SUCCESS"


def test_what_a_closed_refund_held_can_be_refunded_again(control: Control, paid: Merchant) -> None:
    control.faults(pay={"refund_closed_rate": 1})
    paid.refund(NUMBER, "R1", 5670)
    paid.advance(60)
    assert paid.standing("R1")["status"] == "CLOSED"
    control.faults(pay={"refund_closed_rate": 0})
    assert paid.refund(NUMBER, "R2", 5670).status_code == 200


def test_an_unknown_refund_is_not_found(merchant: Merchant) -> None:
    answer = merchant.ask("GET", "/v3/refund/domestic/refunds/R1")
    assert (answer.status_code, answer.code) == (404, "RESOURCE_NOT_EXISTS")


def test_the_phone_hears_of_money_that_came_back(
    control: Control, paid: Merchant, payer: str
) -> None:
    paid.refund(NUMBER, "R1", 1000)
    paid.advance(60)
    paid.standing("R1")
    told = [one for one in control.bubbles(payer) if one["kind"] == "voucher"][-1]
    assert told["title"] == "退款到账通知"
    assert {"label": "退款金额", "value": "¥10.00"} in told["rows"]
