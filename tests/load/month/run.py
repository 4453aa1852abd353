"""Lives through the month and hands back what the audit finds."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from random import Random
from secrets import token_hex
from threading import Lock

from backends.csms.due import open_due_lists
from backends.records.adapter import open_records
from backends.records.orders import open_orders
from backends.records.refunds import open_refunds
from bot import pay_parts
from bot.paying.agreeing import Agreeing
from bot.paying.links import order_links
from tests.load.month import reading
from tests.load.month.audit import Found, audit
from tests.load.month.books import Books
from tests.load.month.calendar import AT_ONCE, Calendar
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
TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Sizes:
    orders: int
    days: int
    seed: int
    kill_every_s: float
    rounds_of_kills: int


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
    again, twice = _count(TWICE_TOLD, orders), _count(POSTED_TWICE, orders)
    spoiling = Spoiling(month, Random(sizes.seed + 1), again, twice)
    misread = set(rng.sample(range(sizes.days), min(_count(MISREAD, orders), sizes.days)))
    saboteur = Saboteur(month, sizes.kill_every_s, sizes.rounds_of_kills)
    with _hands(month, rng) as (placing, agreeing):
        errands = Errands(month, placing)
        payers = gather(month, placing.records, rng)
        calendar = Calendar(month, errands, payers, agreeing, rng, tell, spoiling, misread)
        _throw(month, orders)
        with saboteur.at_work():
            calendar.lives_through(sizes.days, orders)
    store, after = month.pay.store, month.after_pay_id
    books = reading.books(store, month.records, month.office, after_pay_id=after)
    counts = Counter(errands.counts)
    counts.update({f"killed: {kind}": count for kind, count in saboteur.kills.items()})
    counts["killed: reconcile"] = calendar.job_kills
    counts["handed over again"] = spoiling.copies
    counts["booked twice"] = spoiling.booked
    counts["bills misread"] = len(misread)
    counts.update(_notices(month))
    found = audit(books, _planted(books, len(misread)))
    return Report(books, found, counts, calendar.unsettled)


@contextmanager
def _hands(month: Month, rng: Random) -> Iterator[tuple[Placing, Agreeing]]:
    """Who places orders without a word, and staff."""
    settings = month.settings
    own, city = settings.database_url, settings.csms_url
    link = order_links(settings.public_url, pay_parts.pay_link_key(settings))
    with (
        closing(open_records(own, pool_size=AT_ONCE, statement_timeout_s=TIMEOUT_S)) as records,
        closing(open_due_lists(city, pool_size=AT_ONCE, statement_timeout_s=TIMEOUT_S)) as due,
        closing(open_orders(own, pool_size=AT_ONCE, statement_timeout_s=TIMEOUT_S)) as orders,
        closing(open_refunds(own, pool_size=AT_ONCE, statement_timeout_s=TIMEOUT_S)) as refunds,
    ):
        placing = Placing(month, records, due, link, rng, Lock())
        yield placing, Agreeing(orders, refunds, month.now, lambda: token_hex(12))


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
