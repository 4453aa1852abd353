"""What a cron job is: steps that say after each what has been done so far."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from backends.ports import Ledger, Notice
from jobs.planning.plan import Planner

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Order:
    """`now`: the moment as of which it runs. `dry_run`: look and count, change nothing. `limit`:
    do at most about so much; None for all there is. `day`: of a job that does one day's work, when
    it is not the day that it would choose."""

    now: datetime
    dry_run: bool = False
    limit: int | None = None
    day: date | None = None

    def leaves(self, done: int) -> int | None:
        """How much may still be done; None for any number."""
        return None if self.limit is None else max(self.limit - done, 0)


Job = Callable[[Order], Iterator[Counts]]
"""Safe to repeat, to kill, and to run on two machines at once. A count named `failed` says that
something could not be done now, and that the log says why."""


def planning(planner: Planner, ledger: Ledger) -> Job:
    """The notices of a planner into the ledger, which knows those that it has already."""

    def job(order: Order) -> Iterator[Counts]:
        looked_at = planned = 0
        for page in planner.pages(order.now):
            looked_at += page.looked_at
            planned += _plan(ledger, page.notices, order, planned)
            yield {"looked_at": looked_at, "planned": planned}
            if order.leaves(planned) == 0:
                return

    return job


def _plan(ledger: Ledger, notices: tuple[Notice, ...], order: Order, before: int) -> int:
    """In portions of what may still be planned, since some may be in the ledger already."""
    planned = 0
    while notices:
        portion = order.leaves(before + planned)
        if portion == 0:
            break
        some, notices = notices[:portion], notices[portion:] if portion else ()
        if order.dry_run:
            planned += ledger.unplanned(some)
        else:
            planned += ledger.plan(some, order.now)
    return planned


def repeated(step: Callable[[], int], order: Order) -> Iterator[int]:
    """A worker's step until there is nothing left to do: how much each did. `limit` counts it."""
    done = 0
    while order.leaves(done) != 0 and (count := step()):
        done += count
        yield count
