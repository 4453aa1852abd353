"""Works the ledger off: claims notices, drops what concerns its citizen no more, sends the rest,
settles them all. Batch after batch, in as many processes on as many machines as there are.

Enters: due notices of the ledger. Leaves: messages at WeChat, and what became of each notice. A
process that dies leaves its batch to another, which knows that it may have been sent.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from backends.ports import (
    Channel,
    CustomerMessages,
    DueLists,
    Lane,
    Ledger,
    NoticeState,
    PushMessages,
)
from bot.redis_link import MemoryLost
from bot.wording.cards import Card
from jobs.pushing.breaker import EVERYTHING, Breaker
from jobs.pushing.channels import Course
from jobs.pushing.mailing import Mailing
from jobs.pushing.posting import Letter, Posting
from jobs.pushing.reports import report
from jobs.pushing.rules import PushRules
from jobs.pushing.sending import NO_QUOTA_LEFT, Sending, Told, not_sent
from jobs.pushing.writing import Writing

log = structlog.get_logger()
AT_ONCE = 200
LEASE_S = 90.0
# The last message may take its time, and the batch must be settled before its lease ends.
BEGIN_WITHIN = timedelta(seconds=60)
PACED_WITHIN_S = 30.0


class Pace(Protocol):
    def take(self, wanted: int) -> None:
        """Returns when so many may be sent. MemoryLost when nobody knows what others send."""
        ...


class Quota(Protocol):
    """Of template messages, by the day; each method may raise MemoryLost."""

    def take(self, lane: Lane, wanted: int) -> int: ...

    def give_back(self, unused: int) -> None: ...

    def exhausted(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Sender:
    """`cards`: the card of a kind, filled in; None for a kind that has none."""

    ledger: Ledger
    due: DueLists
    cards: Callable[[str, Mapping[str, Any]], Card | None]
    push: PushMessages
    messages: CustomerMessages
    mailing: Mailing
    pace: Pace
    quota: Quota
    rules: PushRules
    worker: str
    clock: Callable[[], datetime]
    breaker: Breaker = field(default_factory=Breaker)

    def step(self) -> int:
        return self.drain(lambda: False)

    def drain(self, stop: Callable[[], bool]) -> int:
        """How many notices were settled, until nothing is due, WeChat is not well, or `stop`.
        MemoryLost, BackendUnavailable when Redis or our own database is away: what was claimed is
        due again at once, or when its lease ends."""
        done = 0
        with ThreadPoolExecutor(self.rules.concurrency, "push") as pool:
            while not (stop() or self.breaker.is_closed(EVERYTHING, self.clock())):
                count = self._batch(pool, stop)
                if not count:
                    break
                done += count
        return done

    def _batch(self, pool: ThreadPoolExecutor, stop: Callable[[], bool]) -> int:
        now = self.clock()
        claimed = self.ledger.claim(
            Lane, worker=self.worker, now=now, lease_s=LEASE_S, limit=self._batch_size()
        )
        if not claimed:
            return 0
        letters, told = self._writing().write(claimed, now)
        sent = self._send(letters, now + BEGIN_WITHIN, pool, stop)
        told += sent.told
        settlements = [one.settlement for one in told]
        settled = self.ledger.settle(settlements, worker=self.worker, now=self.clock())
        report(told, taken_over=len(told) - settled)
        if sent.lost:
            raise sent.lost
        self._count(sent)
        return len(claimed)

    def _send(
        self,
        letters: Sequence[Letter],
        deadline: datetime,
        pool: ThreadPoolExecutor,
        stop: Callable[[], bool],
    ) -> "Sent":
        """Without Redis nothing more is begun; what was begun is settled before anybody hears."""
        sending, granted = self._sending(), list[Letter]()
        begun, lost = list[Future[list[Told]]](), None
        try:
            granted = self._granted(letters)
            for portion in portions(granted, self.rules.concurrency):
                if stop():
                    break
                self.pace.take(sum(map(len, portion)))
                begun += [pool.submit(sending.tell, chain, deadline) for chain in portion]
        except MemoryLost as error:
            lost = error
        told = [one for future in begun for one in future.result()]
        tried = {one.claimed.notice_id for one in told}
        rest = (one.claimed for one in letters if one.claimed.notice_id not in tried)
        told += [not_sent(claimed, "not_tried") for claimed in rest]
        return Sent(told, sum(letter.granted for letter in granted), lost)

    def _granted(self, letters: Sequence[Letter]) -> list[Letter]:
        """The most urgent first; the day's quota is asked once for each lane."""
        wanted = Counter(one.claimed.notice.lane for one in letters if one.template_id)
        left = {lane: self.quota.take(lane, wanted[lane]) for lane in sorted(wanted)}
        granted = []
        for letter in letters:
            lane = letter.claimed.notice.lane
            if letter.template_id and left[lane]:
                left[lane] -= 1
                letter = replace(letter, granted=True)
            granted.append(letter)
        return granted

    def _count(self, sent: "Sent") -> None:
        """Whether one counts that may have been sent, only WeChat knows: to be safe it does."""
        refused = {why for one in sent.told for why in one.refused}
        if any(why.course is Course.DAY_OVER and why != NO_QUOTA_LEFT for why in refused):
            self.quota.exhausted()
            return
        used = sum(map(was_used, sent.told))
        self.quota.give_back(max(sent.granted - used, 0))

    def _batch_size(self) -> int:
        """No more than may be sent before the lease ends, however slow the pace."""
        return max(1, min(AT_ONCE, int(self.rules.rate_per_s * PACED_WITHIN_S)))

    def _writing(self) -> Writing:
        return Writing(self.ledger, self.due, self.cards, self.rules)

    def _sending(self) -> Sending:
        posting = Posting(self.push, self.messages, self.mailing, self.rules)
        return Sending(posting, self.rules, self.breaker, self.clock)


@dataclass(frozen=True, slots=True)
class Sent:
    """`granted`: how much of the day's quota was taken for it. `lost`: why it was broken off."""

    told: list[Told]
    granted: int
    lost: MemoryLost | None


def was_used(told: Told) -> bool:
    """Of the day's quota."""
    settlement = told.settlement
    accepted = settlement.state is NoticeState.ACCEPTED and settlement.channel is Channel.TEMPLATE
    return accepted or any(why.course is Course.UNSURE for why in told.refused)


def portions(letters: Sequence[Letter], size: int) -> Iterator[list[list[Letter]]]:
    """Each citizen's letters stay together, in their order; a portion has about so many."""
    chains: dict[str, list[Letter]] = {}
    for letter in letters:
        chains.setdefault(letter.claimed.notice.openid, []).append(letter)
    portion, count = list[list[Letter]](), 0
    for chain in chains.values():
        portion.append(chain)
        count += len(chain)
        if count >= size:
            yield portion
            portion, count = [], 0
    if portion:
        yield portion
