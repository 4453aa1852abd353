"""Duplicates, two deliveries at once, messages out of order, and actions that nobody waits for."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sandbox.config import SandboxConfig
from tests.sandbox.client import Control
from tests.sandbox.toy_server import Incoming, Reply, Toy, reply_xml, text_content


def test_duplicates_repeat_the_message_and_a_different_second_answer_is_noted(
    toy: Toy, control: Control, config: SandboxConfig
) -> None:
    openid = control.follower()
    control.faults(callback={"duplicate": 1})
    numbers = iter(range(100))
    toy.behave = lambda _: Reply(
        200,
        reply_xml(openid, config.account_id, text_content(f"第 {next(numbers)} 次")).encode(),
    )
    toy.seen.clear()
    outcome = control.says(openid, "你好")
    assert len(toy.seen) == 2
    assert len({incoming.element("MsgId") for incoming in toy.seen}) == 1
    assert [b["text"] for b in outcome["bubbles"]] == ["第 0 次"]
    assert "answered otherwise" in control.entries()[-1]["problem"]

    toy.answers(reply_xml(openid, config.account_id, text_content("一样")))
    control.says(openid, "你好")
    assert control.entries()[-1]["problem"] == ""


def test_parallel_deliveries_are_open_at_the_same_time_and_one_answer_is_shown(
    toy: Toy, control: Control, config: SandboxConfig
) -> None:
    openid = control.follower()
    control.faults(callback={"parallel": True})
    both_here = threading.Barrier(2, timeout=5)
    answer = reply_xml(openid, config.account_id, text_content("您好")).encode()

    def meet(_: Incoming) -> Reply:
        both_here.wait()
        return Reply(200, answer)

    toy.behave = meet
    outcome = control.says(openid, "你好")
    assert outcome["outcome"] == "answered"
    assert len(outcome["attempts"]) == 2
    assert [b["text"] for b in control.bubbles(openid)] == ["你好", "您好"]


def test_a_message_held_back_arrives_after_the_next_one(toy: Toy, control: Control) -> None:
    openid = control.follower()
    world = control.app.extensions["sandbox"].world
    control.faults(callback={"reorder": 1})
    toy.seen.clear()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(Control(control.app).says, openid, "一")
        with world.news:
            assert world.news.wait_for(lambda: openid in world.held, 5)
        control.says(openid, "二")
        assert first.result(5)["outcome"] == "silent"
    assert [incoming.element("Content") for incoming in toy.seen] == ["二", "一"]


def test_nobody_waits_for_the_outcome_with_wait_0(toy: Toy, control: Control) -> None:
    openid = control.follower()
    let_go = threading.Event()
    toy.behave = lambda _: Reply(200, b"success" if let_go.wait(10) else b"")
    answer = control.http.post(
        f"/sandbox/api/citizens/{openid}/send?wait=0", json={"type": "text", "content": "你好"}
    )
    assert answer.status_code == 202
    let_go.set()
    assert control.wait_for_entries(2)[-1]["title"] == "text 你好"
