"""Notifications: what WeChat Pay says is read strictly, and only when it is about our merchant."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backends.errors import NotGenuine
from backends.ports import RefundStanding, RefundStatus, TradeState, Transaction
from backends.wechatpay.fields import Merchant
from backends.wechatpay.keys import PlatformKeys
from backends.wechatpay.notices import WechatPayNotices
from tests.wechatpay.bank import (
    APIV3_KEY,
    APPID,
    MCHID,
    NOW,
    PUBLIC_KEY_ID,
    Sealed,
    key_of,
    signed,
)
from tests.wechatpay.told import (
    OPENID,
    ORDER_NO,
    REFUND_NO,
    TRANSACTION_ID,
    paid,
    refunded,
    unpaid,
)

KEYS = PlatformKeys(PUBLIC_KEY_ID, key_of("public").public_key())
NOTICES = WechatPayNotices(KEYS, APIV3_KEY, Merchant(MCHID, APPID))
REFUND = refunded("refund_status", "SUCCESS", mchid=MCHID)
ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 0),
    st.floats(allow_nan=False),
    st.just(""),
    st.just("x" * 100),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
)


def opened(body: bytes) -> Transaction | RefundStanding | None:
    return NOTICES.opened(signed(body), body, NOW)


def refused(body: bytes) -> str:
    with pytest.raises(NotGenuine) as caught:
        opened(body)
    return caught.value.why


def test_a_payment_is_told_with_its_payer_amount_and_time() -> None:
    assert opened(Sealed(paid()).body) == Transaction(
        ORDER_NO,
        TradeState.SUCCESS,
        8784,
        transaction_id=TRANSACTION_ID,
        openid=OPENID,
        paid_at=datetime.fromisoformat("2026-11-25T10:35:10+08:00"),
    )


@pytest.mark.parametrize("status", ["SUCCESS", "ABNORMAL", "CLOSED"])
def test_the_end_of_a_refund_is_told(status: str) -> None:
    plain = refunded("refund_status", status, mchid=MCHID)
    done = datetime.fromisoformat("2026-11-26T09:00:30+08:00") if status == "SUCCESS" else None
    assert opened(Sealed(plain, f"REFUND.{status}").body) == RefundStanding(
        REFUND_NO,
        ORDER_NO,
        "50000000382019052709732678859",
        RefundStatus(status),
        1000,
        8784,
        done,
    )


def test_the_ciphertext_of_the_protocol_sheet_is_decrypted() -> None:
    ciphertext = (
        "DUcclrHBE5NffFMk6pzEyhUNz1nix9+RDAIbIiR1/uv6JlUPkME9fPWRf9PY2asBSNXSyTtDp2Dpv+QnIn+NGwKoIV4"
        "cgsVSdzY="
    )
    # It says of what was paid only the number: decrypted, and found incomplete.
    assert refused(Sealed("", more={"ciphertext": ciphertext}).body) == "mchid"
    broken = {"ciphertext": ciphertext[:-8] + "AAAAAAA="}
    assert refused(Sealed("", more=broken).body) == "ciphertext"


def test_associated_data_may_be_absent_but_not_another() -> None:
    assert refused(Sealed(paid(), more={"associated_data": ""}).body) == "ciphertext"
    assert refused(Sealed(paid(), more={"associated_data": "refund"}).body) == "ciphertext"
    assert refused(Sealed(paid(), more={"associated_data": None}).body) == "ciphertext"


def test_an_event_that_means_nothing_to_us_is_taken_and_left() -> None:
    assert opened(Sealed("nobody reads this", "PAYSCORE.USER_OPEN_SERVICE").body) is None


def test_an_order_that_is_not_paid_is_told_as_such() -> None:
    assert opened(Sealed(unpaid()).body) == Transaction(ORDER_NO, TradeState.NOTPAY, 8784)


@pytest.mark.parametrize(
    ("plain", "event", "why"),
    [
        (paid(mchid="1230000110"), "TRANSACTION.SUCCESS", "mchid"),
        (paid(appid="wx0000000000000000"), "TRANSACTION.SUCCESS", "appid"),
        ({**REFUND, "mchid": "1230000110"}, "REFUND.SUCCESS", "mchid"),
        (paid(), "REFUND.SUCCESS", "refund_status"),
        (REFUND, "TRANSACTION.SUCCESS", "appid"),
        (paid(amount={"total": 8784, "currency": "USD"}), "TRANSACTION.SUCCESS", "currency"),
        (paid(success_time="2026-11-25T10:35:10"), "TRANSACTION.SUCCESS", "success_time"),
        (paid(trade_state="PAID"), "TRANSACTION.SUCCESS", "trade_state"),
    ],
)
def test_what_is_not_ours_or_not_as_documented_is_refused_and_the_error_names_the_field(
    plain: dict[str, Any], event: str, why: str
) -> None:
    assert refused(Sealed(plain, event).body) == why


def test_another_apiv3_key_opens_nothing() -> None:
    assert refused(Sealed(paid(), key="f" * 32).body) == "ciphertext"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "body"),
        (b"[]", "body"),
        (b"{" * 50_000, "body"),
        (b'{"a":' * 100_000, "body"),
        (b"{}", "event_type"),
        (b'{"event_type":"TRANSACTION.SUCCESS"}', "resource"),
        (b'{"event_type":"TRANSACTION.SUCCESS","resource":[]}', "resource"),
        (Sealed("[]").body, "body"),
        (Sealed("junk").body, "body"),
        (Sealed(paid(), more={"algorithm": "none"}).body, "algorithm"),
        (Sealed(paid(), more={"nonce": 5}).body, "nonce"),
        (Sealed(paid(), more={"nonce": "1"}).body, "ciphertext"),
        (Sealed(paid(), more={"ciphertext": "é"}).body, "ciphertext"),
        (Sealed(paid(), more={"ciphertext": "AAAA"}).body, "ciphertext"),
        (Sealed(paid(), more={"associated_data": [1]}).body, "associated_data"),
    ],
    ids=range(15),
)
def test_signed_junk_is_refused(body: bytes, why: str) -> None:
    assert refused(body) == why


@pytest.mark.parametrize("name", ["out_trade_no", "transaction_id", "trade_state", "success_time"])
@settings(max_examples=20)
@given(value=ODD)
def test_a_value_of_a_wrong_type_is_never_believed(name: str, value: object) -> None:
    assert refused(Sealed(paid(**{name: value})).body) == name


@pytest.mark.parametrize("name", ["refund", "total"])
@settings(max_examples=20)
@given(value=ODD)
def test_an_amount_that_is_not_whole_fen_is_never_believed(name: str, value: object) -> None:
    plain = {**REFUND, "amount": {**REFUND["amount"], name: value}}
    assert refused(Sealed(plain, "REFUND.SUCCESS").body) == name


@settings(max_examples=20)
@given(value=ODD)
def test_a_payer_must_be_there(value: object) -> None:
    assert refused(Sealed(paid(payer={"openid": value})).body) == "openid"
