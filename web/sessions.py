"""Values that a browser keeps for us: signed, with an end, readable by whoever holds them.

No secret is put in them. A cookie is of this browser window's visit, not a login to anything else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Response
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer


@dataclass(frozen=True, slots=True)
class Kept:
    """One cookie. `purpose` keeps its values apart from those of others with the same key."""

    name: str
    purpose: str
    lives: timedelta
    key: bytes
    secure: bool
    now_s: Callable[[], float]

    def put(self, response: Response, value: Any) -> None:
        response.set_cookie(
            self.name,
            self._serializer().dumps(value),
            max_age=int(self.lives.total_seconds()),
            path="/pay",
            secure=self.secure,
            httponly=True,
            samesite="Lax",
        )

    def drop(self, response: Response) -> None:
        response.delete_cookie(self.name, path="/pay")

    def read(self, written: str | None) -> Any:
        """None for nothing, for what is not ours, and for what is over."""
        if not written:
            return None
        try:
            return self._serializer().loads(written, max_age=int(self.lives.total_seconds()))
        except BadData:
            return None

    def _serializer(self) -> URLSafeTimedSerializer:
        now_s = self.now_s

        class Signer(TimestampSigner):
            def get_timestamp(self) -> int:
                return int(now_s())

        return URLSafeTimedSerializer(self.key, salt=self.purpose, signer=Signer)
