"""The jobs that do by hand, or on a timer, what the worker does all the time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backends.ports import SubmissionState
from jobs.deliveries import Deliveries, DeskDown
from jobs.events import Events
from jobs.feeds import Feeds
from jobs.job import Counts, Order, repeated
from jobs.retention import Purge


@dataclass(frozen=True, slots=True)
class TakeResults:
    """What CSMS and the hotline have decided: events taken in, notices planned (`notify_results`).
    One that is out of reach does not hold up the other."""

    events: Sequence[Events]

    def __call__(self, order: Order) -> Iterator[Counts]:
        taken = {one.system: 0 for one in self.events}
        failed = 0
        for one in self.events:
            try:
                for count in self._of(one, order):
                    taken[one.system] += count
                    yield taken
            except DeskDown:
                failed += 1
        yield {**taken, "failed": failed} if failed else taken

    def _of(self, events: Events, order: Order) -> Iterator[int]:
        if order.dry_run:
            yield events.waiting()
        else:
            yield from repeated(events.step, order)


@dataclass(frozen=True, slots=True)
class HandOver:
    """Submissions that are due, to their desks (`deliver_submissions`)."""

    deliveries: Sequence[Deliveries]

    def __call__(self, order: Order) -> Iterator[Counts]:
        done = {one.system: 0 for one in self.deliveries}
        failed = 0
        for one in self.deliveries:
            if order.dry_run:
                waiting = one.outbox.counts(SubmissionState.QUEUED)
                done[one.system] = waiting.get((one.system, "queued"), 0)
                continue
            try:
                for count in repeated(one.step, order):
                    done[one.system] += count
                    yield done
            except DeskDown:
                failed += 1
        yield {**done, "failed": failed} if failed else done


@dataclass(frozen=True, slots=True)
class LookAtWebsite:
    """The website's feeds, now (`sync_website`)."""

    feeds: Feeds

    def __call__(self, order: Order) -> Iterator[Counts]:
        counts = {"changed": 0, "unchanged": 0, "failed": 0}
        if order.dry_run:
            yield {"feeds": len(self.feeds.names)}
            return
        for name in self.feeds.names:
            changed = self.feeds.look(name)
            counts["failed" if changed is None else "changed" if changed else "unchanged"] += 1
            yield counts


@dataclass(frozen=True, slots=True)
class RemoveWhatIsOver:
    """What is past its time (`purge`)."""

    purge: Purge

    def __call__(self, order: Order) -> Iterator[Counts]:
        gone = self.purge.due() if order.dry_run else self.purge.purge(order.limit)
        yield {what.value: count for what, count in gone.items()}
