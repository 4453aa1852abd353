"""Notices that waited for a citizen's next message: which of them still concern the citizen.

Enters: what Redis kept, how the ledger and the citizen stand. Leaves: what is told or dropped.
"""

from collections.abc import Sequence
from datetime import datetime

from backends.ports import Effect, NoticesTold, Records
from bot.concern import pointless
from bot.memory import Claimed


def sorted_out(openid: str, claim: Claimed, records: Records, now: datetime) -> NoticesTold:
    """What the ledger has given up, or knows no more, is dropped. What it has as told is told: the
    turn that was to do it may have died."""
    kept = [number for number, _ in claim.notices]
    known = records.notices(openid, kept)
    bound = {(openid, link.acct_no) for link in records.bindings(openid)}
    choices = {(openid, topic): wanted for topic, wanted in records.topics(openid).items()}
    told = tuple(
        number
        for number in kept
        if number in known and not pointless(known[number], bound, choices, now)
    )
    return NoticesTold(openid, told, now, tuple(one for one in kept if one not in told))


def texts(claim: Claimed, effects: Sequence[Effect]) -> list[str]:
    """Of those that are told."""
    told = {
        number
        for effect in effects
        if isinstance(effect, NoticesTold)
        for number in effect.notice_ids
    }
    return [text for number, text in claim.notices if number in told]
