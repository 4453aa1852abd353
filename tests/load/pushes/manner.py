"""How the platform of a run behaves: how slow it is, what it refuses, which answers are lost."""

import zlib
from dataclasses import dataclass

BAD_VALUE, NOT_A_FOLLOWER = 47003, 43004
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
