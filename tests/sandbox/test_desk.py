"""The person at the desk: from the transfer over the talk to the end."""

import pytest

from sandbox.config import SandboxConfig
from tests.sandbox.client import Control
from tests.sandbox.toy_server import Toy, reply_xml

HALF_AN_HOUR_S = 1800


@pytest.fixture
def waiting(toy: Toy, control: Control, config: SandboxConfig) -> str:
    openid = control.follower()
    toy.answers(reply_xml(openid, config.account_id, "", "transfer_customer_service"))
    outcome = control.says(openid, "人工")
    assert outcome["outcome"] == "answered"
    toy.answers("success")
    toy.seen.clear()
    return openid


def service(control: Control) -> str:
    return str(control.get("/state")["citizens"][0]["service"])


def test_who_waits_still_talks_to_the_server(toy: Toy, control: Control, waiting: str) -> None:
    assert service(control) == "waiting"
    control.says(waiting, "还在吗")
    assert toy.seen[-1].element("Content") == "还在吗"


def test_during_the_talk_messages_go_to_the_person_and_taps_to_the_server(
    toy: Toy, control: Control, waiting: str
) -> None:
    assert control.post(f"/agents/{waiting}/accept").status_code == 200
    assert toy.seen[-1].element("Event") == "kf_create_session"
    assert toy.seen[-1].element("KfAccount")
    assert service(control) == "open"

    toy.seen.clear()
    outcome = control.says(waiting, "我的水费不对")
    assert (outcome["outcome"], outcome["attempts"]) == ("silent", [])
    assert toy.seen == []
    control.post(f"/agents/{waiting}/say", {"text": "我来看看"})
    assert [(b["who"], b["text"]) for b in control.bubbles(waiting)[-2:]] == [
        ("citizen", "我的水费不对"),
        ("agent", "我来看看"),
    ]
    control.act(waiting, type="click", key="BILL")
    assert toy.seen[-1].element("EventKey") == "BILL"


def test_after_the_close_messages_go_to_the_server_again(
    toy: Toy, control: Control, waiting: str
) -> None:
    control.post(f"/agents/{waiting}/accept")
    assert control.post(f"/agents/{waiting}/close").status_code == 200
    assert toy.seen[-1].element("Event") == "kf_close_session"
    assert service(control) == "none"
    control.says(waiting, "谢谢")
    assert toy.seen[-1].element("Content") == "谢谢"


def test_half_an_hour_without_a_word_ends_the_talk(
    toy: Toy, control: Control, waiting: str
) -> None:
    control.post(f"/agents/{waiting}/accept")
    control.advance(HALF_AN_HOUR_S - 1)
    control.says(waiting, "我还在")
    control.advance(HALF_AN_HOUR_S - 1)
    assert service(control) == "open"
    control.advance(1)
    assert service(control) == "none"
    assert toy.seen[-1].element("Event") == "kf_close_session"


def test_steps_out_of_order_are_refused(control: Control, waiting: str) -> None:
    for step in ("say", "close"):
        assert control.post(f"/agents/{waiting}/{step}", {"text": "x"}).status_code == 409
    control.post(f"/agents/{waiting}/accept")
    assert control.post(f"/agents/{waiting}/accept").status_code == 409
    assert control.post(f"/agents/{waiting}/say", {"text": " "}).status_code == 400
    assert control.post("/agents/nobody/accept").status_code == 404


def test_a_tap_cannot_be_transferred(toy: Toy, control: Control, config: SandboxConfig) -> None:
    openid = control.follower()
    toy.answers(reply_xml(openid, config.account_id, "", "transfer_customer_service"))
    assert control.act(openid, type="click", key="HUMAN")["outcome"] == "failed"
    assert service(control) == "none"


def test_who_leaves_leaves_the_desk_as_well(control: Control, waiting: str) -> None:
    control.post(f"/agents/{waiting}/accept")
    control.post(f"/citizens/{waiting}/unfollow")
    assert service(control) == "none"
