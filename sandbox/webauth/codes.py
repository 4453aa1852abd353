"""The codes of web authorisation: each good for one use, within five minutes."""

import threading
from dataclasses import dataclass
from random import Random
from string import ascii_letters, digits

from sandbox.errcodes import ApiError

LIVES_S = 300
_REMEMBERED_S = 3_600
_TOKEN = ascii_letters + digits + "-_"


@dataclass(slots=True)
class Grant:
    """`virtual`: of a snapshot page 快照页, where the openid belongs to nobody."""

    openid: str
    scope: str
    given_at: float
    virtual: bool = False
    used: bool = False


class Codes:
    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._lock = threading.Lock()
        self._grants: dict[str, Grant] = {}

    def give(self, grant: Grant) -> str:
        with self._lock:
            self._forget(grant.given_at)
            code = "0" + self.random(31)
            self._grants[code] = grant
            return code

    def take(self, code: str, now: float) -> Grant:
        """Raises ApiError: a code that is unknown, used, or too old."""
        with self._lock:
            grant = self._grants.get(code)
            if grant is None:
                raise ApiError(40029)
            if grant.used:
                raise ApiError(40163)
            if now >= grant.given_at + LIVES_S:
                raise ApiError(42003)
            grant.used = True
            return grant

    def random(self, length: int) -> str:
        return "".join(self._rng.choices(_TOKEN, k=length))

    def _forget(self, now: float) -> None:
        """Given in the order of time: the old ones stand first."""
        for code, grant in list(self._grants.items()):
            if now < grant.given_at + _REMEMBERED_S:
                return
            del self._grants[code]
