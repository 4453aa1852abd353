"""CSMS hangs: every delivery is answered in time, and each promise is kept exactly once."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.load.hang import Asker, askers
from tests.load.labels import labels
from tests.load.person import ANSWERED_WITHIN_S, Person
from tests.load.stack import Stack, running_stack

ANSWER_WITHIN_S = 1.0


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[Stack]:
    settings = {"ANSWER_WITHIN_S": str(ANSWER_WITHIN_S), "WAITING_AT_ONCE": "6"}
    with running_stack(tmp_path, **settings) as started:
        yield started


def test_while_csms_hangs_all_are_answered_in_time_and_told_the_result_once(hasty: Stack) -> None:
    """More of them than there are seats to wait on: most are acknowledged early."""
    crowd = askers(hasty, 30)
    with ThreadPoolExecutor(30) as pool:
        with hasty.hanging_csms():
            answers = list(pool.map(Asker.asks, crowd))
            for asker in crowd:
                asker.person.took_s.clear()
            menus = list(pool.map(lambda asker: asker.says("菜单"), crowd))
            assert all(asker.person.took_s[0] < ANSWERED_WITHIN_S for asker in crowd)
        assert {frozenset(said) for said in answers} == {frozenset({"looking_up"})}
        assert {frozenset(said) for said in menus} == {frozenset({"busy"})}
        assert hasty.wechat.wait_for(len(crowd), timeout_s=10)
    for asker in crowd:
        asker.wait_until_free()
        assert [labels(text) for text in hasty.wechat.told(asker.person.openid)] == [asker.owed]


def test_a_hang_shorter_than_the_patience_is_not_noticed(stack: Stack) -> None:
    (asker,) = askers(stack, 1)
    newcomer = Person(stack, "oNEWCOMER" + "0" * 17)
    with ThreadPoolExecutor(1) as pool:
        with stack.hanging_csms():
            answer = pool.submit(asker.asks)
            assert labels(newcomer.says("绑定户号").plain) == {"consent"}
        assert answer.result() == asker.owed
    assert not stack.wechat.sent


def test_one_citizens_many_messages_do_not_take_the_threads_of_others(tmp_path: Path) -> None:
    """Each of them would wait for the first one's turn, which hangs: 120 of them, 96 threads."""
    with running_stack(tmp_path, ANSWER_WITHIN_S="3.5", WAITING_AT_ONCE="6") as stack:
        impatient, others = askers(stack, 4), askers(stack, 4, first=10)
        with ThreadPoolExecutor(124) as pool, stack.hanging_csms():
            flood = [pool.submit(asker.asks) for asker in impatient for _ in range(31)]
            time.sleep(0.3)  # they are on their way: nothing else tells from outside
            told = [other.says("帮助") for other in others for _ in range(5)]
            assert all("help" in said for said in told)
            slowest_s = max(took_s for other in others for took_s in other.person.took_s)
            assert slowest_s < 2
            assert {frozenset(one.result()) for one in flood} <= {
                frozenset({"looking_up"}),
                frozenset({"busy"}),
            }
