"""SIGTERM, as at a deployment: what is under way is answered, nothing is left running, and what
could not be finished is told with the citizen's next message to the next server."""

import threading
import time
from pathlib import Path

import pytest

from tests.load.hang import Asker, askers
from tests.load.person import Person
from tests.load.stack import Stack, running_stack, start_server


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def restart(stack: Stack) -> None:
    port = int(stack.url.rpartition(":")[2])
    stack.server = start_server(stack.environ, port, stack.folder / "second.log")
    stack.server.wait_until_ready()


def start_asking(asker: Asker) -> "tuple[threading.Thread, list[frozenset[str]]]":
    answers: list[frozenset[str]] = []
    thread = threading.Thread(target=lambda: answers.append(asker.asks()))
    thread.start()
    return thread, answers


def test_requests_in_flight_are_answered_before_the_server_ends(stack: Stack) -> None:
    (asker,) = askers(stack, 1)
    workers = stack.server.workers()
    with stack.hanging_csms():
        thread, answers = start_asking(asker)
        time.sleep(0.5)
        stack.server.process.terminate()
        time.sleep(0.5)
    thread.join()
    assert answers == [asker.owed]
    stack.server.process.wait(15)
    assert alive(workers) == []


def test_a_late_answer_that_comes_soon_is_still_sent_by_a_server_told_to_end(
    tmp_path: Path,
) -> None:
    with running_stack(tmp_path, ANSWER_WITHIN_S="0.6") as stack:
        (asker,) = askers(stack, 1)
        workers = stack.server.workers()
        with stack.hanging_csms():
            assert asker.asks() == {"looking_up"}
            stack.server.process.terminate()
            time.sleep(1)
        stack.server.process.wait(15)
        assert alive(workers) == []
        assert len(stack.wechat.told(asker.person.openid)) == 1


@pytest.mark.slow
def test_a_late_answer_that_cannot_be_waited_for_is_made_good_with_the_next_message(
    tmp_path: Path,
) -> None:
    with running_stack(tmp_path, ANSWER_WITHIN_S="0.6") as stack:
        (asker,) = askers(stack, 1)
        workers = stack.server.workers()
        with stack.hanging_csms():
            assert asker.asks() == {"looking_up"}
            assert stack.server.terminate() < 13
            assert alive(workers) == []
        restart(stack)
        try:
            deadline_s = time.monotonic() + 5
            while (said := asker.says("帮助")) == {"busy"}:
                assert time.monotonic() < deadline_s
            assert said == {"late", "unavailable", "help"}
            assert asker.asks() == asker.owed
            assert stack.wechat.told(asker.person.openid) == []
        finally:
            stack.server.leave_nothing()


def test_a_server_that_has_nothing_to_do_ends_at_once(stack: Stack) -> None:
    Person(stack, "oLAST" + "0" * 22).says("菜单")
    assert stack.server.terminate() < 5
