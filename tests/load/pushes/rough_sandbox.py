"""The sandbox as the platform of a run, in a process of its own. What it carries out it shows on
its citizens' phones, and there it is counted; some calls are refused before it hears of them.

    python -m tests.load.pushes.rough_sandbox PORT '{"each": 0.02, "lost": 0.01}' CITIZENS
"""

import json
import sys
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from flask import Flask

from sandbox.app import create_app
from sandbox.citizens import Citizen, Right
from sandbox.config import SandboxConfig
from sandbox.context import Sandbox
from sandbox.custom_windows import open_window
from sandbox.faults import merge
from sandbox.serving import AnswerLost, served
from tests.load.pushes.bills import openid_of
from tests.load.pushes.manner import PASSING, Manner, window_is_open
from tests.service import AES_KEY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

APPID, SECRET, TOKEN = "wx0123456789abcdef", "0123456789abcdef" * 2, "watertoken"
SENDS_CARDS = "/sandbox/wechat/cgi-bin/message/template/send"
SENDS = (SENDS_CARDS, "/sandbox/wechat/cgi-bin/message/custom/send")


@dataclass
class Rough:
    """Before the sandbox: it refuses as the manner says, and counts the calls."""

    app: "WSGIApplication"
    sandbox: Sandbox
    manner: Manner
    rng: Random
    lock: threading.Lock = field(default_factory=threading.Lock)
    calls: int = 0
    lost: int = 0
    refused: Counter[int] = field(default_factory=Counter)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/counts":
            return _json(self.counts(), start_response)
        if path in SENDS:
            with self.lock:
                self.calls += 1
        if path == SENDS_CARDS and (code := self._refusal(environ)):
            return _json({"errcode": code, "errmsg": "refused rid: 6a1b"}, start_response)
        try:
            return self.app(environ, start_response)
        except AnswerLost:
            with self.lock:
                self.lost += 1
            raise

    def _refusal(self, environ: "WSGIEnvironment") -> int:
        """The body is given back for the sandbox to read."""
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"].seek(0)
        with self.lock:
            index = int(self.rng.random() / self.manner.each) if self.manner.each else len(PASSING)
            passing = PASSING[index] if index < len(PASSING) else 0
            code = passing or self.manner.lasting_error(json.loads(body)["touser"])
            self.refused[code] += code != 0
            return code

    def counts(self) -> dict[str, Any]:
        """`carried_out`: citizen → what the phone shows → how often."""
        world = self.sandbox.world
        with world.news:
            shown = {one.openid: _shown(one) for one in world.citizens()}
            repeated = self.sandbox.pushes.repeated
        refused = {str(code): count for code, count in self.refused.items() if count}
        own = {"calls": self.calls, "lost": self.lost, "refused": refused}
        return {"carried_out": shown, "repeated": repeated, **own}


def _shown(citizen: Citizen) -> Counter[str]:
    bubbles = [dict(bubble) for bubble in citizen.bubbles.after(0)]
    return Counter(
        json.dumps(bubble.get("rows", bubble.get("text")), ensure_ascii=False) for bubble in bubbles
    )


def _json(answer: dict[str, Any], start_response: "StartResponse") -> list[bytes]:
    written = json.dumps(answer).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(written)))]
    start_response("200 OK", headers)
    return [written]


def rough(manner: Manner, citizens: int) -> Flask:
    """Nobody listens for results, so none is told."""
    config = SandboxConfig(APPID, SECRET, TOKEN, AES_KEY, "gh_load", "http://127.0.0.1:9")
    app = create_app(config)
    sandbox: Sandbox = app.extensions["sandbox"]
    world = sandbox.world
    for number in range(citizens):
        citizen = world.add_citizen("", openid_of(number))
        citizen.following = True
        if window_is_open(citizen.openid):
            open_window(citizen, Right.MESSAGE, world.clock.now())
    api = {"latency_ms": manner.latency_s * 1000, "lost_answer_rate": manner.lost}
    push = {"no_result_rate": 1, "result_after_s": 0}
    world.faults = merge(world.faults, {"api": api, "push": push})
    app.wsgi_app = Rough(app.wsgi_app, sandbox, manner, Random(manner.seed))  # type: ignore[method-assign]
    return app


if __name__ == "__main__":
    app = rough(Manner(**json.loads(sys.argv[2])), int(sys.argv[3]))
    with served(app, int(sys.argv[1])):
        threading.Event().wait()
