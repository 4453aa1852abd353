"""Transfers 过户: which households changed hands, when, and with the benefit 优惠 or without."""

from dataclasses import dataclass

import numpy as np

from sandbox.city.days import Bools, Ints, month_start
from sandbox.city.dial import dial_m3
from sandbox.city.draw import Chunk
from sandbox.city.numbers import Numbers
from sandbox.city.owners import COMPANY, PERSON, Owners, draw_former_owners
from sandbox.city.plan import Window
from sandbox.city.profiles import ACTIVE, RES, UNSET
from sandbox.city.schema.holder_views import BENEFITS_A_YEAR
from sandbox.city.sink import Columns, coded

AT_LEAST_A_YEAR = (0.018, 0.003, 0.0002)
"""The shares of households with at least one transfer a year, two, and three."""
KINDS = ("sale", "inherit", "gift", "developer", "court")
_KIND_SHARES = (0.71, 0.09, 0.06, 0.12, 0.02)
_DEVELOPER = 3
RETURNED_FOR = ("address_mismatch", "blurred", "arrears", "barcode", "other")
_REASON_SHARES = (0.38, 0.27, 0.19, 0.09, 0.07)
_RETURNED_SHARE = 0.06
_SETTLED_DAYS = 200


@dataclass(frozen=True, slots=True)
class Transfers:
    """One entry per transfer, by account (counted in the chunk) and day. `of_year`: the how many-th
    of its account in the calendar year, from 1."""

    account: Ints
    day: Ints
    of_year: Ints
    kind: Ints

    def __len__(self) -> int:
        return len(self.account)

    @property
    def is_last(self) -> Bools:
        """Of its account: who came then holds it today."""
        last: Bools = np.diff(self.account, append=-1) != 0
        return last

    @property
    def is_first(self) -> Bools:
        first: Bools = np.diff(self.account, prepend=-1) != 0
        return first


def draw_transfers(rng: np.random.Generator, chunk: Chunk) -> Transfers:
    account, day, of_year = [], [], []
    years = _years(chunk.plan.window)
    for first, last in years:
        times = _times(rng, chunk, first, (last - first + 1) / 365, this_year=first == years[-1][0])
        at = np.repeat(np.arange(len(chunk)), times)
        earlier = np.arange(len(at)) - np.repeat(np.cumsum(times) - times, times)
        # Each has a part of the year to itself, so that they follow one another.
        part = (earlier + rng.uniform(0, 0.9, len(at))) / times[at]
        account.append(at)
        day.append(first + (part * (last - first + 1)).astype(np.int64))
        of_year.append(earlier + 1)
    who, when, nth = (np.concatenate(column) for column in (account, day, of_year))
    order = np.lexsort((nth, when, who))
    kind = rng.choice(len(KINDS), p=_KIND_SHARES, size=len(order))
    return Transfers(who[order], when[order], nth[order], kind)


def _years(window: Window) -> list[tuple[int, int]]:
    """First and last day of each calendar year, as far as it lies in the window."""
    first = month_start(*window.months[0])
    years = sorted({year for year, _ in window.months})
    ends = [min(month_start(year + 1, 1) - 1, window.as_of) for year in years]
    return [(max(month_start(year, 1), first), end) for year, end in zip(years, ends, strict=True)]


def _times(
    rng: np.random.Generator, chunk: Chunk, first: int, share: float, *, this_year: bool
) -> Ints:
    """How often each account is transferred in a (part of a) year."""
    profiles = chunk.profiles
    drawn = rng.random(len(chunk))
    times = sum((drawn < at_least * share).astype(np.int64) for at_least in AT_LEAST_A_YEAR)
    named = np.array([name is not None for name in chunk.owners.name.tolist()])
    may = named & (profiles.use_class == RES) & (profiles.status == ACTIVE)
    may &= profiles.open_day < first - _SETTLED_DAYS
    fixed = profiles.handed_on if this_year else np.zeros_like(profiles.handed_on)
    return np.where(profiles.handed_on != UNSET, fixed, np.where(may, times, 0))


def former_owners(rng: np.random.Generator, transfers: Transfers) -> Owners:
    """Who left, one for each transfer."""
    kind = np.where(transfers.kind == _DEVELOPER, COMPANY, PERSON)
    return draw_former_owners(rng, kind)


def successors(transfers: Transfers, former: Ints, numbers: Numbers) -> Ints:
    """The customer who came with each transfer: who leaves with the next one, or today's."""
    following = np.append(former[1:], former[:1])
    return np.where(transfers.is_last, numbers.cust_id[transfers.account], following)


def transfer_columns(
    rng: np.random.Generator,
    chunk: Chunk,
    transfers: Transfers,
    parties: tuple[Ints, Ints],
    numbers: Numbers,
    first_id: int,
) -> Columns:
    """`parties`: the customers who left and who came."""
    n = len(transfers)
    reasons = coded(RETURNED_FOR, rng.choice(len(RETURNED_FOR), p=_REASON_SHARES, size=n))
    reasons[rng.random(n) >= _RETURNED_SHARE] = None
    return {
        "transfer_id": first_id + np.arange(n),
        "acct_no": numbers.acct_no[transfers.account],
        "from_cust": parties[0],
        "to_cust": parties[1],
        "kind": coded(KINDS, transfers.kind),
        "done_on": transfers.day,
        "benefit_seq": np.where(transfers.of_year <= BENEFITS_A_YEAR, transfers.of_year, 0),
        "value": dial_m3(chunk, transfers.account, transfers.day),
        "returned_for": reasons,
    }
