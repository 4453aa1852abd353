"""Only bytes that WeChat Pay signed within five minutes are believed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backends.errors import NotGenuine
from backends.wechatpay.genuine import check
from backends.wechatpay.keys import PlatformKeys
from tests.wechatpay.bank import (
    CERT_SERIAL,
    NOW,
    PUBLIC_KEY_ID,
    certificate,
    key_of,
    signed,
)

BODY = '{"trade_state_desc":"支付成功"}'.encode()
PUBLIC = PlatformKeys(PUBLIC_KEY_ID, key_of("public").public_key())
CERTIFIED = PlatformKeys(certificates={CERT_SERIAL: certificate()})
BOTH = replace(PUBLIC, certificates=CERTIFIED.certificates)
BY_KEY = signed(BODY)
BY_CERTIFICATE = signed(BODY, who="certified", serial=f"{CERT_SERIAL:040X}")


@pytest.mark.parametrize(
    ("keys", "headers"),
    [(PUBLIC, BY_KEY), (CERTIFIED, BY_CERTIFICATE), (BOTH, BY_KEY), (BOTH, BY_CERTIFICATE)],
    ids=["public key", "certificate", "migration, public key", "migration, certificate"],
)
def test_what_wechat_signed_is_genuine_by_key_by_certificate_and_while_one_replaces_the_other(
    keys: PlatformKeys, headers: dict[str, str]
) -> None:
    check(headers, BODY, keys, NOW)


@pytest.mark.parametrize("spelled", [str.lower, str.upper, str.title], ids=["low", "up", "title"])
def test_header_names_are_known_however_they_are_spelled(spelled: Callable[[str], str]) -> None:
    check({spelled(name): value for name, value in BY_KEY.items()}, BODY, PUBLIC, NOW)


def test_an_answer_without_a_body_is_signed_too() -> None:
    check(signed(b""), b"", PUBLIC, NOW)


@pytest.mark.parametrize("age_s", [-300, 0, 300])
def test_clocks_may_differ_by_five_minutes(age_s: int) -> None:
    check(signed(BODY, NOW - timedelta(seconds=age_s)), BODY, PUBLIC, NOW)


@pytest.mark.parametrize("age_s", [-3 * 86_400, -301, 301, 3 * 86_400])
def test_what_was_signed_more_than_five_minutes_ago_is_a_replay(age_s: int) -> None:
    with pytest.raises(NotGenuine, match="time"):
        check(signed(BODY, NOW - timedelta(seconds=age_s)), BODY, PUBLIC, NOW)


@pytest.mark.parametrize("name", sorted(BY_KEY))
def test_each_header_is_needed(name: str) -> None:
    rest = {other: value for other, value in BY_KEY.items() if other != name}
    for headers in (rest, {**rest, name: ""}):
        with pytest.raises(NotGenuine, match="headers"):
            check(headers, BODY, PUBLIC, NOW)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("Wechatpay-Signature-Type", "WECHATPAY2-SM2-WITH-SM3", "type"),
        ("Wechatpay-Timestamp", "1e9", "time"),
        ("Wechatpay-Timestamp", "-1", "time"),
        ("Wechatpay-Timestamp", "١٧٦٤٠٣٨١١٢", "time"),
        ("Wechatpay-Serial", "PUB_KEY_ID_" + "9" * 28, "serial"),
        ("Wechatpay-Serial", f"{CERT_SERIAL + 1:040X}", "serial"),
        ("Wechatpay-Serial", "zzz", "serial"),
        ("Wechatpay-Serial", "1" * 9_000, "serial"),
        ("Wechatpay-Signature", "WECHATPAY/SIGNTEST/" + BY_KEY["Wechatpay-Signature"], "probe"),
        ("Wechatpay-Signature", BY_KEY["Wechatpay-Signature"][:-4], "signature"),
        ("Wechatpay-Signature", "not base64!", "signature"),
        ("Wechatpay-Signature", "A", "signature"),
        ("Wechatpay-Signature", BY_CERTIFICATE["Wechatpay-Signature"], "signature"),
    ],
)
def test_a_forged_header_is_refused_and_the_error_says_which(
    name: str, value: str, why: str
) -> None:
    with pytest.raises(NotGenuine) as caught:
        check({**BY_KEY, name: value}, BODY, BOTH, NOW)
    assert caught.value.why == why


def test_a_foreign_key_signs_nothing() -> None:
    with pytest.raises(NotGenuine, match="signature"):
        check(signed(BODY, who="foreign"), BODY, BOTH, NOW)


def test_a_certificate_that_is_over_signs_nothing() -> None:
    over = PlatformKeys(certificates={CERT_SERIAL: certificate(valid=False)})
    with pytest.raises(NotGenuine, match="serial"):
        check(BY_CERTIFICATE, BODY, over, NOW)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(NotGenuine, match="body"):
        check(signed(b"\xff"), b"\xff", PUBLIC, NOW)


@settings(max_examples=50)
@given(at=st.integers(0, len(BODY) - 1), byte=st.integers(0, 255), shift=st.booleans())
def test_whatever_byte_is_changed_the_signature_does_not_fit(
    at: int, byte: int, shift: bool
) -> None:
    changed = BODY[:at] + bytes([byte]) + BODY[at + (not shift) :]
    if changed == BODY:
        return
    with pytest.raises(NotGenuine):
        check(BY_KEY, changed, PUBLIC, NOW)


@settings(max_examples=50)
@given(name=st.sampled_from(sorted(BY_KEY)), value=st.text(max_size=400))
def test_no_text_in_a_header_makes_it_genuine_or_breaks_the_check(name: str, value: str) -> None:
    if value == BY_KEY[name]:
        return
    with pytest.raises(NotGenuine):
        check({**BY_KEY, name: value}, BODY, BOTH, NOW)
