"""How fast all workers together send: a bucket in Redis that fills with so many pushes a second.

Without Redis nobody knows what the others send, and nothing is sent: MemoryLost.
"""

import time
from collections.abc import Callable

from bot.redis_link import Link

BUCKET_HOLDS_S = 0.5  # what may go out in a moment after a pause
KEPT_MS = 60_000

# KEYS: bucket.  ARGV: a second's pushes, what the bucket holds, wanted, kept_ms.  Answers how many
# may go now, and in how many ms the rest, or a bucket of it, may be asked for.
_TAKE = """
local rate, holds, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local since = math.max(now - tonumber(bucket[2] or now), 0)
local tokens = math.min(tonumber(bucket[1] or holds) + since * rate, holds)
local granted = math.min(wanted, math.floor(tokens))
tokens = tokens - granted
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens),
  'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
local missing = math.min(wanted - granted, holds) - tokens
return {granted, math.ceil(math.max(missing, 0) / rate * 1000)}
"""


class RedisPace:
    def __init__(
        self,
        link: Link,
        appid: str,
        *,
        rate_per_s: float,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._link = link
        self._key = f"wd:{appid}:pushes:pace"
        self._rate_per_s = rate_per_s
        self._sleep = sleep

    def take(self, wanted: int) -> None:
        """Returns when so many may be sent, which may take wanted / rate seconds and longer when
        other workers send too."""
        while wanted > 0:
            granted, wait_ms = self._take(wanted)
            wanted -= granted
            if wanted:
                self._sleep(wait_ms / 1000)

    def _take(self, wanted: int) -> tuple[int, int]:
        holds = max(self._rate_per_s * BUCKET_HOLDS_S, 1.0)
        granted, wait_ms = self._link.call(
            "EVAL", _TAKE, 1, self._key, str(self._rate_per_s), str(holds), wanted, KEPT_MS
        )
        return int(granted), int(wait_ms)
