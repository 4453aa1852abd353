"""Subscription notices: what the citizen accepted on the phone, and how often it may be used."""

from typing import Any
from xml.etree import ElementTree

import pytest

from sandbox.config import SandboxConfig
from sandbox.template_messages import TEMPLATES
from tests.sandbox.client import Control
from tests.sandbox.pushing import BILL, ask, cards
from tests.sandbox.test_tokens import stable
from tests.sandbox.toy_server import Toy

TEMPLATE = TEMPLATES["bill"]


@pytest.fixture
def token(control: Control, config: SandboxConfig) -> str:
    control.faults(push={"result_after_s": 0})
    return str(stable(control, config)["access_token"])


def notify(control: Control, token: str, openid: str) -> int:
    notice = {
        "touser": openid,
        "template_id": TEMPLATE,
        "page": "https://water.example/go/bill",
        "data": {key: {"value": value} for key, value in BILL.items()},
    }
    errcode: int = ask(control, token, "message/subscribe/bizsend", notice)["errcode"]
    return errcode


def answers(control: Control, openid: str, accepted: dict[str, bool], **other: Any) -> None:
    body = {"answers": accepted, **other}
    assert control.post(f"/pushes/citizens/{openid}/subscriptions", body).status_code == 200


def left(control: Control, openid: str) -> dict[str, int | None]:
    found = control.get(f"/pushes/citizens/{openid}/subscriptions")["subscriptions"]
    return {one["id"]: one["left"] for one in found}


def test_each_acceptance_is_good_for_one_notice(control: Control, token: str, toy: Toy) -> None:
    openid = control.follower()
    assert notify(control, token, openid) == 43101
    answers(control, openid, {TEMPLATE: True, TEMPLATES["due"]: False})
    assert toy.seen[-1].element("Event") == "subscribe_msg_popup_event"
    told = ElementTree.fromstring(toy.seen[-1].body).iter("SubscribeStatusString")
    assert [one.text for one in told] == ["accept", "reject"]
    assert left(control, openid) == {TEMPLATE: 1}
    assert notify(control, token, openid) == 0
    assert notify(control, token, openid) == 43101


def test_what_was_sent_is_told_and_shown(control: Control, token: str, toy: Toy) -> None:
    openid = control.follower()
    answers(control, openid, {TEMPLATE: True})
    notify(control, token, openid)
    for _ in range(3):
        assert toy.arrived.acquire(timeout=5)
    assert toy.seen[-1].element("Event") == "subscribe_msg_sent_event"
    (card,) = cards(control, openid)
    assert (card["via"], card["url"]) == ("subscription_notice", "https://water.example/go/bill")


def test_an_acceptance_for_good_lasts_until_it_is_switched_off(
    control: Control, token: str, toy: Toy
) -> None:
    openid = control.follower()
    answers(control, openid, {TEMPLATE: True}, for_good=True)
    assert [notify(control, token, openid) for _ in range(3)] == [0, 0, 0]
    assert left(control, openid) == {TEMPLATE: None}
    control.post(f"/pushes/citizens/{openid}/subscriptions/off", {"template_id": TEMPLATE})
    told = [one for one in toy.seen if one.element("Event") == "subscribe_msg_change_event"]
    assert len(told) == 1
    assert notify(control, token, openid) == 43101
