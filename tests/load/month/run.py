"""Lives through the month and hands back what the audit finds."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random
from secrets import token_hex
from threading import Lock

from bot import parts, pay_parts
from bot.paying.agreeing import Agreeing
from bot.paying.links import order_links
from tests.load.month import reading
from tests.load.month.audit import Found, audit
from tests.load.month.books import Books
from tests.load.month.calendar import Calendar
from tests.load.month.errands import Errands
from tests.load.month.people import gather
from tests.load.month.placing import Placing
from tests.load.month.saboteur import Saboteur
from tests.load.month.spoiling import Spoiling
from tests.load.month.world import Month

PER = 100_000
TENFOLD = 10
LOST, TWICE_TOLD, POSTED_TWICE, MISREAD = (TENFOLD * each / PER for each in (6, 3, 2, 1))
# So that a short month has them too.
LEAST_LOST, LEAST_TWICE_TOLD = 4, 2
CALLS_FAIL = 0.002


@dataclass(frozen=True, slots=True)
class Sizes:
    orders: int
    days: int
    seed: int
    kill_every_s: float


@dataclass
class Report:
    """`planted` are order numbers, of rows that WeChat's bill had wrong."""

    books: Books
    found: Found
    counts: Counter[str]
    unsettled: list[str]

    @property
    def problems(self) -> list[str]:
        return [*self.unsettled, *self.found.problems]


def run(month: Month, sizes: Sizes, tell: Callable[[str], None]) -> Report:
    rng, orders = Random(sizes.seed), sizes.orders
    errands = Errands(month, _placing(month, rng))
    spoiling = Spoiling(
        month, Random(sizes.seed + 1), _count(TWICE_TOLD, orders), _count(POSTED_TWICE, orders)
    )
    misread = set(rng.sample(range(sizes.days), min(_count(MISREAD, orders), sizes.days)))
    first = month.now().date().toordinal() + 1

    def misreads(day: date) -> bool:
        return day.toordinal() - first in misread

    calendar = Calendar(
        month,
        errands,
        gather(month, errands.placing.records, rng),
        _agreeing(month),
        rng,
        tell,
        spoiling,
        misreads,
    )
    _throw(month, orders)
    saboteur = Saboteur(month, sizes.kill_every_s)
    with saboteur.at_work():
        calendar.lives_through(sizes.days, sizes.orders)
    books = reading.books(
        month.pay.store, month.records, month.office, after_pay_id=month.after_pay_id
    )
    counts = Counter(errands.counts)
    counts.update({f"killed: {kind}": count for kind, count in saboteur.kills.items()})
    counts["killed: reconcile"] = calendar.job_kills
    counts["handed over again"] = spoiling.copies
    counts["booked twice"] = spoiling.booked
    counts["bills misread"] = len(misread)
    counts.update(_notices(month))
    found = audit(books, _planted(books, len(misread)))
    return Report(books, found, counts, calendar.unsettled)


def _placing(month: Month, rng: Random) -> Placing:
    settings = month.settings
    link = order_links(settings.public_url, pay_parts.pay_link_key(settings))
    records, due = parts.records_of(settings), parts.due_lists_of(settings)
    return Placing(month, records, due, link, rng, Lock())


def _agreeing(month: Month) -> Agreeing:
    orders, refunds = pay_parts.orders_of(month.settings), pay_parts.refunds_of(month.settings)
    return Agreeing(orders, refunds, month.now, lambda: token_hex(12))


def _throw(month: Month, orders: int) -> None:
    """The sandbox's switches, for the whole month."""
    month.faults(
        notice_loss_rate=max(LOST, LEAST_LOST / orders),
        notice_twice_rate=max(TWICE_TOLD, LEAST_TWICE_TOLD / orders),
        notice_parallel_rate=max(TWICE_TOLD, LEAST_TWICE_TOLD / orders),
        lost_answer_rate=CALLS_FAIL,
        error_rate=CALLS_FAIL,
        reset_rate=CALLS_FAIL,
        refund_after_s=60.0,
    )


def _count(share: float, orders: int) -> int:
    return max(1, round(share * orders))


def _planted(books: Books, misread: int) -> frozenset[str]:
    """One row of each bill that was misread. More of them are no plants."""
    found = [one.order_no for one in books.ours.listed if one.mismatch == "amount_diff"]
    return frozenset(found[:misread])


def _notices(month: Month) -> Counter[str]:
    """What became of WeChat Pay's notifications."""
    with month.pay.store.reading() as db:
        rows = db.execute("SELECT state, count(*) FROM notice GROUP BY state").fetchall()
    return Counter({f"notices {state}": count for state, count in map(tuple, rows)})
