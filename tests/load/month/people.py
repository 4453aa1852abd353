"""The citizens of the month: who they are, and what they have bound."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    CitizenFollowed,
    Effect,
    ProofFactor,
    Records,
    Role,
)
from sandbox.citizens import Right
from sandbox.custom_windows import open_window
from tests.load.month.world import Month

SEVERAL, TALKS = 0.2, 0.06
MOST_ACCOUNTS = 3
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Payer:
    """`talks`: places orders in the chat, the others as the chat would have placed them."""

    openid: str
    acct_nos: tuple[str, ...]
    talks: bool


def gather(month: Month, records: Records, rng: Random) -> list[Payer]:
    """Whoever owns an account, most of them one."""
    payers = []
    for acct_nos in _households(month.accounts, rng):
        openid = month.wechat.add_citizen("").openid
        payers.append(Payer(openid, acct_nos, rng.random() < TALKS))
    for start in range(0, len(payers), AT_ONCE):
        some = payers[start : start + AT_ONCE]
        records.commit([effect for one in some for effect in _met(month, one)])
    return payers


def _households(accounts: list[str], rng: Random) -> Iterator[tuple[str, ...]]:
    left = iter(accounts)
    for first in left:
        more = rng.randint(1, MOST_ACCOUNTS - 1) if rng.random() < SEVERAL else 0
        others = [other for _ in range(more) if (other := next(left, None)) is not None]
        yield (first, *others)


def _met(month: Month, payer: Payer) -> Iterator[Effect]:
    citizen = month.wechat.citizen(payer.openid)
    citizen.following = True
    open_window(citizen, Right.MESSAGE, month.wechat.clock.now())
    now = month.now()
    yield CitizenFollowed(payer.openid, now)
    yield AccountsBound(
        tuple(
            Binding(
                payer.openid,
                acct_no,
                Role.OWNER,
                BillType.WECHAT_ONLY,
                ProofFactor.OWNER_NAME,
                now,
                is_default=number == 0,
            )
            for number, acct_no in enumerate(payer.acct_nos)
        )
    )
