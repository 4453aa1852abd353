"""What WeChat Pay is asked, and how its answers are read."""

import base64
import re
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from backends.errors import Rejected
from backends.ports import RefundStatus, TradeState, Transaction
from backends.wechatpay.adapter import WechatPay, open_gateway
from tests.contract.wechat.platform import Asked, Platform
from tests.wechatpay.bank import (
    APPID,
    CERT_SERIAL,
    MCHID,
    MERCHANT_SERIAL,
    NOW,
    PUBLIC_KEY_ID,
    answer,
    key_of,
    options,
    refusal,
    signed,
)
from tests.wechatpay.told import (
    OPENID,
    ORDER,
    ORDER_NO,
    REFUND,
    REFUND_NO,
    paid,
    refunded,
    unpaid,
)

PREPAY = "/v3/pay/transactions/jsapi"
QUERY = f"/v3/pay/transactions/out-trade-no/{ORDER_NO}"
CLOSE = f"{QUERY}/close"
REFUNDS = "/v3/refund/domestic/refunds"
PREPAID = answer({"prepay_id": "wx201410272009395522657a690389285100"})


def verify(signature: str, text: str) -> None:
    raw = base64.b64decode(signature, validate=True)
    public = key_of("merchant").public_key()
    public.verify(raw, text.encode(), padding.PKCS1v15(), hashes.SHA256())


def check_authorization(asked: Asked, target: str) -> None:
    kind, _, rest = asked.headers["Authorization"].partition(" ")
    said = dict(re.findall(r'(\w+)="([^"]*)"', rest))
    assert kind == "WECHATPAY2-SHA256-RSA2048"
    assert (said["mchid"], said["serial_no"]) == (MCHID, MERCHANT_SERIAL)
    body = asked.body.decode()
    lines = (asked.method, target, said["timestamp"], said["nonce_str"], body)
    verify(said["signature"], "".join(f"{line}\n" for line in lines))


def test_an_order_is_asked_for_with_amount_payer_end_and_address(
    gateway: WechatPay, script: Platform
) -> None:
    script.script(PREPAY, PREPAID)
    assert gateway.prepay(ORDER, "滨河水务-水费 2026年9月、10月") == (
        "wx201410272009395522657a690389285100"
    )
    (asked,) = script.to(PREPAY)
    assert asked.json == {
        "appid": APPID,
        "mchid": MCHID,
        "description": "滨河水务-水费 2026年9月、10月",
        "out_trade_no": ORDER_NO,
        "time_expire": "2026-11-25T10:45:00+08:00",
        "attach": "items=2",
        "notify_url": "https://water.example/pay/notify",
        "amount": {"total": 8784, "currency": "CNY"},
        "payer": {"openid": OPENID},
    }
    check_authorization(asked, PREPAY)
    assert asked.headers["Accept"] == "application/json"
    assert asked.headers["User-Agent"] == "waterdesk"
    assert asked.headers["Wechatpay-Serial"] == PUBLIC_KEY_ID


def test_asking_for_an_order_again_asks_for_the_same_to_the_byte(
    gateway: WechatPay, script: Platform
) -> None:
    """Whatever zone the database gives its times in: other values would be refused for ever."""
    script.script(PREPAY, PREPAID, PREPAID)
    gateway.prepay(ORDER, "水费")
    gateway.prepay(replace(ORDER, expires_at=ORDER.expires_at.astimezone(UTC)), "水费")
    first, second = script.to(PREPAY)
    assert first.body == second.body


def test_a_description_is_short_and_does_not_break_the_trade_bill(
    gateway: WechatPay, script: Platform
) -> None:
    script.script(PREPAY, PREPAID)
    gateway.prepay(ORDER, "水费,`\r\n" + "九" * 200)
    said = script.to(PREPAY)[0].json["description"]
    assert len(said) == 127
    assert not set(said) & set(",`\r\n")


def test_the_page_s_call_is_signed_over_appid_time_nonce_and_package(gateway: WechatPay) -> None:
    call = gateway.payment_call("wx2014", NOW, "5K8264ILTKCH16CQ2502SI8ZNMTM67VS")
    time = int(NOW.timestamp())
    verify(call["paySign"], f"{APPID}\n{time}\n{call['nonceStr']}\nprepay_id=wx2014\n")
    assert {**call, "paySign": ""} == {
        "appId": APPID,
        "timeStamp": str(time),
        "nonceStr": "5K8264ILTKCH16CQ2502SI8ZNMTM67VS",
        "package": "prepay_id=wx2014",
        "signType": "RSA",
        "paySign": "",
    }


def test_a_paid_order_is_read_with_payer_and_time(gateway: WechatPay, script: Platform) -> None:
    script.script(QUERY, answer(paid()))
    found = gateway.query(ORDER_NO)
    assert found == Transaction(
        ORDER_NO,
        TradeState.SUCCESS,
        8784,
        transaction_id="4200000925202611254997714292",
        openid=OPENID,
        paid_at=datetime.fromisoformat("2026-11-25T10:35:10+08:00"),
    )
    check_authorization(script.to(QUERY)[0], f"{QUERY}?mchid={MCHID}")


@pytest.mark.parametrize("state", ["NOTPAY", "CLOSED", "USERPAYING", "PAYERROR", "REVOKED"])
def test_an_order_that_is_not_paid_has_neither_payer_nor_time(
    gateway: WechatPay, script: Platform, state: str
) -> None:
    script.script(QUERY, answer(unpaid(state)))
    assert gateway.query(ORDER_NO) == Transaction(ORDER_NO, TradeState(state), 8784)


def test_a_refunded_order_was_paid(gateway: WechatPay, script: Platform) -> None:
    script.script(QUERY, answer(paid(trade_state="REFUND")))
    found = gateway.query(ORDER_NO)
    assert found is not None
    assert found.paid


def test_an_order_that_wechat_does_not_know_is_none(gateway: WechatPay, script: Platform) -> None:
    script.script(QUERY, refusal(404, "ORDER_NOT_EXIST"))
    assert gateway.query(ORDER_NO) is None


def test_an_order_is_closed(gateway: WechatPay, script: Platform) -> None:
    script.script(CLOSE, answer(None, 204))
    gateway.close(ORDER_NO)
    (asked,) = script.to(CLOSE)
    assert asked.json == {"mchid": MCHID}
    check_authorization(asked, CLOSE)


@pytest.mark.parametrize("code", ["ORDERPAID", "ORDER_PAID", "INVALID_REQUEST"])
def test_an_order_that_cannot_be_closed_is_refused_with_wechats_code(
    gateway: WechatPay, script: Platform, code: str
) -> None:
    script.script(CLOSE, refusal(400, code))
    with pytest.raises(Rejected) as caught:
        gateway.close(ORDER_NO)
    assert caught.value.code == code


def test_a_refund_is_asked_for_by_its_number(gateway: WechatPay, script: Platform) -> None:
    script.script(REFUNDS, answer(refunded("status", "PROCESSING")))
    standing = gateway.refund(REFUND)
    assert (standing.status, standing.amount_fen, standing.total_fen, standing.succeeded_at) == (
        RefundStatus.PROCESSING,
        1000,
        8784,
        None,
    )
    (asked,) = script.to(REFUNDS)
    assert asked.json == {
        "out_trade_no": ORDER_NO,
        "out_refund_no": REFUND_NO,
        "reason": "重复缴费",
        "notify_url": "https://water.example/pay/refund-notify",
        "amount": {"refund": 1000, "total": 8784, "currency": "CNY"},
    }


def test_what_became_of_a_refund_can_be_asked(gateway: WechatPay, script: Platform) -> None:
    path = f"{REFUNDS}/{REFUND_NO}"
    script.script(path, answer(refunded("status", "SUCCESS")), refusal(404, "RESOURCE_NOT_EXISTS"))
    standing = gateway.refund_standing(REFUND_NO)
    assert standing is not None
    assert standing.status is RefundStatus.SUCCESS
    assert standing.succeeded_at == datetime.fromisoformat("2026-11-26T09:00:30+08:00")
    assert gateway.refund_standing(REFUND_NO) is None


@pytest.mark.parametrize(
    "order_no", ["", "short", "W|D0001", "../certificates", "W" * 33, "订单号码"]
)
def test_a_number_that_would_break_the_path_is_never_sent(
    gateway: WechatPay, script: Platform, order_no: str
) -> None:
    asks: tuple[Callable[[], Any], ...] = (
        lambda: gateway.query(order_no),
        lambda: gateway.close(order_no),
        lambda: gateway.prepay(replace(ORDER, order_no=order_no), "水费"),
        lambda: gateway.refund(replace(REFUND, order_no=order_no)),
    )
    for ask in asks:
        with pytest.raises(Rejected, match="PARAM_ERROR"):
            ask()
    assert not script.asked


def test_in_certificate_mode_answers_are_checked_by_the_certificates_in_a_folder(
    open_with: Callable[..., WechatPay], script: Platform, keys_folder: Path
) -> None:
    folder = keys_folder / "certificates"
    gateway = open_with(public_key_file=None, public_key_id="", cert_dir=folder)
    body = answer(unpaid()).body
    headers = signed(body, who="certified", serial=f"{CERT_SERIAL:040X}")
    script.script(QUERY, replace(answer(unpaid()), headers=tuple(headers.items())))
    assert gateway.query(ORDER_NO) is not None
    (asked,) = script.to(QUERY)
    assert "Wechatpay-Serial" not in asked.headers


def test_calls_share_connections(gateway: WechatPay, script: Platform) -> None:
    script.always(QUERY, answer(unpaid()))
    for _ in range(5):
        gateway.query(ORDER_NO)
    assert len({asked.port for asked in script.to(QUERY)}) == 1
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: gateway.query(ORDER_NO), range(20)))
    assert set(found) == {Transaction(ORDER_NO, TradeState.NOTPAY, 8784)}
    assert len({asked.port for asked in script.to(QUERY)}) <= 4


def test_opening_it_calls_nobody(monkeypatch: pytest.MonkeyPatch, keys_folder: Path) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("somebody was called")

    monkeypatch.setattr(socket, "create_connection", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    folder = keys_folder / "certificates"
    without: dict[str, Any] = {"public_key_file": None, "public_key_id": ""}
    for others in ({}, without):
        open_gateway(options(keys_folder, cert_dir=folder, **others)).close_connections()
