"""The control API itself: state, switches, clock, long polls and errors."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from sandbox.config import Hint, SandboxConfig
from tests.sandbox.client import Control
from tests.sandbox.toy_server import Toy


def test_the_state_names_account_citizens_faults_clock_seed_and_hints(
    make_app: Callable[..., Flask], config: SandboxConfig
) -> None:
    control = Control(make_app(hints=(Hint("欠一笔：户主张三", "1000000001"),)))
    control.post("/citizens", {"name": "李四"})
    state = control.get("/state")
    assert state["account"] == {
        "name": config.name,
        "appid": config.appid,
        "original_id": config.account_id,
        "mode": "plain",
    }
    assert [c["name"] for c in state["citizens"]] == ["李四"]
    assert state["citizens"][0]["following"] is False
    assert state["seed"] == 1
    assert state["now"] == "2026-01-05T16:00:00.000+08:00"
    assert state["hints"] == [{"title": "欠一笔：户主张三", "text": "1000000001"}]
    assert config.secret not in str(state)
    assert config.aes_key not in str(state)


def test_a_partial_change_of_the_switches_is_merged(control: Control) -> None:
    control.faults(callback={"max_deliveries": 4})
    changed = control.faults(callback={"duplicate": 0.5}, api={"latency_ms": 5}).get_json()
    assert changed["callback"]["max_deliveries"] == 4
    assert changed["callback"]["duplicate"] == 0.5
    assert changed["api"]["latency_ms"] == 5
    assert control.get("/faults") == changed
    assert control.faults(**changed).get_json() == changed


@pytest.mark.parametrize(
    "change",
    [
        {"weather": "rain"},
        {"callback": {"colour": 1}},
        {"callback": 1},
        {"callback": {"duplicate": 1.5}},
        {"callback": {"duplicate": "often"}},
        {"callback": {"max_deliveries": 0}},
        {"callback": {"timeout_s": 0}},
        {"callback": {"renew_signature": 1}},
        {"api": {"errcodes": {"message/custom/send": 45015}}},
        {"api": {"errcodes": {"/cgi-bin/token": "45015"}}},
        {"csms": "slow"},
        {"redis": "hang"},
    ],
)
def test_a_change_that_is_not_understood_changes_nothing(
    control: Control, change: dict[str, Any]
) -> None:
    before = control.get("/faults")
    answer = control.faults(**{"api": {"latency_ms": 7}, **change})
    assert answer.status_code == 400
    assert answer.get_json()["error"]
    assert control.get("/faults") == before


def test_without_the_launcher_csms_and_redis_cannot_be_broken(control: Control) -> None:
    assert control.faults(csms="down").status_code == 409
    assert control.faults(redis="slow").status_code == 409
    assert control.get("/faults")["csms"] == "ok"


def test_the_clock_moves_forward_only(control: Control) -> None:
    moved = control.post("/clock", {"advance_s": 3600}).get_json()
    assert moved == {"now": "2026-01-05T17:00:00.000+08:00", "ahead_s": 3600}
    for wrong in (-1, "1", None, float("inf")):
        assert control.post("/clock", {"advance_s": wrong}).status_code == 400


def test_the_clock_moves_to_a_moment_that_is_to_come(control: Control) -> None:
    moved = control.post("/clock", {"to": "2026-01-08T09:00"}).get_json()
    assert moved["now"] == "2026-01-08T09:00:00.000+08:00"
    assert control.get("/state")["ahead_s"] == moved["ahead_s"] == 2 * 86_400 + 17 * 3600
    for wrong in ("2026-01-08T08:59", "tomorrow", "", "2036-01-08T09:00", 7):
        refused = control.post("/clock", {"to": wrong})
        assert refused.status_code == 400, wrong
        assert refused.get_json()["error"]


def test_moved_time_reaches_the_callback_but_not_the_signature(toy: Toy, control: Control) -> None:
    openid = control.follower()
    control.advance(86_400)
    control.says(openid, "你好")
    first, second = toy.seen
    assert int(second.element("CreateTime")) - int(first.element("CreateTime")) == 86_400
    assert second.query("timestamp") == first.query("timestamp")


def test_a_long_poll_answers_as_soon_as_there_is_news(control: Control) -> None:
    openid = control.follower()
    got: list[Any] = []
    poller = Control(control.app)
    path = f"/citizens/{openid}/bubbles?after=0&wait_s=20"
    thread = threading.Thread(target=lambda: got.append(poller.get(path)))
    thread.start()
    control.says(openid, "你好")
    thread.join(5)
    assert got[0]["last"] == 1
    assert [b["text"] for b in got[0]["bubbles"]] == ["你好"]
    assert control.get(f"/citizens/{openid}/bubbles?after=1") == {"bubbles": [], "last": 1}


def test_an_asker_from_an_earlier_life_is_answered_at_once(control: Control) -> None:
    assert control.get("/inspector?after=99&wait_s=20") == {"entries": [], "last": 0}


def test_the_inspector_forgets_the_oldest_beyond_its_size(toy: Toy, control: Control) -> None:
    world = control.app.extensions["sandbox"].world
    for number in range(600):
        world.inspect({"kind": "api", "title": str(number)})
    entries = control.entries()
    assert (len(entries), entries[0]["seq"], entries[-1]["seq"]) == (500, 101, 600)


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"'])
def test_a_body_that_is_no_object_is_refused_in_words(control: Control, body: bytes) -> None:
    answer = control.http.post("/sandbox/api/citizens", data=body)
    assert answer.status_code == 400
    assert "JSON object" in answer.get_json()["error"]


def test_an_unknown_call_and_a_wrong_method_are_errors_in_json(toy: Toy, control: Control) -> None:
    assert control.http.get("/sandbox/api/nothing").get_json()["error"]
    assert control.http.delete("/sandbox/api/state").status_code == 404
    assert control.http.get("/sandbox/api/inspector?wait_s=soon").status_code == 400
    assert toy.seen == []


def test_the_page_is_served_and_nothing_beside_it(control: Control) -> None:
    assert control.http.get("/").headers["Location"] == "/sandbox/"
    assert control.http.get("/sandbox/../app.py").status_code == 404
    assert control.http.get("/sandbox/%2e%2e/app.py").status_code == 404
