"""Submissions 业务申请 as dialogs make them: one number format, the same for a replayed message.

A number is W, the day (yymmdd), six digits and a check digit: W2611250481273.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from backends.errors import NumberTaken
from backends.ports import Submission, SubmissionKind, SubmissionMade, SubmissionState
from dialogs.engine.definition import Bad, Ok, Turn
from dialogs.parsers import luhn

NUMBER = re.compile(r"^W\d{13}$")
MOST_TRIES = 50
# Not answered yet by who is to carry it out.
ON_ITS_WAY = (SubmissionState.QUEUED, SubmissionState.DELIVERED, SubmissionState.IN_PROGRESS)
ANSWERED_WITHIN = timedelta(days=60)


def submit(
    turn: Turn,
    kind: SubmissionKind,
    payload: Mapping[str, Any],
    *,
    acct_no: str = "",
    photo_ids: tuple[str, ...] = (),
    parent_no: str = "",
    state: SubmissionState = SubmissionState.QUEUED,
    sealed: str = "",
) -> SubmissionMade:
    """The effect that makes it. Its number stands in `.submission.number`. `sealed`: private
    values, a JSON object of texts. One that our own staff look at first begins IN_REVIEW."""
    key = f"{turn.key}:{kind}"
    return SubmissionMade(
        Submission(
            number=_free_number(turn, key),
            key=key,
            openid=turn.openid,
            acct_no=acct_no,
            kind=kind,
            payload=payload,
            # WeChat's clock may be ahead of ours: what is made in our future would not be due.
            created_at=min(turn.inbound.at, turn.now),
            photo_ids=photo_ids,
            parent_no=parent_no,
            state=state,
            sealed=sealed,
        )
    )


def on_its_way(turn: Turn, acct_no: str, kind: SubmissionKind) -> bool:
    """Whether the citizen has asked for such a thing, and it has not been answered yet."""
    since = turn.now - ANSWERED_WITHIN
    made = turn.ask.records.submissions_for(acct_no, kind, since)
    return any(one.openid == turn.openid and one.state in ON_ITS_WAY for one in made)


def number(text: str) -> Ok | Bad:
    """A submission's number in any spacing and case, with or without its W."""
    found = as_number(text)
    return Ok(found) if found else Bad("number")


def as_number(text: str) -> str:
    """The same; empty when it is none."""
    bare = re.sub(r"[\s\-_.·,，。:：#]+", "", text).upper()
    bare = bare if bare.startswith("W") else f"W{bare}"
    return bare if NUMBER.match(bare) and luhn(bare[1:]) else ""


def _free_number(turn: Turn, key: str) -> str:
    """Derived from the key and from the day the message was sent, so that a message that is
    replayed, even after midnight, gets the number it was told before."""
    for salt in range(MOST_TRIES):
        wanted = number_of(f"{turn.inbound.at:%y%m%d}", f"{key}:{salt}")
        taken = turn.ask.records.submission(wanted)
        if taken is None or taken.key == key:
            return wanted
    raise NumberTaken


def number_of(day: str, key: str) -> str:
    """The number that this key gets on this day (yymmdd), if nobody else has it."""
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    body = f"{day}{int.from_bytes(digest) % 10**6:06d}"
    check = next(digit for digit in "0123456789" if luhn(body + digit))
    return f"W{body}{check}"
