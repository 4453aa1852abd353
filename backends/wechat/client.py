"""Calls of the WeChat server API with the shared token: refreshed once when WeChat refuses it.

Enters: a `Call`. Leaves: an `Answer`, WechatRejected or BackendUnavailable. Called by messages.py,
push_messages.py, media.py and menu.py.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping

import tenacity
from tenacity.wait import wait_base

from backends.errors import BackendUnavailable, Reaction, WechatRejected
from backends.wechat.answers import Answer
from backends.wechat.errcodes import RETRY_SOON, rejection
from backends.wechat.token import SharedToken
from backends.wechat.transport import SYSTEM, Call, Transport

logger = logging.getLogger(__name__)

_ATTEMPTS = 3
_PAUSE = tenacity.wait_random(0.1, 0.5)


class WechatClient:
    def __init__(
        self,
        transport: Transport,
        tokens: SharedToken,
        *,
        pause: wait_base = _PAUSE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._transport = transport
        self._tokens = tokens
        self._retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_is_busy),
            stop=tenacity.stop_after_attempt(_ATTEMPTS),
            wait=pause,
            sleep=sleep,
            reraise=True,
        )

    def ask(self, call: Call) -> Mapping[str, object]:
        """For calls that are answered with JSON."""
        answer = self.fetch(call)
        if answer.data is None:
            why = "an answer too long to be one" if answer.oversize else "not a JSON object"
            raise BackendUnavailable(SYSTEM, 0.0, f"{call.path}: {why}", sent=True)
        return answer.data

    def fetch(self, call: Call) -> Answer:
        """For calls that may be answered with a file."""
        if call.idempotent:
            return self._retrying(self._once, call)
        return self._once(call)

    def fetch_at(self, url: str, call: Call) -> Answer:
        """A file at an address that WeChat gave."""
        return _accepted(call, self._transport.exchange_at(url, call), ())

    def _once(self, call: Call) -> Answer:
        token = self._tokens.current()
        try:
            return _accepted(call, self._transport.exchange(call, token.value), (token.value,))
        except WechatRejected as exc:
            if exc.reaction is not Reaction.REFRESH_TOKEN:
                raise
            logger.info("wechat refused the token with %d, rid %s", exc.errcode, exc.rid)
        # A refused token means that nothing was carried out, so even a send may go again, once.
        self._tokens.invalidate(token)
        renewed = self._tokens.current()
        answer = self._transport.exchange(call, renewed.value)
        return _accepted(call, answer, (token.value, renewed.value))


def post_json(
    path: str, content: object, *, private: tuple[str, ...] = (), idempotent: bool = False
) -> Call:
    """Characters stand as they are: WeChat answers 40033 to \\uXXXX, or shows it to citizens."""
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", errors="replace")
    return Call(method="POST", path=path, body=body, private=private, idempotent=idempotent)


def _accepted(call: Call, answer: Answer, private: tuple[str, ...]) -> Answer:
    if answer.errcode:
        raise rejection(answer.errcode, answer.errmsg, (*private, *call.private))
    return answer


def _is_busy(exc: BaseException) -> bool:
    return isinstance(exc, WechatRejected) and exc.errcode in RETRY_SOON
