"""The citizens and what each of them sees on the phone."""

from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

from sandbox.ring import Ring

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
OPENID_PREFIX = "oWtDk6"
_BUBBLES_KEPT = 500


class Right(StrEnum):
    """The citizen's acts that open a window for customer-service messages."""

    MESSAGE = "message"
    MENU = "menu"
    FOLLOW = "follow"
    SCAN = "scan"


class Service(StrEnum):
    """Where the person at the desk 人工客服 stands. WAITING: messages still go to the server."""

    NONE = "none"
    WAITING = "waiting"
    OPEN = "open"


@dataclass(slots=True)
class Window:
    closes_at: float
    left: int


@dataclass(slots=True)
class Citizen:
    openid: str
    name: str
    following: bool = False
    ever_followed: bool = False
    followed_at: float = 0.0
    scene: str = ""
    service: Service = Service.NONE
    service_touched_at: float = 0.0
    last_message_at: float | None = None
    typing_until: float = 0.0
    blocks_pushes: bool = False
    windows: dict[Right, Window] = field(default_factory=dict)
    bubbles: Ring = field(default_factory=lambda: Ring(_BUBBLES_KEPT))

    def as_json(self) -> dict[str, Any]:
        return {
            "openid": self.openid,
            "name": self.name,
            "following": self.following,
            "service": self.service.value,
            "blocks_pushes": self.blocks_pushes,
        }


def new_openid(rng: Random) -> str:
    return OPENID_PREFIX + "".join(rng.choices(_ALPHABET, k=28 - len(OPENID_PREFIX)))
