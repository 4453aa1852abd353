"""Access tokens: the two ways to get one, how long each lives, and what kills it."""

from dataclasses import dataclass
from random import Random
from string import ascii_letters, digits

from sandbox.errcodes import ApiError

_LIFE_S = 7_200
_HANDOVER_S = 300
_FORCES_PER_DAY = 20
_FORCE_GAP_S = 30
_REMEMBERED = 200


@dataclass(slots=True)
class _Token:
    """`superseded_at`: from when another token took its place, 40001 instead of 42001."""

    expires_at: float
    superseded_at: float | None = None


class TokenDesk:
    def __init__(self, appid: str, secret: str, rng: Random) -> None:
        self._appid = appid
        self._secret = secret
        self._rng = rng
        self._issued: dict[str, _Token] = {}
        self._plain = ""
        self._stable = ""
        self._forced: list[float] = []

    def plain(self, grant_type: str, appid: str, secret: str, now: float) -> dict[str, object]:
        """A new token each time; the one before lives on for five minutes."""
        self._check_caller(grant_type, appid, secret)
        if before := self._issued.get(self._plain):
            before.superseded_at = min(before.expires_at, now + _HANDOVER_S)
        self._plain = self._issue(now)
        return {"access_token": self._plain, "expires_in": _LIFE_S}

    def stable(
        self, grant_type: str, appid: str, secret: str, force: bool, now: float
    ) -> dict[str, object]:
        """The same token until its last five minutes, unless forced."""
        self._check_caller(grant_type, appid, secret)
        current = self._issued.get(self._stable)
        alive = current is not None and current.superseded_at is None
        if force and not self._forced_just_now(now):
            self._count_force(now)
            if current is not None:
                current.superseded_at = now
            alive = False
        if current is None or not alive or now >= current.expires_at - _HANDOVER_S:
            self._stable = self._issue(now)
        left = self._issued[self._stable].expires_at - now
        return {"access_token": self._stable, "expires_in": int(left)}

    def invalidate_all(self, now: float) -> None:
        """Somebody else fetched a token: none of those out there works any more."""
        for token in self._issued.values():
            token.superseded_at = min(now, token.superseded_at or now)

    def check(self, token: str | None, now: float) -> None:
        if not token:
            raise ApiError(41001)
        known = self._issued.get(token)
        if known is None:
            raise ApiError(40014)
        if now >= known.expires_at:
            raise ApiError(42001)
        if known.superseded_at is not None and now >= known.superseded_at:
            raise ApiError(40001)

    def _check_caller(self, grant_type: str, appid: str, secret: str) -> None:
        if grant_type != "client_credential":
            raise ApiError(40002)
        if appid != self._appid:
            raise ApiError(40013 if appid else 41002)
        if secret != self._secret:
            raise ApiError(40125 if secret else 41004)

    def _forced_just_now(self, now: float) -> bool:
        return bool(self._forced) and now - self._forced[-1] < _FORCE_GAP_S

    def _count_force(self, now: float) -> None:
        self._forced = [at for at in self._forced if now - at < 86_400]
        if len(self._forced) >= _FORCES_PER_DAY:
            raise ApiError(45009)
        self._forced.append(now)

    def _issue(self, now: float) -> str:
        token = "".join(self._rng.choices(ascii_letters + digits + "-_", k=136))
        self._issued[token] = _Token(now + _LIFE_S)
        while len(self._issued) > _REMEMBERED:
            del self._issued[next(iter(self._issued))]
        return token
