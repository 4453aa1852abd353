"""What waits in Redis for a citizen's next message; the truth of it is in our own database.

Called by the worker (jobs/pushing/mailing.py); the turn tells it (bot/turn.py).
"""

import structlog

from bot.memory import Memory
from bot.redis_link import MemoryLost

log = structlog.get_logger()


class RedisMailbox:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def keep(self, openid: str, notice_id: int, text: str) -> bool:
        """False when Redis is gone: `is_new` will say so when it is back, empty."""
        try:
            self._memory.keep_notice(openid, notice_id, text)
        except MemoryLost as error:
            log.warning("notice_not_kept", why=str(error))
            return False
        return True

    def is_new(self) -> bool:
        return not self._memory.is_marked()

    def refilled(self) -> None:
        self._memory.mark()
