"""Who may ask WeChat Pay, and that its answers can be trusted."""

import pytest

from sandbox.pay.keys import PayKeys
from tests.sandbox.client import Control
from tests.sandbox.conftest import NOW
from tests.sandbox.pay.merchant import Merchant

QUERY = "/v3/pay/transactions/out-trade-no/W20260105000001?mchid="


@pytest.fixture
def target(keys: PayKeys) -> str:
    return QUERY + keys.mchid


@pytest.mark.parametrize(
    ("forged", "said"),
    [
        ({"mchid": "1999999999"}, "商户号不存在"),
        ({"serial_no": "0" * 40}, "商户证书序列号"),
        ({"timestamp": str(int(NOW) - 301)}, "不得超过5分钟"),
        ({"timestamp": str(int(NOW) + 301)}, "不得超过5分钟"),
        ({"signature": "bm90IHNpZ25lZA=="}, "签名错误"),
        ({"nonce_str": ""}, "格式错误"),
    ],
)
def test_whoever_is_not_the_merchant_is_refused(
    merchant: Merchant, target: str, forged: dict[str, str], said: str
) -> None:
    answer = merchant.ask(
        "GET",
        target,
        headers={"Authorization": merchant.authorization("GET", target, "", **forged)},
    )
    assert (answer.status_code, answer.code) == (401, "SIGN_ERROR")
    assert said in answer.json["message"]
    assert "Wechatpay-Signature" not in answer.headers
    assert answer.headers["Request-ID"]


def test_a_signature_over_another_body_path_or_query_is_refused(
    merchant: Merchant, payer: str, target: str
) -> None:
    jsapi = "/v3/pay/transactions/jsapi"
    other = merchant.authorization("POST", jsapi, "{}")
    assert (
        merchant.ask(
            "POST", jsapi, merchant.order(payer), headers={"Authorization": other}
        ).status_code
        == 401
    )
    other = merchant.authorization("GET", target.split("?")[0], "")
    answer = merchant.ask("GET", target, headers={"Authorization": other})
    assert answer.json["detail"]["sign_information"]["url"] == target


@pytest.mark.parametrize("name", ["Accept", "User-Agent"])
def test_a_missing_header_is_refused(merchant: Merchant, target: str, name: str) -> None:
    answer = merchant.ask("GET", target, headers={name: ""})
    assert (answer.status_code, answer.code) == (400, "PARAM_ERROR")


def test_answers_are_signed_even_those_without_a_body(merchant: Merchant, payer: str) -> None:
    merchant.prepays(payer)
    closed = merchant.closes()
    assert (closed.status_code, closed.data) == (204, b"")
    for answer in (closed, merchant.ask("GET", QUERY + merchant.keys.mchid)):
        merchant.checks(answer)
        assert answer.headers["Wechatpay-Signature-Type"] == "WECHATPAY2-SHA256-RSA2048"
        assert answer.headers["Wechatpay-Serial"] == merchant.keys.public_key_id


def test_the_key_is_the_one_that_the_request_names(
    merchant: Merchant, payer: str, target: str
) -> None:
    merchant.prepays(payer)
    serial = merchant.keys.platform_serial
    answer = merchant.ask("GET", target, headers={"Wechatpay-Serial": serial})
    assert answer.headers["Wechatpay-Serial"] == serial
    merchant.checks(answer)


def test_an_unknown_path_or_method_is_answered_with_nothing(merchant: Merchant) -> None:
    assert merchant.ask("GET", "/v3/nothing").status_code == 404
    answer = merchant.ask("DELETE", "/v3/pay/transactions/jsapi")
    assert (answer.status_code, answer.data) == (405, b"")


def test_a_probe_is_carried_out_but_its_signature_does_not_fit(
    control: Control, merchant: Merchant, payer: str
) -> None:
    merchant.prepays(payer)
    control.faults(pay={"probe_rate": 1})
    closed = merchant.closes()
    assert closed.headers["Wechatpay-Signature"].startswith("WECHATPAY/SIGNTEST/")
    control.faults(pay={"probe_rate": 0})
    assert merchant.queries()["trade_state"] == "CLOSED"


def test_the_inspector_shows_each_call(control: Control, merchant: Merchant, payer: str) -> None:
    merchant.prepays(payer)
    (entry,) = [one for one in control.entries() if one["kind"] == "pay"]
    assert entry["title"] == "pay/transactions/jsapi"
    assert '"out_trade_no"' in entry["request"]["clear"]


@pytest.mark.parametrize(
    ("switch", "status", "code"),
    [
        ("limited_rate", 429, "FREQUENCY_LIMITED"),
        ("error_rate", 500, "SYSTEM_ERROR"),
        ("accepted_rate", 202, "ACCEPTED"),
    ],
)
def test_a_switch_refuses_calls_before_anything_is_done(
    control: Control, merchant: Merchant, payer: str, switch: str, status: int, code: str
) -> None:
    control.faults(pay={switch: 1})
    answer = merchant.ask("POST", "/v3/pay/transactions/jsapi", merchant.order(payer))
    assert (answer.status_code, answer.code) == (status, code)
    control.faults(pay={switch: 0})
    assert merchant.ask("GET", QUERY + merchant.keys.mchid).status_code == 404
