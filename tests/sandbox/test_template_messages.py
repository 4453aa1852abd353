"""Template messages: every rule of the documentation, then the card and its result."""

import pytest

from sandbox.config import SandboxConfig
from tests.sandbox.client import Control
from tests.sandbox.pushing import BILL, cards, results, send
from tests.sandbox.test_tokens import stable
from tests.sandbox.toy_server import Toy


@pytest.fixture
def token(control: Control, config: SandboxConfig) -> str:
    control.faults(push={"result_after_s": 0})
    return str(stable(control, config)["access_token"])


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
        ("thing3", "长" * 21),
        ("amount4", "45.60 元"),
        ("amount4", "12345678901元"),
        ("date5", "2026-12-10"),
        ("date5", "明天"),
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
    control.faults(push={"longest_client_msg_id": 64})
    assert send(control, token, openid, client_msg_id="x" * 33)["errcode"] == 0
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
    assert counts["citizens"] == {openid: 2}


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
    assert control.get(f"/citizens/{openid}/bubbles?after=0&wait_s=5")["bubbles"]
    control.faults(push={"no_result_rate": 0, "twice_rate": 0})
    send(control, token, openid)
    assert len(results(toy, 1)) == 3


def test_the_day_has_so_many_and_no_more(control: Control, token: str) -> None:
    openid = control.follower()
    control.faults(push={"templates_per_day": 2})
    codes = [send(control, token, openid)["errcode"] for _ in range(3)]
    assert codes == [0, 0, 45009]


def test_so_does_the_minute(control: Control, token: str) -> None:
    openid = control.follower()
    control.faults(push={"templates_per_minute": 2})
    assert [send(control, token, openid)["errcode"] for _ in range(3)] == [0, 0, 45011]
    control.advance(60)
    assert send(control, token, openid)["errcode"] == 0


@pytest.mark.parametrize("errcode", [40164, 40249, 43116, 48001])
def test_any_other_refusal_comes_on_demand(control: Control, token: str, errcode: int) -> None:
    control.faults(api={"errcodes": {"/cgi-bin/message/template/send": errcode}})
    assert send(control, token, control.follower())["errcode"] == errcode


def test_keys_that_the_card_does_not_have_are_dropped(
    control: Control, token: str, toy: Toy
) -> None:
    openid = control.follower()
    more = {"first": "您好", **BILL, "remark": "谢谢", "thing9": "长" * 30}
    assert send(control, token, openid, data=more)["errcode"] == 0
    results(toy, 2)
    (card,) = cards(control, openid)
    assert [row["value"] for row in card["rows"]] == list(BILL.values())


def test_an_address_in_the_field_of_the_other_kind_leads_nowhere(
    control: Control, token: str, toy: Toy
) -> None:
    openid = control.follower()
    send(control, token, openid, page="https://water.example/go/bill")
    results(toy, 2)
    assert [card["url"] for card in cards(control, openid)] == [""]


def test_a_mini_program_needs_its_appid_and_goes_before_the_address(
    control: Control, token: str, toy: Toy
) -> None:
    openid, url = control.follower(), "https://water.example/go/bill"
    assert send(control, token, openid, miniprogram={"pagepath": "a"})["errcode"] == 40013
    ours = {"appid": "wx0123456789abcdef", "pagepath": "pages/bill?no=1"}
    assert send(control, token, openid, url=url, miniprogram=ours)["errcode"] == 0
    results(toy, 2)
    (card,) = cards(control, openid)
    assert card["mini_program"] == "wx0123456789abcdef pages/bill?no=1"
