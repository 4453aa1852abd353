"""Template messages: every rule of the documentation, then the card and its result."""

from typing import Any

import pytest

from sandbox.config import SandboxConfig
from sandbox.template_messages import TEMPLATES
from tests.sandbox.client import Control
from tests.sandbox.test_tokens import WECHAT, stable
from tests.sandbox.toy_server import Toy

BILL = {
    "character_string1": "10*****017",
    "thing2": "2026年10月",
    "number3": "12",
    "amount4": "45.60元",
    "time5": "2026年12月10日 23:59",
}


@pytest.fixture
def token(control: Control, config: SandboxConfig) -> str:
    control.faults(push={"result_after_s": 0})
    return str(stable(control, config)["access_token"])


def ask(control: Control, token: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = control.http.post(f"{WECHAT}/{path}?access_token={token}", json=body)
    found: dict[str, Any] = answer.get_json()
    return found


def send(
    control: Control, token: str, openid: str, card: str = "bill", **change: Any
) -> dict[str, Any]:
    data = change.pop("data", BILL)
    body = {
        "touser": openid,
        "template_id": TEMPLATES.get(card, card),
        "data": {key: {"value": value} for key, value in data.items()},
        **change,
    }
    return ask(control, token, "message/template/send", body)


def cards(control: Control, openid: str) -> list[dict[str, Any]]:
    return [bubble for bubble in control.bubbles(openid) if bubble["kind"] == "card"]


def results(toy: Toy, count: int) -> list[tuple[str, str]]:
    """Of the events that came, those about pushes: id and status."""
    for _ in range(count):
        assert toy.arrived.acquire(timeout=5)
    return [
        (one.element("MsgID"), one.element("Status"))
        for one in list(toy.seen)
        if one.element("Event") == "TEMPLATESENDJOBFINISH"
    ]


def test_a_card_is_shown_and_its_result_is_told(control: Control, token: str, toy: Toy) -> None:
    openid = control.follower()
    answer = send(control, token, openid, url="https://water.example/go/bill")
    assert answer["errcode"] == 0
    assert answer["msgid"] > 2**53
    assert results(toy, 2) == [(str(answer["msgid"]), "success")]
    (card,) = cards(control, openid)
    assert card["title"] == "水费账单通知"
    assert card["rows"][0] == {"label": "户号", "value": "10*****017"}
    assert card["url"] == "https://water.example/go/bill"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("character_string1", "户号10"),
        ("character_string1", "1" * 33),
        ("thing2", "长" * 21),
        ("thing2", ""),
        ("number3", "十二"),
        ("amount4", "45.60 元"),
        ("amount4", "12345678901元"),
        ("time5", "2026-12-10 23:59"),
        ("time5", "明天"),
    ],
)
def test_a_value_that_breaks_the_rule_of_its_key_is_named(
    control: Control, token: str, key: str, value: str
) -> None:
    answer = send(control, token, control.follower(), data={**BILL, key: value})
    assert answer["errcode"] == 47003
    assert f"data.{key}.value" in answer["errmsg"]


def test_what_cannot_be_sent_is_refused_with_its_code(control: Control, token: str) -> None:
    openid = control.follower()
    stranger = control.post("/citizens").get_json()["openid"]
    assert send(control, token, openid, "unknown")["errcode"] == 40037
    assert send(control, token, "oNOBODY")["errcode"] == 40003
    assert send(control, token, stranger)["errcode"] == 43004
    assert send(control, token, openid, client_msg_id="x" * 33)["errcode"] == 45067
    assert send(control, token, openid, url="weixin://x")["errcode"] == 40039
    partly = {key: value for key, value in BILL.items() if key != "thing2"}
    assert send(control, token, openid, data=partly)["errcode"] == 47003
    control.faults(push={"missing_key_refused": False})
    assert send(control, token, openid, data=partly)["errcode"] == 0


def test_the_same_id_is_sent_once_in_ten_minutes(control: Control, token: str, toy: Toy) -> None:
    openid = control.follower()
    first = send(control, token, openid, client_msg_id="a")
    assert send(control, token, openid, client_msg_id="a")["msgid"] == first["msgid"]
    control.faults(push={"repeat_refused": True})
    assert send(control, token, openid, client_msg_id="a")["errcode"] == 45065
    control.advance(601)
    again = send(control, token, openid, client_msg_id="a")
    assert again["msgid"] not in (None, first["msgid"])
    assert len(results(toy, 3)) == 2
    assert len(cards(control, openid)) == 2
    counts = control.get("/pushes/summary")
    assert (counts["accepted"], counts["repeated"], counts["shown_twice"]) == (2, 2, 1)


def test_who_takes_no_messages_has_no_card(control: Control, token: str, toy: Toy) -> None:
    openid = control.follower()
    path = f"/sandbox/api/pushes/citizens/{openid}/blocked"
    assert control.http.put(path, json={"blocked": True}).status_code == 200
    send(control, token, openid)
    assert [status for _, status in results(toy, 2)] == ["failed:user block"]
    assert cards(control, openid) == []


def test_results_fail_come_twice_or_never_as_the_switches_say(
    control: Control, token: str, toy: Toy
) -> None:
    openid = control.follower()
    control.faults(push={"system_failed_rate": 1, "twice_rate": 1})
    send(control, token, openid)
    assert [status for _, status in results(toy, 3)] == ["failed: system failed"] * 2
    assert cards(control, openid) == []
    control.faults(push={"system_failed_rate": 0, "no_result_rate": 1})
    send(control, token, openid)
    control.faults(push={"no_result_rate": 0, "twice_rate": 0})
    send(control, token, openid)
    assert len(results(toy, 1)) in (3, 4)


def test_the_day_has_so_many_and_no_more(control: Control, token: str) -> None:
    openid = control.follower()
    control.faults(push={"templates_per_day": 2})
    codes = [send(control, token, openid)["errcode"] for _ in range(3)]
    assert codes == [0, 0, 45009]


def test_the_templates_are_listed_with_their_keys(control: Control, token: str) -> None:
    path = f"{WECHAT}/template/get_all_private_template?access_token={token}"
    listed = control.http.get(path).get_json()["template_list"]
    assert {one["template_id"] for one in listed} == set(TEMPLATES.values())
    (due,) = (one for one in listed if one["template_id"] == TEMPLATES["due"])
    assert "{{amount2.DATA}}" in due["content"]


def test_a_subscription_notice_wants_an_acceptance(control: Control, token: str, toy: Toy) -> None:
    openid = control.follower()
    notice = {
        "touser": openid,
        "template_id": TEMPLATES["bill"],
        "page": "https://water.example/go/bill",
        "data": {key: {"value": value} for key, value in BILL.items()},
    }
    path = "message/subscribe/bizsend"
    assert ask(control, token, path, notice)["errcode"] == 43101
    answers = {TEMPLATES["bill"]: True, TEMPLATES["due"]: False}
    control.post(f"/pushes/citizens/{openid}/subscriptions", {"answers": answers})
    assert toy.seen[-1].element("Event") == "subscribe_msg_popup_event"
    assert ask(control, token, path, notice)["errcode"] == 0
    assert ask(control, token, path, notice)["errcode"] == 43101
    for_good = {"answers": {TEMPLATES["bill"]: True}, "for_good": True}
    control.post(f"/pushes/citizens/{openid}/subscriptions", for_good)
    assert [ask(control, token, path, notice)["errcode"] for _ in range(3)] == [0, 0, 0]
    off = {"template_id": TEMPLATES["bill"]}
    control.post(f"/pushes/citizens/{openid}/subscriptions/off", off)
    assert ask(control, token, path, notice)["errcode"] == 43101
