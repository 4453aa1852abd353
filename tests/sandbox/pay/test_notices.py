"""What WeChat Pay tells the server by itself."""

import base64
import json
import time

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from sandbox.pay.keys import PayKeys
from sandbox.pay.notices import SCHEDULE_S
from tests.sandbox.client import Control
from tests.sandbox.conftest import NOW
from tests.sandbox.pay.merchant import Merchant
from tests.sandbox.toy_server import Incoming, Reply, Toy

NUMBER = "W20260105000001"


@pytest.fixture(autouse=True)
def _at_once(control: Control) -> None:
    control.faults(pay={"notice_after_s": 0})


def told(toy: Toy, count: int = 1) -> list[Incoming]:
    """Those of payments and refunds, once so many have come."""
    while len(found := [one for one in toy.seen if one.path.startswith("/pay/")]) < count:
        assert toy.arrived.acquire(timeout=5)
    return found


def nothing_more(toy: Toy, control: Control) -> None:
    """The last one was taken: nothing is left to be told."""
    deadline = time.monotonic() + 5
    while control.get("/pay/notices")["waiting"]:
        assert time.monotonic() < deadline
        toy.arrived.acquire(timeout=0.02)


def genuine(incoming: Incoming, keys: PayKeys) -> bool:
    headers, key = incoming.headers, keys.public
    if headers["Wechatpay-Serial"] == keys.platform_serial:
        key = keys.certified
    elif headers["Wechatpay-Serial"] != keys.public_key_id:
        return False
    head = f"{headers['Wechatpay-Timestamp']}\n{headers['Wechatpay-Nonce']}\n".encode()
    signed = head + incoming.body + b"\n"
    try:
        raw = base64.b64decode(headers["Wechatpay-Signature"])
        key.public_key().verify(raw, signed, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return abs(NOW - int(headers["Wechatpay-Timestamp"])) <= 300


@pytest.mark.parametrize("certificates", [False, True])
def test_a_payment_is_told_signed_and_encrypted(
    toy: Toy, control: Control, merchant: Merchant, payer: str, certificates: bool
) -> None:
    control.faults(pay={"certificates": certificates})
    merchant.is_paid(payer)
    (incoming,) = told(toy)
    assert (incoming.method, incoming.target) == ("POST", "/pay/notify")
    assert genuine(incoming, merchant.keys)
    content = json.loads(incoming.body)
    assert content["event_type"] == "TRANSACTION.SUCCESS"
    assert content["resource"]["associated_data"] == "transaction"
    assert merchant.opens(incoming.body) == merchant.queries()
    nothing_more(toy, control)
    assert len(told(toy, 0)) == 1


def test_what_is_not_taken_is_told_again_as_the_schedule_has_it(
    toy: Toy, control: Control, merchant: Merchant, payer: str
) -> None:
    toy.behave = lambda _: Reply(500)
    merchant.is_paid(payer)
    for number, gap_s in enumerate(SCHEDULE_S[:4], start=1):
        told(toy, number)
        merchant.advance(gap_s)
    toy.behave = lambda _: Reply(204, b"")
    again = told(toy, 5)
    nothing_more(toy, control)
    assert len({json.loads(one.body)["id"] for one in again}) == 1


def test_all_tries_take_a_day() -> None:
    assert len(SCHEDULE_S) == 15
    assert sum(SCHEDULE_S) == 24 * 3600 + 4 * 60


def test_one_may_never_come(toy: Toy, control: Control, merchant: Merchant, payer: str) -> None:
    control.faults(pay={"notice_loss_rate": 1})
    merchant.is_paid(payer)
    nothing_more(toy, control)
    merchant.advance(86_400)
    nothing_more(toy, control)
    assert told(toy, 0) == []


@pytest.mark.parametrize("switch", ["notice_twice_rate", "notice_parallel_rate"])
def test_one_may_come_twice(
    toy: Toy, control: Control, merchant: Merchant, payer: str, switch: str
) -> None:
    control.faults(pay={switch: 1})
    merchant.is_paid(payer)
    first, second = told(toy, 2)
    assert json.loads(first.body)["id"] == json.loads(second.body)["id"]


@pytest.mark.parametrize("kind", ["tampered", "wrong_serial", "old", "foreign_key", "signtest"])
def test_a_forged_one_comes_before_the_true_one(
    toy: Toy, control: Control, merchant: Merchant, payer: str, kind: str
) -> None:
    control.faults(pay={f"{kind}_rate": 1})
    merchant.is_paid(payer)
    forged, true = told(toy, 2)
    assert not genuine(forged, merchant.keys)
    assert genuine(true, merchant.keys)
    nothing_more(toy, control)
    assert "a forged notification was taken" in [one["problem"] for one in control.entries()]


def test_a_refund_is_told_when_it_has_ended(
    toy: Toy, control: Control, merchant: Merchant, payer: str
) -> None:
    merchant.is_paid(payer)
    merchant.refund(NUMBER, "R1", 1000)
    merchant.advance(60)
    incoming = told(toy, 2)[-1]
    assert incoming.target == "/pay/refund-notify"
    assert json.loads(incoming.body)["event_type"] == "REFUND.SUCCESS"
    opened = merchant.opens(incoming.body)
    assert (opened["refund_status"], opened["out_refund_no"]) == ("SUCCESS", "R1")
    assert opened["amount"]["payer_refund"] == 1000


def test_the_sandbox_ends_while_something_is_to_be_told(
    control: Control, merchant: Merchant, payer: str
) -> None:
    control.faults(pay={"notice_after_s": 3600})
    merchant.is_paid(payer)
    control.app.extensions["sandbox"].close()
    assert merchant.queries()["trade_state"] == "SUCCESS"
