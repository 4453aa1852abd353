"""Small strings that all workers share, in Redis. When Redis is gone, nothing is cached: callers
go on without (the port says so), and the log has been told by the link's first failure.
"""

from typing import Any

import structlog

from bot.redis_link import Link, MemoryLost

log = structlog.get_logger()
_DELETE_IF = "return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('DEL', KEYS[1]) or 0"
_COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count
"""


class RedisCache:
    """Implements `ports.SharedCache`."""

    def __init__(self, link: Link, appid: str) -> None:
        self._link = link
        self._prefix = f"wd:{appid}:cache:"

    def get(self, key: str) -> str | None:
        value = self._call("GET", self._prefix + key)
        return value.decode() if value is not None else None

    def set(self, key: str, value: str, ttl_s: float) -> None:
        self._call("SET", self._prefix + key, value, "PX", int(ttl_s * 1000))

    def add(self, key: str, value: str, ttl_s: float) -> bool | None:
        try:
            stored = self._link.call(
                "SET", self._prefix + key, value, "PX", int(ttl_s * 1000), "NX"
            )
        except MemoryLost:
            return None
        return stored is not None

    def delete_if(self, key: str, value: str) -> None:
        self._call("EVAL", _DELETE_IF, 1, self._prefix + key, value)

    def count(self, key: str, ttl_s: float) -> int:
        return int(self._call("EVAL", _COUNT, 1, self._prefix + key, int(ttl_s * 1000)) or 0)

    def _call(self, *command: str | int) -> Any:
        try:
            return self._link.call(*command)
        except MemoryLost as error:
            log.debug("cache_lost", why=str(error))
            return None
