"""How often, how long and in which order the platform delivers."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from flask import Flask

from sandbox.config import SandboxConfig
from sandbox.platform import FAULT_TEXT
from tests.sandbox.client import Control
from tests.sandbox.toy_server import Incoming, Reply, Toy, reply_xml, text_content

TIMEOUT_S = 0.15


def failing_first(times: int, then: bytes, status: int = 500) -> Callable[[Incoming], Reply]:
    failures = iter(range(times))
    return lambda _: Reply(status) if next(failures, None) is not None else Reply(200, then)


@pytest.mark.parametrize("status", [201, 204, 301, 404, 500])
@pytest.mark.parametrize("deliveries", [3, 4])
def test_a_wrong_status_is_delivered_again_at_once_until_the_end(
    toy: Toy, control: Control, status: int, deliveries: int
) -> None:
    openid = control.follower()
    control.faults(callback={"max_deliveries": deliveries})
    toy.behave = lambda _: Reply(status, b"")
    toy.seen.clear()
    outcome = control.says(openid, "你好")
    assert outcome["outcome"] == "failed"
    assert [attempt["status"] for attempt in outcome["attempts"]] == [status] * deliveries
    assert len({incoming.element("MsgId") for incoming in toy.seen}) == 1
    assert len({incoming.element("CreateTime") for incoming in toy.seen}) == 1
    assert control.bubbles(openid)[-1]["text"] == FAULT_TEXT


def test_the_answer_to_a_second_delivery_counts(
    toy: Toy, control: Control, config: SandboxConfig
) -> None:
    openid = control.follower()
    answer = reply_xml(openid, config.account_id, text_content("您好")).encode()
    toy.behave = failing_first(1, answer)
    outcome = control.says(openid, "你好")
    assert outcome["outcome"] == "answered"
    assert [attempt["status"] for attempt in outcome["attempts"]] == [500, 200]
    assert [b["text"] for b in control.bubbles(openid)] == ["你好", "您好"]


@pytest.mark.parametrize("renewed", [True, False])
def test_each_delivery_has_a_fresh_signature_unless_switched_off(
    toy: Toy, control: Control, renewed: bool
) -> None:
    openid = control.follower()
    control.faults(callback={"renew_signature": renewed})
    toy.behave = lambda _: Reply(500)
    toy.seen.clear()
    control.says(openid, "你好")
    assert len({incoming.query("nonce") for incoming in toy.seen}) == (3 if renewed else 1)


def test_silence_beyond_the_timeout_is_delivered_again_and_a_late_answer_is_thrown_away(
    toy: Toy, control: Control, config: SandboxConfig
) -> None:
    openid = control.follower()
    control.faults(callback={"timeout_s": TIMEOUT_S})
    let_go = threading.Event()
    answer = reply_xml(openid, config.account_id, text_content("您好")).encode()

    def slow(_: Incoming) -> Reply:
        assert let_go.wait(10)
        return Reply(200, answer)

    toy.behave = slow
    before = time.monotonic()
    outcome = control.says(openid, "你好")
    assert time.monotonic() - before < 3 * TIMEOUT_S + 1
    assert outcome["outcome"] == "failed"
    assert [attempt["problem"] for attempt in outcome["attempts"]] == ["no answer in 0.15 s"] * 3

    let_go.set()
    late = [entry for entry in control.wait_for_entries(1 + 3 + 3) if "late" in entry["problem"]]
    assert len(late) == 3
    assert all("您好" in entry["response"]["clear"] for entry in late)
    assert [b["text"] for b in control.bubbles(openid)] == ["你好", FAULT_TEXT]


def test_a_dripping_answer_does_not_stretch_the_timeout(make_app: Callable[..., Flask]) -> None:
    with dripping_server(every_s=TIMEOUT_S / 5) as url:
        control = Control(make_app(server_url=url, late_window_s=0.1))
        openid = control.post("/citizens").get_json()["openid"]
        control.faults(callback={"timeout_s": TIMEOUT_S})
        before = time.monotonic()
        outcome = control.act(openid, type="raw", xml="<xml></xml>")
        assert time.monotonic() - before < 3 * TIMEOUT_S + 1
        assert outcome["outcome"] == "failed"
        assert [attempt["status"] for attempt in outcome["attempts"]] == [None] * 3


def test_a_server_that_is_not_there_is_a_fault(make_app: Callable[..., Flask]) -> None:
    control = Control(make_app(server_url="http://127.0.0.1:9"))
    openid = control.follower()
    outcome = control.says(openid, "你好")
    assert outcome["outcome"] == "failed"
    assert "ConnectionRefusedError" in outcome["attempts"][0]["problem"]
    assert control.entries()[-1]["status"] is None


def test_following_is_told_of_no_fault(toy: Toy, control: Control) -> None:
    toy.behave = lambda _: Reply(500)
    openid = control.follower()
    assert control.bubbles(openid) == []


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (lambda i: Reply(200, i.query("echostr").encode()), ""),
        (lambda i: Reply(200, i.query("echostr").encode() + b"\n"), "token验证失败"),
        (lambda _: Reply(403, b""), "token验证失败"),
    ],
)
def test_the_address_is_saved_only_when_echostr_comes_back_to_the_letter(
    toy: Toy, control: Control, answer: Callable[[Incoming], Reply], problem: str
) -> None:
    toy.behave = answer
    verified = control.post("/verify").get_json()
    assert verified["ok"] is (problem == "")
    assert verified["problem"].startswith(problem)
    assert toy.seen[-1].method == "GET"


@contextmanager
def dripping_server(every_s: float) -> Iterator[str]:
    """Answers each connection with a byte now and then: no read of it ever times out."""
    enough = threading.Event()

    def drip(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
            while not enough.wait(every_s):
                connection.sendall(b"x")

    def accept(listener: socket.socket) -> None:
        while not enough.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                threads.append(threading.Thread(target=drip, args=(connection,)))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        threads = [threading.Thread(target=accept, args=(listener,))]
        threads[0].start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        enough.set()
        for thread in threads:
            thread.join()
