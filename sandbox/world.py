"""The whole state of the platform, in memory, behind one lock. Network calls never hold the lock;
whoever waits for news waits on the condition that every new bubble and entry wakes."""

import threading
from collections.abc import Mapping
from random import Random
from typing import Any

from sandbox.citizens import Citizen, new_openid
from sandbox.clock import MovableClock
from sandbox.config import SandboxConfig
from sandbox.faults import Faults
from sandbox.media import MediaStore
from sandbox.quotas import Quotas
from sandbox.ring import Record, Ring
from sandbox.tokens import TokenDesk

_ENTRIES_KEPT = 500
_SHOWN_LIMIT = 20_000
_CITIZENS_KEPT = 20_000


class NoSuchCitizen(LookupError):
    pass


class TooManyCitizens(RuntimeError):
    pass


class World:
    def __init__(self, config: SandboxConfig, clock: MovableClock) -> None:
        self.config = config
        self.clock = clock
        self.news = threading.Condition(threading.RLock())
        self.rng = Random(config.seed)
        # Openids have their own stream: the n-th citizen of a seed is always the same one.
        self._openids = Random(f"openids {config.seed}")
        self._citizens: dict[str, Citizen] = {}
        self.held: dict[str, threading.Event] = {}
        self.menu: dict[str, Any] | None = None
        self.faults = Faults()
        self.inspector = Ring(_ENTRIES_KEPT)
        self.tokens = TokenDesk(config.appid, config.secret, self.rng)
        self.media = MediaStore(self.rng)
        self.quotas = Quotas()
        self._messages = 0
        self._closing = False

    # --- citizens ---------------------------------------------------------------------------

    def add_citizen(self, name: str, openid: str = "") -> Citizen:
        """Without an `openid` the citizen has the next one of the seed."""
        with self.news:
            if len(self._citizens) >= _CITIZENS_KEPT:
                raise TooManyCitizens(f"a sandbox holds {_CITIZENS_KEPT} citizens at the most")
            openid = openid or new_openid(self._openids)
            citizen = Citizen(openid, name or f"市民{len(self._citizens) + 1}")
            self._citizens[openid] = citizen
            return citizen

    def citizen(self, openid: str) -> Citizen:
        try:
            return self._citizens[openid]
        except KeyError:
            raise NoSuchCitizen("no citizen with this openid") from None

    def citizens(self) -> list[Citizen]:
        with self.news:
            return list(self._citizens.values())

    def new_msg_id(self) -> int:
        """Above 2^53 and odd, so that whoever carries it through a float loses it; holds the time,
        so that a restarted sandbox does not repeat the ids of the last run."""
        self._messages += 1
        return int(self.clock.now()) * 10_000_000 + 2 * self._messages + 1

    # --- what people see --------------------------------------------------------------------

    def show(
        self, citizen: Citizen, who: str, via: str, kind: str, **content: object
    ) -> dict[str, Any]:
        with self.news:
            bubble = {"at": self.clock.iso(), "who": who, "kind": kind, "via": via, **content}
            shown = citizen.bubbles.append(bubble)
            self.news.notify_all()
            return shown

    def inspect(self, entry: Record) -> None:
        with self.news:
            self.inspector.append({"at": self.clock.iso(), **entry})
            self.news.notify_all()

    def wait_for_news(self, ring: Ring, after: int, wait_s: float) -> tuple[list[Record], int]:
        """What came after `after`; waits for it when nothing did. A `last` below `after` tells the
        asker that the sandbox began anew."""
        with self.news:
            self.news.wait_for(lambda: ring.last != after or self._closing, wait_s)
            return ring.after(after), ring.last

    def close(self) -> None:
        with self.news:
            self._closing = True
            for held in self.held.values():
                held.set()
            self.news.notify_all()

    def chance(self, rate: float) -> bool:
        with self.news:
            return rate > 0 and self.rng.random() < rate


def wire(line: str, clear: str, on_socket: str = "") -> Mapping[str, str]:
    """A request or an answer as the inspector shows it: the beginning of what is very long."""
    shown_wire = on_socket if on_socket != clear else ""
    return {"line": _short(line), "clear": _short(clear), "wire": _short(shown_wire)}


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_LIMIT else text[:_SHOWN_LIMIT] + "…"
