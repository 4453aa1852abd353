"""`waterdesk check` says of WeChat Pay what is wrong, and what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.finding import Finding
from bot.pay_check import WHAT, pay_findings
from bot.settings import load_settings
from tests.contract.wechat.platform import Asked, Platform, Scripted
from tests.wechatpay.bank import (
    APIV3_KEY,
    APPID,
    MCHID,
    MERCHANT_SERIAL,
    PUBLIC_KEY_ID,
    refusal,
)

Check = Callable[..., list[Finding]]


@pytest.fixture
def checked(script: Platform, keys_folder: Path) -> Check:
    def check(**changes: str) -> list[Finding]:
        values = {
            "WECHAT_APPID": APPID,
            "WECHAT_SECRET": "s" * 32,
            "WECHAT_TOKEN": "token",
            "WECHAT_AES_KEY": "A" * 43,
            "CSMS_URL": "sqlite:///city.sqlite3",
            "PAY_MCHID": MCHID,
            "PAY_KEY_FILE": str(keys_folder / "merchant.pem"),
            "PAY_CERT_SERIAL": MERCHANT_SERIAL,
            "PAY_APIV3_KEY": APIV3_KEY,
            "PAY_PUBLIC_KEY_FILE": str(keys_folder / "public.pem"),
            "PAY_PUBLIC_KEY_ID": PUBLIC_KEY_ID,
            "PAY_API": script.base_url,
            **changes,
        }
        environ = {f"WATERDESK_{name}": value for name, value in values.items()}
        return list(pay_findings(load_settings(environ)))

    return check


@pytest.fixture
def says(script: Platform, monkeypatch: pytest.MonkeyPatch) -> Callable[[Scripted], None]:
    """What the server answers to a question about any order."""

    def says(scripted: Scripted) -> None:
        usual = Platform.take

        def take(platform: Platform, asked: Asked) -> Scripted:
            usual(platform, asked)
            return scripted

        monkeypatch.setattr(Platform, "take", take)

    return says


def test_it_is_well_when_wechat_does_not_know_an_order_that_nobody_placed(
    checked: Check, says: Callable[[Scripted], None], script: Platform
) -> None:
    says(refusal(404, "ORDER_NOT_EXIST"))
    assert checked() == [Finding(WHAT)]
    (asked,) = script.asked
    assert asked.path.startswith("/v3/pay/transactions/out-trade-no/CHECK")


@pytest.mark.parametrize(
    ("scripted", "remedy"),
    [
        (refusal(401, "SIGN_ERROR"), "WATERDESK_PAY_CERT_SERIAL"),
        (refusal(403, "NO_AUTH"), "JSAPI支付"),
        (refusal(400, "PARAM_ERROR"), "WATERDESK_PAY_MCHID"),
        (Scripted(status=404), "WATERDESK_PAY_API"),
        (Scripted(status=502), "WATERDESK_PAY_API"),
        (Scripted(b"{}"), "not genuine"),
    ],
    ids=["signature", "right", "merchant", "another server", "away", "not WeChat"],
)
def test_what_is_wrong_is_grave_and_says_what_to_check(
    checked: Check, says: Callable[[Scripted], None], scripted: Scripted, remedy: str
) -> None:
    says(scripted)
    (finding,) = checked()
    assert finding.grave
    assert remedy in finding.remedy


@pytest.mark.parametrize("name", ["PAY_KEY_FILE", "PAY_PUBLIC_KEY_FILE"])
def test_a_key_that_cannot_be_used_is_named_and_nobody_is_asked(
    checked: Check, script: Platform, tmp_path: Path, name: str
) -> None:
    wrong = tmp_path / "wrong.pem"
    for content in (None, "-----BEGIN RSA PRIVATE KEY-----"):
        if content:
            wrong.write_text(content)
        (finding,) = checked(**{name: str(wrong)})
        assert finding.grave
        assert "wrong.pem" in finding.remedy
    assert not script.asked


def test_without_a_merchant_payments_are_off(checked: Check, script: Platform) -> None:
    (finding,) = checked(PAY_MCHID="")
    assert not finding.grave
    assert "off" in finding.remedy
    assert not script.asked


def test_notifications_need_https(checked: Check, says: Callable[[Scripted], None]) -> None:
    says(refusal(404, "ORDER_NOT_EXIST"))
    _, finding = checked(PUBLIC_URL="http://water.example")
    assert finding.grave
    assert checked(PUBLIC_URL="https://water.example") == [Finding(WHAT)]
