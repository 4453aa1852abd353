"""Workers that die, a broker that dies, answers that are lost, errors of every class: each push
comes once, and what did not come has a reason.

WATERDESK_LOAD=full runs the size that a release is accepted by: 50,000 pushes, a kill each 10 s.
"""

import os
from pathlib import Path

import pytest

from tests.load.pushes.audit import Row, problems, summary, wrong
from tests.load.pushes.bills import openid_of
from tests.load.pushes.manner import Manner
from tests.load.pushes.run import Disturbance, push_all
from tests.load.pushes.world import Plan, world

ROUGH = Manner(seed=3, latency_s=0.02, each=0.02, lost=0.01)
SMALL = Plan(citizens=200, each=4, manner=ROUGH, rate_per_s=120.0)
FULL = Plan(citizens=12_500, each=4, manner=ROUGH)
PLAN, DISTURBED = (
    (FULL, Disturbance(kill_every_s=10.0, broker_dies_s=30.0, within_s=1800.0))
    if os.environ.get("WATERDESK_LOAD") == "full"
    else (SMALL, Disturbance(kill_every_s=4.5, broker_dies_s=3.0, within_s=60.0))
)


def test_whatever_dies_each_push_comes_once_or_says_why_not(tmp_path: Path) -> None:
    with world(tmp_path, PLAN) as pushes:
        seconds = push_all(pushes, DISTURBED)
        print(f"{seconds:.0f} s, {pushes.crew.kills} kills\n{summary(pushes)}")  # noqa: T201
        assert problems(pushes, PLAN) == []
        assert pushes.crew.kills >= 1
        assert pushes.counts()["lost"] >= 1


REACHED = next(openid_of(n) for n in range(1000) if not ROUGH.lasting_error(openid_of(n)))
WRONG = [
    pytest.param("accepted", "", 0, "once is right", id="said to be sent, and was not"),
    pytest.param("accepted", "", 2, "once is right", id="sent twice"),
    pytest.param("kept", "wechat_45015", 0, "could have been", id="kept from who can be reached"),
    pytest.param("kept", "", 0, "without a reason", id="kept without a reason"),
    pytest.param("kept", "no_answer", 2, "kept, and yet sent", id="unsure, and sent twice"),
    pytest.param("planned", "behind", 0, "neither", id="forgotten"),
]


@pytest.mark.parametrize(("state", "reason", "times", "said"), WRONG)
def test_the_judge_sees_what_is_wrong(state: str, reason: str, times: int, said: str) -> None:
    assert said in wrong(Row(REACHED, "2026-01", state, reason), times, ROUGH)


def test_the_judge_lets_pass_what_is_right() -> None:
    assert wrong(Row(REACHED, "2026-01", "accepted", ""), 1, ROUGH) == ""
    assert wrong(Row(REACHED, "2026-01", "kept", "no_answer"), 1, ROUGH) == ""
