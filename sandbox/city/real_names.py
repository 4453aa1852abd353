"""Real names 实名: who was verified as the holder of an account, today and before."""

import numpy as np

from sandbox.city.days import NO_DAY, Ints, where_known
from sandbox.city.draw import Chunk
from sandbox.city.numbers import Numbers
from sandbox.city.profiles import CLAIMED, DISPUTED, NOBODY, UNSET, VERIFIED
from sandbox.city.sink import Columns, coded
from sandbox.city.transfers import Transfers

STATES = ("current", "history", "pending")
CURRENT, HISTORY, PENDING = range(3)
WAYS = ("counter", "wechat", "website")
_WAY_SHARES = (0.5, 0.3, 0.2)
_SHARES = (0.27, 0.70, 0.01, 0.02)
_LONGEST_DAYS = 2_500


def draw_standing(rng: np.random.Generator, chunk: Chunk, transfers: Transfers) -> Ints:
    """How each account stands. Nobody without a name on file can have proven it; whoever came by a
    transfer has."""
    profiles, owners = chunk.profiles, chunk.owners
    standing = rng.choice(4, p=_SHARES, size=len(chunk)).astype(np.int64)
    standing = np.where(profiles.real_name != UNSET, profiles.real_name, standing)
    standing[transfers.account] = VERIFIED
    nameless = np.array([name is None for name in owners.name.tolist()])
    return np.where(nameless, NOBODY, standing)


def claimants(standing: Ints) -> Ints:
    """The accounts whose current holder somebody else disputes."""
    return np.flatnonzero(standing == DISPUTED)


def real_name_columns(
    rng: np.random.Generator,
    chunk: Chunk,
    standing: Ints,
    transfers: Transfers,
    parties: tuple[Ints, Ints],
    numbers: Numbers,
) -> tuple[int, Columns]:
    """How many, and all but their ids. `parties`: who left with each transfer, and who claims each
    disputed account."""
    current = np.flatnonzero((standing == VERIFIED) | (standing == DISPUTED))
    claimed, disputed = np.flatnonzero(standing == CLAIMED), claimants(standing)
    account = np.concatenate((current, transfers.account, claimed, disputed))
    sizes = (len(current), len(transfers), len(claimed) + len(disputed))
    state = np.repeat((CURRENT, HISTORY, PENDING), sizes)
    before = _days_before(rng, chunk, transfers)
    ended = np.full(len(account), NO_DAY)
    ended[state == HISTORY] = transfers.day
    day = np.full(len(account), NO_DAY)
    day[state == HISTORY] = before
    day[state == CURRENT] = _current_days(rng, chunk, transfers)[current]
    who = (numbers.cust_id[current], parties[0], numbers.cust_id[claimed], parties[1])
    by = coded(WAYS, rng.choice(len(WAYS), p=_WAY_SHARES, size=len(account)))
    return len(account), {
        "acct_no": numbers.acct_no[account],
        "cust_id": np.concatenate(who),
        "state": coded(STATES, state),
        "verified_by": where_known(state != PENDING, by),
        "verified_on": day,
        "ended_on": ended,
    }


def _current_days(rng: np.random.Generator, chunk: Chunk, transfers: Transfers) -> Ints:
    """Since when each account's holder of today is verified: its last transfer, if it had one."""
    days = chunk.plan.window.as_of - rng.integers(0, _LONGEST_DAYS, len(chunk))
    days = np.maximum(days, chunk.profiles.open_day)
    last = transfers.is_last
    days[transfers.account[last]] = transfers.day[last]
    return days


def _days_before(rng: np.random.Generator, chunk: Chunk, transfers: Transfers) -> Ints:
    """Since when those who left were verified: the transfer before, if there was one."""
    long_ago = transfers.day - rng.integers(200, _LONGEST_DAYS, len(transfers))
    long_ago = np.maximum(long_ago, chunk.profiles.open_day[transfers.account])
    return np.where(transfers.is_first, long_ago, np.roll(transfers.day, 1))
