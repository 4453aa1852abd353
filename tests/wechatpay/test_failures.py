"""What WeChat Pay did not say clearly is UNKNOWN, never a failure and never a success."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from backends.errors import BackendError, BackendUnavailable, Rejected
from backends.wechatpay.adapter import WechatPay
from tests.contract.wechat.platform import Platform, Scripted
from tests.wechatpay.bank import APIV3_KEY, NOW, answer, refusal, signed
from tests.wechatpay.test_calls import CLOSE, PREPAY, QUERY, REFUNDS
from tests.wechatpay.told import OPENID, ORDER, ORDER_NO, REFUND, paid, refunded, unpaid

GOOD = answer({"prepay_id": "wx1"})


def prepay(gateway: WechatPay) -> Any:
    return gateway.prepay(ORDER, "水费")


def unknown(call: Callable[[], Any]) -> BackendUnavailable:
    with pytest.raises(BackendUnavailable) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("status", [202, 408, 429, 500, 502, 503])
def test_an_order_may_have_been_taken_though_wechat_says_later(
    gateway: WechatPay, script: Platform, status: int
) -> None:
    script.script(PREPAY, answer({"code": "ACCEPTED", "message": ""}, status))
    error = unknown(lambda: prepay(gateway))
    assert error.sent
    assert f"HTTP status {status}" in str(error)


@pytest.mark.parametrize("status", [202, 429, 500])
def test_a_question_carries_nothing_out(gateway: WechatPay, script: Platform, status: int) -> None:
    script.script(QUERY, Scripted(status=status))
    assert not unknown(lambda: gateway.query(ORDER_NO)).sent


BAD = {
    "no signature": replace(GOOD, headers=()),
    "a foreign key's": answer({"prepay_id": "wx1"}, who="foreign"),
    "an old one's": answer({"prepay_id": "wx1"}, at=NOW - timedelta(seconds=301)),
    "another body": replace(GOOD, body=b'{"prepay_id": "wx2"}'),
    "an unknown serial": replace(
        GOOD, headers=tuple(signed(GOOD.body, serial="PUB_KEY_ID_9").items())
    ),
    "a certificate's serial": replace(
        GOOD, headers=tuple(signed(GOOD.body, serial="A" * 40).items())
    ),
    "a probe": replace(
        GOOD,
        headers=tuple({**signed(GOOD.body), "Wechatpay-Signature": "WECHATPAY/SIGNTEST/x"}.items()),
    ),
}


@pytest.mark.parametrize("scripted", BAD.values(), ids=BAD)
def test_a_success_with_a_bad_signature_is_unknown(
    gateway: WechatPay, script: Platform, scripted: Scripted
) -> None:
    """And nobody is asked for certificates: the only call is the one that was made."""
    script.script(PREPAY, scripted)
    error = unknown(lambda: prepay(gateway))
    assert error.sent
    assert "not genuine" in str(error)
    assert [asked.path for asked in script.asked] == [PREPAY]


@pytest.mark.parametrize(
    "scripted",
    [
        answer({}),
        answer({"prepay_id": ""}),
        answer({"prepay_id": 5}),
        answer(["wx1"]),
        answer(None),
        Scripted(b"", 204, headers=tuple(signed(b"").items())),
    ],
    ids=["nothing", "empty", "no text", "no object", "no body", "204"],
)
def test_a_genuine_success_that_makes_no_sense_is_unknown(
    gateway: WechatPay, script: Platform, scripted: Scripted
) -> None:
    script.script(PREPAY, scripted)
    assert unknown(lambda: prepay(gateway)).sent


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (paid(out_trade_no="WD261125103000ZZZZZZZZZZ"), "out_trade_no"),
        (paid(mchid="1230000110"), "mchid"),
        (paid(appid="wx0"), "appid"),
        (unpaid("SETTLED"), "trade_state"),
        ({}, "mchid"),
    ],
)
def test_an_answer_about_something_else_says_nothing_of_the_order(
    gateway: WechatPay, script: Platform, said: dict[str, Any], name: str
) -> None:
    script.script(QUERY, answer(said))
    assert name in str(unknown(lambda: gateway.query(ORDER_NO)))


def test_an_answer_about_another_refund_says_nothing_of_this_one(
    gateway: WechatPay, script: Platform
) -> None:
    script.script(REFUNDS, answer(refunded("status", "SUCCESS", out_refund_no="RF1")))
    assert unknown(lambda: gateway.refund(REFUND)).sent


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "PARAM_ERROR"),
        (400, "APPID_MCHID_NOT_MATCH"),
        (401, "SIGN_ERROR"),
        (403, "OUT_TRADE_NO_USED"),
        (403, "NO_AUTH"),
        (404, "ORDER_NOT_EXIST"),
    ],
)
def test_a_refusal_has_wechats_code(
    gateway: WechatPay, script: Platform, status: int, code: str
) -> None:
    script.script(PREPAY, refusal(status, code))
    with pytest.raises(Rejected) as caught:
        prepay(gateway)
    assert caught.value.code == code


def test_a_refusal_names_the_field_and_does_not_repeat_wechats_words(
    gateway: WechatPay, script: Platform
) -> None:
    detail = {"field": "/amount/total", "value": OPENID, "issue": OPENID, "location": "body"}
    script.script(PREPAY, refusal(400, "PARAM_ERROR", detail=detail))
    with pytest.raises(Rejected, match="/amount/total") as caught:
        prepay(gateway)
    assert OPENID not in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"code":5}', b'{"code":"bad code"}'])
def test_a_refusal_without_a_code_has_its_status(
    gateway: WechatPay, script: Platform, body: bytes
) -> None:
    script.script(CLOSE, Scripted(body, 404))
    with pytest.raises(Rejected) as caught:
        gateway.close(ORDER_NO)
    assert caught.value.code == "404"


def test_a_redirect_is_not_followed(gateway: WechatPay, script: Platform) -> None:
    script.script(PREPAY, Scripted(status=302, headers=(("Location", script.base_url),)))
    assert not unknown(lambda: prepay(gateway)).sent
    assert len(script.asked) == 1


def test_a_lost_answer_may_have_been_carried_out(gateway: WechatPay, script: Platform) -> None:
    script.script(REFUNDS, Scripted(lost=True))
    assert unknown(lambda: gateway.refund(REFUND)).sent


def test_a_slow_answer_is_waited_for_only_so_long(
    open_with: Callable[..., WechatPay], script: Platform
) -> None:
    gate = threading.Event()
    script.script(PREPAY, replace(GOOD, gate=gate))
    gateway = open_with(read_timeout_s=0.05)
    try:
        error = unknown(lambda: prepay(gateway))
    finally:
        gate.set()
    assert error.sent
    assert "read timed out" in str(error)


def test_where_nobody_listens_nothing_was_carried_out(open_with: Callable[..., WechatPay]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
        error = unknown(lambda: prepay(open_with(api_url=address)))
    assert not error.sent
    assert "connection refused" in str(error)


def test_an_answer_without_end_is_cut_off(
    open_with: Callable[..., WechatPay], script: Platform
) -> None:
    script.script(PREPAY, answer({"prepay_id": "x" * 2_000}))
    assert "too long" in str(unknown(lambda: prepay(open_with(max_answer_bytes=1_000))))


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


SECRET = (APIV3_KEY, "PRIVATE KEY", "Authorization", "signature=", OPENID, "mchid=")


@pytest.mark.parametrize(
    "scripted",
    [
        Scripted(lost=True),
        Scripted(status=500),
        answer({}),
        refusal(400, "PARAM_ERROR"),
        BAD["another body"],
    ],
    ids=["lost", "500", "odd", "400", "tampered"],
)
def test_neither_errors_nor_logs_hold_a_secret_or_a_person(
    gateway: WechatPay, script: Platform, scripted: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    script.script(PREPAY, scripted)
    script.script(QUERY, scripted)
    told = []
    for call in (lambda: prepay(gateway), lambda: gateway.query(ORDER_NO)):
        with pytest.raises(BackendError) as caught:
            call()
        told += [f"{error!r} {error}" for error in chain(caught.value)]
    seen = " ".join([*told, caplog.text])
    assert [word for word in SECRET if word in seen] == []
