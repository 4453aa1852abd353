"""How many template messages the account may still send today, as WeChat counts: by Beijing's day.

One counter in Redis for all workers. When Redis has lost it, the ledger says what was sent; when
Redis is away nothing is sent: MemoryLost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from backends.ports import Lane
from bot.redis_link import Link

BEIJING = ZoneInfo("Asia/Shanghai")
KEPT_S = 2 * 24 * 3600
USED_UP = 1_000_000_000  # more than any account may send
UNKNOWN = -1

# KEYS: day.  ARGV: wanted, limit.
_TAKE = """
local used = tonumber(redis.call('GET', KEYS[1]))
if not used then return -1 end
local granted = math.max(math.min(tonumber(ARGV[1]), tonumber(ARGV[2]) - used), 0)
if granted > 0 then redis.call('INCRBY', KEYS[1], granted) end
return granted
"""

# KEYS: day.  ARGV: how many.
_GIVE_BACK = """
local used = tonumber(redis.call('GET', KEYS[1]))
if used then redis.call('DECRBY', KEYS[1], math.min(tonumber(ARGV[1]), used)) end
return 0
"""


@dataclass(frozen=True, slots=True)
class RedisQuota:
    """`per_day`: the account's quota, of which `reserve_percent` are for Lane.URGENT only.
    `accepted_since`: the ledger's count."""

    link: Link
    appid: str
    per_day: int
    reserve_percent: int
    accepted_since: Callable[[datetime], int]
    clock: Callable[[], datetime]

    def take(self, lane: Lane, wanted: int) -> int:
        """How many of them may be sent; they count as sent until they are given back."""
        granted = self._take(lane, wanted)
        if granted == UNKNOWN:
            sent = self.accepted_since(self._midnight())
            self.link.call("SET", self._key(), sent, "EX", KEPT_S, "NX")
            granted = self._take(lane, wanted)
        return max(granted, 0)

    def give_back(self, unused: int) -> None:
        """What was taken and not sent, or surely not accepted."""
        if unused:
            self.link.call("EVAL", _GIVE_BACK, 1, self._key(), unused)

    def exhausted(self) -> None:
        """WeChat says that today's is used up (45009), whatever we counted."""
        self.link.call("SET", self._key(), USED_UP, "EX", KEPT_S)

    def _take(self, lane: Lane, wanted: int) -> int:
        share = 100 if lane is Lane.URGENT else 100 - self.reserve_percent
        limit = self.per_day * share // 100
        return int(self.link.call("EVAL", _TAKE, 1, self._key(), wanted, limit))

    def _midnight(self) -> datetime:
        now = self.clock().astimezone(BEIJING)
        return now.replace(hour=0, minute=0, second=0, microsecond=0)

    def _key(self) -> str:
        return f"wd:{self.appid}:pushes:{self._midnight():%Y-%m-%d}"
