"""The month, day by day: when people pay, when the clock moves on, when timers and staff do their
part."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as hour
from random import Random

from sqlalchemy import text

from backends.ports import RefundState
from bot.paying.agreeing import Agreeing
from bot.settings import HOUSE
from sandbox.clock import SHANGHAI
from tests.load.month.errands import LATE, Errand, Errands, Way, draw
from tests.load.month.people import Payer
from tests.load.month.persisting import again
from tests.load.month.placing import LIVES
from tests.load.month.world import Month

AT_ONCE = 8
# The share of the day's orders, and when.
MOMENTS = ((hour(11), 0.3), (hour(15), 0.25), (hour(20), 0.25))
MIDNIGHT = 0.2
RECONCILED_AT = hour(10, 30)
SETTLES_WITHIN_S = 60.0
RECONCILES_WITHIN_S = 120.0
# The job is killed in the midst of every so many runs, and run again.
KILLED_EVERY = 5
# For the last day's refunds, and the bill that has them.
MORNINGS_AFTER = 3
UNFINISHED = text(
    "SELECT (SELECT count(*) FROM pay_order WHERE state IN ('prepaid', 'closing', 'paid'))"
    " + (SELECT count(*) FROM pay_order WHERE state = 'placed' AND asked_at IS NOT NULL)"
    " + (SELECT count(*) FROM pay_refund WHERE state IN ('approved', 'processing'))"
)


@dataclass
class Calendar:
    """`tell` hears how far it is; `spoils` is called each evening; of the days in `misread`, from 0
    up, WeChat's bill has a row with another amount."""

    month: Month
    errands: Errands
    payers: Sequence[Payer]
    agreeing: Agreeing
    rng: Random
    tell: Callable[[str], None]
    spoils: Callable[[], None]
    misread: Set[int]
    reconciled: int = 0
    job_kills: int = 0
    made: int = 0
    unsettled: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.first = self.month.now().date() + timedelta(days=1)

    def lives_through(self, days: int, orders: int) -> None:
        for number in range(days):
            day = self.first + timedelta(days=number)
            self._morning(number)
            upto = orders * (number + 1) // days
            self._day(day, upto - self.made)
            self.tell(f"{day}: {self.made} orders")
        for number in range(days, days + MORNINGS_AFTER):
            self._morning(number)
        self._settles()

    def _day(self, day: date, count: int) -> None:
        for at, share in MOMENTS:
            self.month.advance_to(datetime.combine(day, at, SHANGHAI))
            self._moment(round(count * share))
        self.spoils()
        self._midnight(day, count - sum(round(count * share) for _, share in MOMENTS))

    def _moment(self, count: int) -> None:
        errands = self._drawn(count)
        late = [one for one in errands if one.way in LATE and not one.payer.talks]
        now = [one for one in errands if one not in late]
        self._all(now, self.errands.runs)
        self._last_seconds(late)

    def _last_seconds(self, late: Sequence[Errand]) -> None:
        if not late:
            return
        ends = self.month.now() + LIVES
        self._all(late, lambda one: self.errands.begins(one, ends))
        with self.month.at_desk:
            self.month.advance_to(ends - timedelta(seconds=3))
            self._all(late, self.errands.ends)
            self.month.advance_to(ends + timedelta(seconds=1))
            for one in late:
                if one.way is Way.OVERTAKEN:
                    self.errands.at_counter(one.payer)
        self.month.advance_to(ends + timedelta(seconds=40))

    def _midnight(self, day: date, count: int) -> None:
        """Half of the pay sheets that were opened before are paid before, half of them after."""
        midnight = datetime.combine(day + timedelta(days=1), hour(), SHANGHAI)
        self.month.advance_to(midnight - timedelta(minutes=4))
        errands = self._drawn(count)
        self._all(errands, self.errands.begins)
        half = len(errands) // 2
        self.month.advance_to(midnight - timedelta(seconds=1.5))
        self._all(errands[:half], self.errands.ends)
        self.month.advance_to(midnight + timedelta(seconds=1))
        self._all(errands[half:], self.errands.ends)

    def _morning(self, number: int) -> None:
        """Of a day from 0 up: what the evening before has left is done with."""
        day = self.first + timedelta(days=number)
        self.month.advance_to(datetime.combine(day, RECONCILED_AT, SHANGHAI))
        again(self._agree)
        self._settles()
        self.month.faults(bill_amount_differs=number - 1 in self.misread)
        self._reconcile()
        self.month.faults(bill_amount_differs=False)

    def _agree(self) -> None:
        """Two of the staff to each refund."""
        for refund in self.agreeing.refunds.refunds([RefundState.PROPOSED], 1000):
            if self.agreeing.second(refund.refund_no, by="ann"):
                self.agreeing.approve(refund.refund_no, by="ben")

    def _reconcile(self) -> None:
        """Exit code 1 is for what takes a person, which is the audit's to judge."""
        self.reconciled += 1
        if self.reconciled % KILLED_EVERY == 2:
            with self._job() as job:
                time.sleep(self.rng.uniform(0.8, 2.5))
                job.kill()
            self.job_kills += 1
        with self._job() as job:
            code = job.wait(RECONCILES_WITHIN_S)
        if code not in (0, 1):
            self.unsettled.append(f"reconcile ended with {code} on {self.month.now():%Y-%m-%d}")

    def _job(self) -> "subprocess.Popen[bytes]":
        with (self.month.folder / "jobs.log").open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "jobs", "reconcile"],
                cwd=HOUSE,
                env={**os.environ, **self.month.environ},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def _settles(self) -> None:
        """Until every order has come to its end; those of a bad hour are looked at again later,
        so the clock moves on a little while nobody waits."""
        until_s = time.monotonic() + SETTLES_WITHIN_S
        while left := self._unfinished():
            if time.monotonic() > until_s:
                self.unsettled.append(f"{left} unfinished on {self.month.now():%Y-%m-%d}")
                return
            time.sleep(0.5)
            self.month.advance_to(self.month.now() + timedelta(seconds=45))

    def _unfinished(self) -> int:
        def count() -> int:
            with self.month.records.connect() as connection:
                return int(connection.scalar(UNFINISHED) or 0)

        return again(count)

    def _drawn(self, count: int) -> list[Errand]:
        errands = draw(self.payers, count, self.rng)
        self.made += len(errands)
        return errands

    def _all(self, errands: Sequence[Errand], act: Callable[[Errand], object]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _ in pool.map(act, errands):
                pass
