"""What is left to be told of pushes when the sandbox ends."""

import threading

import pytest

from sandbox.config import SandboxConfig
from tests.sandbox.client import Control
from tests.sandbox.pushing import send
from tests.sandbox.test_tokens import stable
from tests.sandbox.toy_server import Toy


@pytest.fixture
def token(control: Control, config: SandboxConfig) -> str:
    return str(stable(control, config)["access_token"])


def test_nobody_waits_for_results_when_the_sandbox_ends(
    control: Control, token: str, toy: Toy
) -> None:
    control.faults(push={"result_after_s": 3600})
    before = set(threading.enumerate())
    openid = control.follower()
    assert send(control, token, openid)["errcode"] == 0
    tellers = [one for one in set(threading.enumerate()) - before if one.name == "push-result"]
    assert tellers
    control.app.extensions["sandbox"].close()
    for teller in tellers:
        teller.join(5)
        assert not teller.is_alive()
    assert [one.element("Event") for one in toy.seen] == ["subscribe"]
