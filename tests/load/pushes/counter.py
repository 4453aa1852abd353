"""WeChat as far as a measurement needs it, in a process of its own and as quick as can be: it takes
every push and counts the calls.

    python -m tests.load.pushes.counter PORT '{"latency_s": 0.08}'
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Mapping
from typing import Any

from tests.load.pushes.http import serve
from tests.load.pushes.manner import Manner


class Counter:
    def __init__(self, manner: Manner) -> None:
        self._latency_s = manner.latency_s
        self._calls = 0
        self._msg_ids = itertools.count(2**53 + 1)

    async def answer(self, path: str, _: bytes) -> Mapping[str, Any]:
        if path == "/calls":
            return {"calls": self._calls, "at_s": time.monotonic()}
        if path.startswith("/cgi-bin/stable_token"):
            return {"access_token": f"token{next(self._msg_ids)}", "expires_in": 7200}
        if self._latency_s:
            await asyncio.sleep(self._latency_s)
        self._calls += 1
        return {"errcode": 0, "errmsg": "ok", "msgid": next(self._msg_ids)}


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Counter(Manner(**json.loads(sys.argv[2]))).answer))
