"""Works the ledger off: claims notices, drops what concerns its citizen no more, sends the rest,
settles them all. Batch after batch, in as many processes on as many machines as there are.

Enters: due notices of the ledger. Leaves: messages at WeChat, and what became of each notice. A
process that dies leaves its batch to another, which knows that it may have been sent.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from backends.errors import BackendUnavailable
from backends.ports import CustomerMessages, DueLists, Lane, Ledger, PushMessages
from bot.redis_link import MemoryLost
from bot.wording.cards import Card
from jobs.pushing.batch import Batch, cannot_be_repeated, is_text, portions, was_used
from jobs.pushing.breaker import EVERYTHING, Breaker
from jobs.pushing.channels import Course
from jobs.pushing.mailing import Mailing
from jobs.pushing.posting import Letter, Posting
from jobs.pushing.reports import report
from jobs.pushing.rules import PushRules
from jobs.pushing.sending import NO_QUOTA_LEFT, Sending, Told
from jobs.pushing.writing import Writing

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


@dataclass(slots=True)
class Threads:
    """`settling` is one thread, so all is settled in the order it was begun. `last`: done when the
    texts of the portion that was begun last are settled."""

    sending: ThreadPoolExecutor
    settling: ThreadPoolExecutor
    last: Future[None] | None = None


def nobody_pays(_: Sequence[str]) -> Collection[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Sender:
    """`cards`: the card of a kind, filled in; None for a kind that has none. `being_paid`: of these
    bills those that are; none where nothing is paid here."""

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
    being_paid: Callable[[Sequence[str]], Collection[str]] = nobody_pays

    def step(self) -> int:
        return self.drain(lambda: False)

    def drain(self, stop: Callable[[], bool]) -> int:
        """How many notices were settled, until nothing is due, WeChat is not well, or `stop`.
        MemoryLost, BackendUnavailable when Redis or our own database is away: what was claimed is
        due again at once, or when its lease ends.

        While one batch is being sent the next is claimed, and the one before is settled as soon as
        the last of it is out: nobody waits for the database but texts, see `_send`."""
        done, before = 0, None
        with (
            ThreadPoolExecutor(self.rules.concurrency, "push") as sending,
            ThreadPoolExecutor(1, "settle") as settling,
        ):
            threads = Threads(sending, settling)
            while True:
                batch = self._begin(threads, stop) if self._may_go_on(stop) else None
                finishing = settling.submit(self._finish, batch) if batch else None
                done += before.result() if before else 0
                if batch and batch.lost:
                    raise batch.lost
                if not (finishing or before):
                    return done
                before = finishing

    def _may_go_on(self, stop: Callable[[], bool]) -> bool:
        return not (stop() or self.breaker.is_closed(EVERYTHING, self.clock()))

    def _begin(self, threads: Threads, stop: Callable[[], bool]) -> Batch | None:
        """None when nothing is due. Without Redis nothing more is begun of it, nor is any text
        without our own database."""
        now = self.clock()
        claimed = self.ledger.claim(
            Lane, worker=self.worker, now=now, lease_s=LEASE_S, limit=self._batch_size()
        )
        if not claimed:
            return None
        writing = Writing(self.ledger, self.due, self.being_paid, self.cards, self.rules)
        letters, told = writing.write(claimed, now)
        batch = Batch(told, letters)
        try:
            self._send(batch, now + BEGIN_WITHIN, threads, stop)
        except (MemoryLost, BackendUnavailable) as error:
            batch.lost = error
        return batch

    def _send(
        self, batch: Batch, deadline: datetime, threads: Threads, stop: Callable[[], bool]
    ) -> None:
        """Texts are begun when all texts before them are settled: should we die, no more than a
        portion of them is told again with the next message. Template messages, which WeChat knows
        again, wait for nothing."""
        posting = Posting(self.push, self.messages, self.mailing, self.rules)
        sending = Sending(posting, self.rules, self.breaker, self.clock)
        batch.letters = self._granted(batch.letters)
        for portion in portions(batch.letters, self.rules.concurrency):
            if threads.last and any(is_text(letter) for chain in portion for letter in chain):
                threads.last.result()
            if stop():
                break
            self.pace.take(sum(map(len, portion)))
            begun = [threads.sending.submit(sending.tell, chain, deadline) for chain in portion]
            batch.begun += begun
            threads.last = threads.settling.submit(self._settle_texts, batch, begun)

    def _settle_texts(self, batch: Batch, begun: Sequence[Future[list[Told]]]) -> None:
        told = [one for future in begun for one in future.result() if cannot_be_repeated(one)]
        if told:
            batch.taken_over += self._settle(told)
            batch.settled |= {one.claimed.notice_id for one in told}

    def _settle(self, told: Sequence[Told]) -> int:
        """How many another worker has by now."""
        settlements = [one.settlement for one in told]
        now = self.clock()
        return len(told) - self.ledger.settle(settlements, worker=self.worker, now=now)

    def _finish(self, batch: Batch) -> int:
        """How many there were."""
        told = batch.results()
        left = [one for one in told if one.claimed.notice_id not in batch.settled]
        report(told, taken_over=batch.taken_over + self._settle(left))
        if not batch.lost:
            self._count(batch, told)
        return len(told)

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

    def _count(self, batch: Batch, told: Sequence[Told]) -> None:
        """Whether one counts that may have been sent, only WeChat knows: to be safe it does."""
        refused = {why for one in told for why in one.refused}
        if any(why.course is Course.DAY_OVER and why != NO_QUOTA_LEFT for why in refused):
            self.quota.exhausted()
            return
        granted = sum(letter.granted for letter in batch.letters)
        self.quota.give_back(max(granted - sum(map(was_used, told)), 0))

    def _batch_size(self) -> int:
        """No more than may be sent before the lease ends, however slow the pace."""
        return max(1, min(AT_ONCE, int(self.rules.rate_per_s * PACED_WITHIN_S)))
