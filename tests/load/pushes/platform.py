"""WeChat as far as pushes need it, in a process of its own and quick: it counts what it carries
out, knows a `client_msg_id` for ten minutes, refuses and loses answers as it is told.

    python -m tests.load.pushes.platform PORT '{"latency_s": 0.08}'
"""

import asyncio
import itertools
import json
import sys
import time
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.load.pushes.http import serve

KNOWN_FOR_S = 600.0
WINDOW_CLOSED, BAD_VALUE, NOT_A_FOLLOWER = 45015, 47003, 43004
PASSING = (40001, -1, 48001, 43116)


@dataclass(frozen=True)
class Manner:
    """`each`: the share of calls that meet each of the passing errors, and of citizens whom each of
    the lasting ones concerns. `lost`: of what is carried out, the share without an answer."""

    seed: int = 1
    latency_s: float = 0.0
    each: float = 0.0
    lost: float = 0.0

    def lasting_error(self, openid: str) -> int:
        """0: none. The same for a citizen always."""
        share = place(openid)
        if share < self.each:
            return NOT_A_FOLLOWER
        return BAD_VALUE if share < 2 * self.each else 0


def place(openid: str) -> float:
    return zlib.crc32(openid.encode()) % 10_000 / 10_000


def window_is_open(openid: str) -> bool:
    """Of every second citizen."""
    return zlib.crc32(openid[::-1].encode()) % 2 == 0


@dataclass
class Counts:
    """`carried_out`: citizen → content → how often. As JSON, errors are text."""

    carried_out: dict[str, dict[str, int]] = field(default_factory=dict)
    calls: int = 0
    repeated: int = 0
    lost: int = 0
    refused: Counter[int] = field(default_factory=Counter)

    def note(self, openid: str, content: str) -> None:
        own = self.carried_out.setdefault(openid, {})
        own[content] = own.get(content, 0) + 1


class Platform:
    def __init__(self, manner: Manner) -> None:
        self.manner = manner
        self.counts = Counts()
        self._rng = Random(manner.seed)
        self._msg_ids = itertools.count(2**53 + 1)
        self._sent: dict[tuple[str, str], tuple[float, int]] = {}

    async def answer(self, path: str, body: bytes) -> Mapping[str, Any] | None:
        """None: the connection is to end without an answer."""
        if path == "/counts":
            return vars(self.counts)
        if path == "/calls":
            return {"calls": self.counts.calls, "at_s": time.monotonic()}
        if path.startswith("/cgi-bin/stable_token"):
            return {"access_token": f"token{next(self._msg_ids)}", "expires_in": 7200}
        if self.manner.latency_s:
            await asyncio.sleep(self.manner.latency_s)
        self.counts.calls += 1
        request = json.loads(body)
        if path.startswith("/cgi-bin/message/template/send"):
            return self._template(request)
        return self._chat(request)

    def _template(self, request: Mapping[str, Any]) -> Mapping[str, Any] | None:
        openid = request["touser"]
        if code := self._passing_error() or self.manner.lasting_error(openid):
            return self._refusal(code)
        known_by = (openid, request.get("client_msg_id", ""))
        until_s, msg_id = self._sent.get(known_by, (0.0, 0))
        if time.monotonic() < until_s:
            self.counts.repeated += 1
        else:
            msg_id = next(self._msg_ids)
            self.counts.note(openid, json.dumps(request["data"], ensure_ascii=False))
            if known_by[1]:
                self._sent[known_by] = (time.monotonic() + KNOWN_FOR_S, msg_id)
        return self._unless_lost({"errcode": 0, "errmsg": "ok", "msgid": msg_id})

    def _chat(self, request: Mapping[str, Any]) -> Mapping[str, Any] | None:
        openid = request["touser"]
        if not window_is_open(openid):
            return self._refusal(WINDOW_CLOSED)
        self.counts.note(openid, request["text"]["content"])
        return self._unless_lost({"errcode": 0, "errmsg": "ok"})

    def _passing_error(self) -> int:
        index = int(self._rng.random() / self.manner.each) if self.manner.each else len(PASSING)
        return PASSING[index] if index < len(PASSING) else 0

    def _refusal(self, code: int) -> Mapping[str, Any]:
        self.counts.refused[code] += 1
        return {"errcode": code, "errmsg": "refused rid: 6a1b"}

    def _unless_lost(self, answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
        if self._rng.random() < self.manner.lost:
            self.counts.lost += 1
            return None
        return answer


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Platform(Manner(**json.loads(sys.argv[2]))).answer))
