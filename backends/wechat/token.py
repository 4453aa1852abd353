"""The access token that all workers share: fetched once, kept until shortly before its end.

Enters: `current()` before each call, `invalidate(token)` when WeChat refused it. Leaves: a `Token`.
Looked for in this process, then in the shared cache, then fetched (stable_token) by one worker
while the others wait. Called by client.py.
"""

import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from backends.errors import BackendError, BackendUnavailable
from backends.ports import SharedCache
from backends.wechat.answers import Answer
from backends.wechat.errcodes import token_rejection
from backends.wechat.transport import SYSTEM, Call, Transport

# WeChat hands out the next token in the last five minutes of the one before; both work then.
_MARGIN_S = 300.0
_SHORTEST_S = 10.0
_PATH = "/cgi-bin/stable_token"


@dataclass(frozen=True, slots=True)
class Token:
    value: str = field(repr=False)
    until: float

    def written(self) -> str:
        return json.dumps([self.value, self.until])


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenOptions:
    """`lease_s`: after it another worker may fetch though the first never came back.
    `wait_s`: how long a worker waits for another's fetch before it fetches itself.
    `failure_s`: how long a failed fetch answers for the calls right behind it."""

    key_prefix: str = "wechat:"
    lease_s: float = 15.0
    wait_s: float = 3.0
    poll_s: float = 0.05
    failure_s: float = 1.0


class SharedToken:
    def __init__(
        self,
        transport: Transport,
        cache: SharedCache,
        *,
        appid: str,
        secret: str,
        options: TokenOptions | None = None,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._transport = transport
        self._cache = cache
        self._private = (secret, appid)
        self._options = options or TokenOptions()
        self._key = f"{self._options.key_prefix}token:{appid}"
        self._now = now
        self._sleep = sleep
        self._new_id = new_id
        self._one_at_a_time = threading.Lock()
        self._mine: Token | None = None
        self._failure: tuple[float, BackendError] | None = None

    def current(self) -> Token:
        if token := self._fresh(self._mine):
            return token
        waited_enough = not self._one_at_a_time.acquire(timeout=self._options.wait_s)
        if waited_enough:
            return self._known() or self._fetch()
        try:
            return self._known() or self._fetch_in_turn()
        finally:
            self._one_at_a_time.release()

    def invalidate(self, token: Token) -> None:
        """Drops this very token: a newer one of another worker stays (WxJava #1300)."""
        if self._mine == token:
            self._mine = None
        self._cache.delete_if(self._key, token.written())

    def _fetch_in_turn(self) -> Token:
        lock_key, owner = f"{self._key}:lock", self._new_id()
        give_up_at = self._now() + self._options.wait_s
        while True:
            won = self._cache.add(lock_key, owner, self._options.lease_s)
            if won:
                try:
                    # The holder before us may have stored a token since we looked (WxJava #1293).
                    return self._known() or self._fetch()
                finally:
                    self._cache.delete_if(lock_key, owner)
            if won is None or self._now() >= give_up_at:
                return self._fetch()
            self._sleep(self._options.poll_s)
            if token := self._known():
                return token

    def _known(self) -> Token | None:
        if token := self._fresh(self._mine):
            return token
        if token := self._fresh(_read(self._cache.get(self._key))):
            self._mine = token
            return token
        if self._failure and self._now() < self._failure[0]:
            raise self._failure[1].with_traceback(None)
        return None

    def _fresh(self, token: Token | None) -> Token | None:
        return token if token and self._now() < token.until else None

    def _fetch(self) -> Token:
        try:
            token = self._ask()
        except BackendError as exc:
            self._failure = (self._now() + self._options.failure_s, exc)
            raise
        self._failure = None
        self._mine = token
        self._cache.set(self._key, token.written(), token.until - self._now())
        return token

    def _ask(self) -> Token:
        secret, appid = self._private
        grant = {"grant_type": "client_credential", "appid": appid, "secret": secret}
        body = json.dumps({**grant, "force_refresh": False}).encode()
        try:
            answer = self._transport.exchange(Call(method="POST", path=_PATH, body=body))
        except BackendUnavailable as exc:
            failed = exc
        else:
            return self._token_in(answer)
        # Without a token the citizen's call never left, whatever became of this request.
        raise BackendUnavailable(SYSTEM, failed.after_s, failed.why, sent=False)

    def _token_in(self, answer: Answer) -> Token:
        if answer.errcode:
            raise token_rejection(answer.errcode, answer.errmsg, self._private)
        value, lasts_s = answer.text("access_token"), (answer.data or {}).get("expires_in")
        if not value or not isinstance(lasts_s, int) or lasts_s <= 0:
            raise BackendUnavailable(SYSTEM, 0.0, f"{_PATH}: an answer without a token")
        return Token(value, self._now() + max(lasts_s - _MARGIN_S, _SHORTEST_S))


def _read(written: str | None) -> Token | None:
    if written is None:
        return None
    try:
        value, until = json.loads(written)
    except (ValueError, TypeError):
        return None
    if isinstance(value, str) and value and isinstance(until, float):
        return Token(value, until)
    return None
