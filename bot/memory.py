"""What Redis remembers: each message's reply, each citizen's lock and dialog record.

One round trip before a turn and one after it, each a Lua script over keys with one hash tag, so
that they run on one node, Sentinel and Cluster alike. All of it may be lost; none of it may be
half done.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import redis

from bot import memory_scripts as scripts
from bot.redis_link import Link

REPLY_KEPT_S = 660  # longer than a signed request stays valid (2 × 300 s): a replay is a duplicate
RECORD_KEPT_S = 7 * 24 * 3600
PAGES_KEPT_S = 600
NOTICES_KEPT_S = 30 * 24 * 3600
NOTICES_AT_ONCE = 5  # more would not fit into one message
# Short, so that the retry of a message whose worker died finds the lock free within its own five
# seconds; a worker that lives renews it (bot/leases.py).
LEASE_MS = 3_500


@dataclass(frozen=True, slots=True)
class Claimed:
    """The turn is ours: `token` holds the lock. `late` is an answer still owed to the citizen;
    `notices` are results that wait for their next message, each an id and its text."""

    token: str
    version: str
    body: str
    late: str
    notices: tuple[tuple[int, str], ...] = ()


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
class StoredRecord:
    """A citizen's dialog record as it lies in Redis."""

    openid: str
    body: str


@dataclass(frozen=True, slots=True)
class Keys:
    """All keys of a citizen, with the AppID (one Redis may serve several accounts)."""

    seen: str
    lock: str
    record: str
    late: str
    pages: str
    notices: str


class Memory:
    def __init__(self, link: Link, appid: str) -> None:
        self._link = link
        self._prefix = f"wd:{appid}:"
        self._shas = {script: _sha(script) for script in scripts.ALL}

    def begin(self, openid: str, key: str, token: str) -> Claimed | Answered | Waiting:
        keys = self.keys(openid, key)
        found = self._run(
            scripts.BEGIN,
            (keys.seen, keys.lock, keys.record, keys.late, keys.notices),
            (token, LEASE_MS, REPLY_KEPT_S, NOTICES_AT_ONCE),
        )
        what = found[0]
        if what == b"run":
            version, body, late = (part.decode() for part in found[1:4])
            return Claimed(token, version, body, late, tuple(map(_notice, found[4])))
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
        pages: tuple[str, ...] | None = None,
        told: int = 0,
        release: bool = True,
    ) -> bool:
        """False when the turn lost its lease: somebody else has run it, nothing was saved.
        `body` `=` leaves the record as it is, an empty one deletes it; an empty `reply` leaves
        the stored one; `late` `=` keeps what is owed, an empty one drops it; `pages` None keeps
        those that stand; `told` notices are taken off the list. Unless released, the lock stays for
        the late answer to be sent."""
        keys = self.keys(openid, key)
        saved = self._run(
            scripts.SAVE,
            (keys.seen, keys.lock, keys.record, keys.late, keys.pages, keys.notices),
            (
                claim.token,
                claim.version,
                body,
                reply,
                REPLY_KEPT_S,
                RECORD_KEPT_S,
                late,
                1 if release else LEASE_MS,
                "" if pages is None else PAGES_KEPT_S,
                told,
                *(pages or ()),
            ),
        )
        return bool(saved)

    def detach(self, openid: str, key: str, claim: Claimed, ack: str, promise: str) -> bool:
        """The acknowledgement is the message's reply; the turn goes on. The promise is what the
        citizen is told with their next message, should this worker die before it is kept."""
        keys = self.keys(openid, key)
        arguments = (claim.token, ack, REPLY_KEPT_S, LEASE_MS, promise)
        return bool(self._run(scripts.DETACH, (keys.seen, keys.lock, keys.late), arguments))

    def renew(self, openid: str, token: str) -> bool:
        """False when the lock is somebody else's, or nobody's."""
        keys = self.keys(openid, "")
        return bool(self._run(scripts.RENEW, (keys.lock,), (token, LEASE_MS)))

    def release(self, openid: str, claim: Claimed, *, late_delivered: bool) -> None:
        keys = self.keys(openid, "")
        self._run(scripts.RELEASE, (keys.lock, keys.late), (claim.token, int(late_delivered)))

    def keep_notice(self, openid: str, notice_id: int, text: str) -> None:
        """For the reply to the citizen's next message. Keeping it twice is the same as once."""
        entry = f"{notice_id}\n{text}"
        self._run(scripts.KEEP, (self.keys(openid, "").notices,), (entry, NOTICES_KEPT_S))

    def mark(self) -> None:
        """Shows that Redis still has what it was told since; gone when it lost its memory."""
        self._link.call("SET", f"{self._prefix}mark", "1")

    def is_marked(self) -> bool:
        return self._link.call("GET", f"{self._prefix}mark") is not None

    def pages(self, openid: str) -> tuple[str, ...]:
        """What is left of the last long reply."""
        found = self._link.call("LRANGE", self.keys(openid, "").pages, 0, -1)
        return tuple(page.decode() for page in found)

    def forget(self, openid: str) -> None:
        keys = self.keys(openid, "")
        self._link.call("DEL", keys.record, keys.late, keys.pages)

    def forget_notices(self, openid: str) -> None:
        """Results that waited for the citizen's next message."""
        self._link.call("DEL", self.keys(openid, "").notices)

    def records(self) -> Iterator[StoredRecord]:
        """All dialog records, in no order; one that changes meanwhile may come twice."""
        tail = b":record"
        for key in self._link.keys(f"{self._prefix}{{*}}:record"):
            body = self._link.call("HGET", key, "b")
            if body is not None:
                openid = key.removesuffix(tail).partition(b"{")[2].removesuffix(b"}")
                yield StoredRecord(openid.decode(), body.decode())

    def replace_record(self, found: StoredRecord, body: str) -> bool:
        """False when a turn is under way, or has changed it since."""
        keys = self.keys(found.openid, "")
        return bool(self._run(scripts.REPLACE, (keys.record, keys.lock), (found.body, body)))

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
            notices=f"{citizen}notices",
        )

    def _run(self, script: str, keys: tuple[str, ...], arguments: tuple[str | int, ...]) -> Any:
        try:
            return self._link.call("EVALSHA", self._shas[script], len(keys), *keys, *arguments)
        except redis.exceptions.NoScriptError:
            return self._link.call("EVAL", script, len(keys), *keys, *arguments)


def _notice(entry: bytes) -> tuple[int, str]:
    number, _, text = entry.decode().partition("\n")
    return int(number), text


def _sha(script: str) -> str:
    return hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()
