"""What Redis remembers: each message's reply, each citizen's lock and dialog record.

One round trip before a turn and one after it, each a Lua script over keys with one hash tag, so
that they run on one node, Sentinel and Cluster alike. All of it may be lost; none of it may be
half done.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import redis

from bot.redis_link import Link

REPLY_KEPT_S = 660  # longer than a signed request stays valid (2 × 300 s): a replay is a duplicate
RECORD_KEPT_S = 7 * 24 * 3600
PAGES_KEPT_S = 600
LEASE_MS = 8_000  # longer than a turn may take before it is detached

# KEYS: seen, lock, record, late.  ARGV: token, lease_ms, reply_kept_s.
# A pending mark whose run no longer holds the lock belongs to a worker that died: run it again.
_BEGIN = """
local seen = redis.call('GET', KEYS[1])
if seen and string.sub(seen, 1, 1) == 'd' then return {'done', string.sub(seen, 2)} end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then
  if seen == 'p' .. holder then return {'pending'} end
  if string.sub(holder, 1, 1) == '~' then return {'detached', string.sub(holder, 2)} end
  return {'busy'}
end
redis.call('SET', KEYS[1], 'p' .. ARGV[1], 'EX', ARGV[3])
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
local record = redis.call('HMGET', KEYS[3], 'v', 'b')
return {'run', record[1] or '0', record[2] or '', redis.call('GET', KEYS[4]) or ''}
"""

# KEYS: seen, lock, record, late, pages.  ARGV: token, version, body ('=' unchanged, '' none),
# reply ('' keep what stands), reply_kept_s, record_kept_s, late ('' drop, '=' keep, else set),
# 1 to release the lock, pages_kept_s, page…
# A retry after a lost answer finds its own token in the record and is told it went well.
_SAVE = """
local version = redis.call('HGET', KEYS[3], 'v') or '0'
local holder = redis.call('GET', KEYS[2])
if holder ~= ARGV[1] and holder ~= '~' .. ARGV[1] then
  return redis.call('HGET', KEYS[3], 't') == ARGV[1] and 1 or 0
end
if version ~= ARGV[2] then return 0 end
if ARGV[3] == '' then redis.call('DEL', KEYS[3])
elseif ARGV[3] ~= '=' then
  redis.call('HSET', KEYS[3], 'v', version + 1, 'b', ARGV[3], 't', ARGV[1])
  redis.call('EXPIRE', KEYS[3], ARGV[6])
end
if ARGV[4] ~= '' then redis.call('SET', KEYS[1], 'd' .. ARGV[4], 'EX', ARGV[5]) end
if ARGV[7] == '' then redis.call('DEL', KEYS[4])
elseif ARGV[7] ~= '=' then redis.call('SET', KEYS[4], ARGV[7], 'EX', 86400) end -- a day
if #ARGV > 9 then
  redis.call('DEL', KEYS[5])
  for page = 10, #ARGV do redis.call('RPUSH', KEYS[5], ARGV[page]) end
  redis.call('EXPIRE', KEYS[5], ARGV[9])
end
if ARGV[8] == '1' then redis.call('DEL', KEYS[2]) end
return 1
"""

# KEYS: seen, lock.  ARGV: token, reply, reply_kept_s, lease_ms.
_DETACH = """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], 'd' .. ARGV[2], 'EX', ARGV[3])
redis.call('SET', KEYS[2], '~' .. ARGV[1], 'PX', ARGV[4])
return 1
"""

# KEYS: lock, late.  ARGV: token, 1 when the late answer has been delivered.
_RELEASE = """
if redis.call('GET', KEYS[1]) == '~' .. ARGV[1] then redis.call('DEL', KEYS[1]) end
if ARGV[2] == '1' then redis.call('DEL', KEYS[2]) end
return 1
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """The turn is ours: `token` holds the lock. `late` is an answer still owed to the citizen."""

    token: str
    version: str
    body: str
    late: str


@dataclass(frozen=True, slots=True)
class Answered:
    """Another delivery of this message has been answered with this."""

    reply: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """`why`: `pending`, another delivery of this message runs; `busy`, another message of this
    citizen does; `detached`, one does that has been acknowledged already."""

    why: str


@dataclass(frozen=True, slots=True)
class Keys:
    """All keys of a citizen, with the AppID (one Redis may serve several accounts)."""

    seen: str
    lock: str
    record: str
    late: str
    pages: str


class Memory:
    def __init__(self, link: Link, appid: str) -> None:
        self._link = link
        self._prefix = f"wd:{appid}:"
        self._shas = {script: _sha(script) for script in (_BEGIN, _SAVE, _DETACH, _RELEASE)}

    def begin(self, openid: str, key: str, token: str) -> Claimed | Answered | Waiting:
        keys = self.keys(openid, key)
        found = self._run(
            _BEGIN,
            (keys.seen, keys.lock, keys.record, keys.late),
            (token, LEASE_MS, REPLY_KEPT_S),
        )
        what = found[0]
        if what == b"run":
            version, body, late = (part.decode() for part in found[1:])
            return Claimed(token, version, body, late)
        if what == b"done":
            return Answered(found[1].decode())
        return Waiting(what.decode())

    def save(
        self,
        openid: str,
        key: str,
        claim: Claimed,
        *,
        body: str,
        reply: str,
        late: str,
        pages: tuple[str, ...] = (),
        release: bool = True,
    ) -> bool:
        """False when the turn lost its lease: somebody else has run it, nothing was saved.
        `body` `=` leaves the record as it is, an empty one deletes it; an empty `reply` leaves
        the stored one; `late` `=` keeps what is owed, an empty one drops it."""
        keys = self.keys(openid, key)
        saved = self._run(
            _SAVE,
            (keys.seen, keys.lock, keys.record, keys.late, keys.pages),
            (
                claim.token,
                claim.version,
                body,
                reply,
                REPLY_KEPT_S,
                RECORD_KEPT_S,
                late,
                int(release),
                PAGES_KEPT_S,
                *pages,
            ),
        )
        return bool(saved)

    def detach(self, openid: str, key: str, claim: Claimed, ack: str, *, lease_s: float) -> bool:
        """The acknowledgement is the message's reply; the turn goes on under a longer lease."""
        keys = self.keys(openid, key)
        arguments = (claim.token, ack, REPLY_KEPT_S, int(lease_s * 1000))
        return bool(self._run(_DETACH, (keys.seen, keys.lock), arguments))

    def release(self, openid: str, claim: Claimed, *, late_delivered: bool) -> None:
        keys = self.keys(openid, "")
        self._run(_RELEASE, (keys.lock, keys.late), (claim.token, int(late_delivered)))

    def next_page(self, openid: str) -> str:
        """The next page of the last long reply; empty when there is none."""
        page = self._link.call("LPOP", self.keys(openid, "").pages)
        return page.decode() if page else ""

    def forget(self, openid: str) -> None:
        keys = self.keys(openid, "")
        self._link.call("DEL", keys.record, keys.late, keys.pages)

    def ping(self) -> None:
        self._link.call("PING")

    def keys(self, openid: str, key: str) -> Keys:
        citizen = f"{self._prefix}{{{openid}}}:"
        return Keys(
            seen=f"{citizen}seen:{key}",
            lock=f"{citizen}lock",
            record=f"{citizen}record",
            late=f"{citizen}late",
            pages=f"{citizen}pages",
        )

    def _run(self, script: str, keys: tuple[str, ...], arguments: tuple[str | int, ...]) -> Any:
        try:
            return self._link.call("EVALSHA", self._shas[script], len(keys), *keys, *arguments)
        except redis.exceptions.NoScriptError:
            return self._link.call("EVAL", script, len(keys), *keys, *arguments)


def _sha(script: str) -> str:
    return hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()
