"""What WeChat's errors ask for when a notice could not be sent: one table, and what it means.

Pure. Enters: error, notice, channel. Leaves: a settlement, or None for the next channel.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from backends.errors import BackendUnavailable, Reaction, WechatRejected
from backends.ports import Channel, ClaimedNotice, Lane, NoticeState, Settlement

MOST_ATTEMPTS = 8
# WeChat knows a repetition for ten minutes.
REPETITION_KNOWN = timedelta(minutes=9)
UNSURE_AGAIN = timedelta(seconds=20)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=20), timedelta(minutes=10)
UNWELL_FOR = timedelta(seconds=10)
BARRED_FOR = timedelta(minutes=10)

TAKEN, DAY_OVER, TOO_FAST = 45065, 45009, 45011
ONE_TEMPLATE = frozenset({40037, 40249, 43116})


class Course(Enum):
    """What is done about it. OUR_BUG: the message is wrong, and will be tomorrow."""

    ACCEPTED = auto()  # it was sent before: WeChat knows its id
    OTHER_CHANNEL = auto()  # this citizen cannot be reached so
    AGAIN = auto()  # after a pause that doubles
    NEXT_MINUTE = auto()
    UNREACHED = auto()  # WeChat never got it
    UNSURE = auto()  # it may have been carried out
    DAY_OVER = auto()  # the day's quota is used up
    TEMPLATE_BARRED = auto()  # until somebody mends the template
    ACCOUNT_BARRED = auto()  # until somebody mends the account
    OUR_BUG = auto()


COURSES = {
    Reaction.REFRESH_TOKEN: Course.AGAIN,  # refreshed once already
    Reaction.BACK_OFF: Course.AGAIN,
    Reaction.CITIZEN_UNREACHABLE: Course.OTHER_CHANNEL,
    Reaction.CONFIGURATION: Course.ACCOUNT_BARRED,
    Reaction.OUR_BUG: Course.OUR_BUG,
    Reaction.MEDIA: Course.OUR_BUG,  # no push carries any
}
BY_CODE = {
    TAKEN: Course.ACCEPTED,
    DAY_OVER: Course.DAY_OVER,
    TOO_FAST: Course.NEXT_MINUTE,
    **dict.fromkeys(ONE_TEMPLATE, Course.TEMPLATE_BARRED),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """`reason`: a word that operators count by. `why`: in WeChat's words, with the remedy; `field`:
    the template's key that they name."""

    course: Course
    reason: str
    why: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Try:
    """`repeatable`: WeChat knows a repetition of it. `at`: when it was sent."""

    claimed: ClaimedNotice
    channel: Channel
    repeatable: bool
    at: datetime


def trouble(error: WechatRejected | BackendUnavailable) -> Trouble:
    if isinstance(error, BackendUnavailable):
        if error.sent:
            return Trouble(Course.UNSURE, "no_answer")
        return Trouble(Course.UNREACHED, "wechat_unreached")
    course, why = BY_CODE.get(error.errcode, COURSES[error.reaction]), str(error)
    named = re.search(r"data\.(\w{1,32})", why)
    reason = f"wechat_{error.errcode}".replace("-", "_")
    return Trouble(course, reason, why, named[1] if named else "")


def after(
    found: Trouble, tried: Try, now: datetime, next_morning: Callable[[], datetime]
) -> Settlement | None:
    """What becomes of the notice. None: the next channel is tried."""
    match found.course:
        case Course.ACCEPTED:
            return Settlement(tried.claimed.notice_id, NoticeState.ACCEPTED, tried.channel)
        case Course.OTHER_CHANNEL | Course.OUR_BUG:
            return None
        case Course.UNSURE:
            return _unsure(tried, found.reason, now)
        case Course.DAY_OVER:
            return _day_over(tried, found.reason, next_morning)
        case Course.AGAIN | Course.TEMPLATE_BARRED:
            return _again(tried, found, now)
    return put_back(tried.claimed, tried.channel, found.reason, opens_again(found.course, now))


def opens_again(course: Course, now: datetime) -> datetime:
    """When WeChat may be asked again at all, should it answer so several times in a row."""
    match course:
        case Course.ACCOUNT_BARRED:
            return now + BARRED_FOR
        case Course.NEXT_MINUTE:
            return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return now + UNWELL_FOR


def put_back(
    claimed: ClaimedNotice, channel: Channel, reason: str, until: datetime | None = None
) -> Settlement:
    """Whether WeChat may have it is as unsure as before. `until` None: it is due at once."""
    return Settlement(
        claimed.notice_id,
        NoticeState.PLANNED,
        channel,
        reason,
        not_before=until,
        unsure_since=claimed.unsure_since,
    )


def may_repeat(claimed: ClaimedNotice, now: datetime) -> bool:
    """Whether WeChat would still take a repetition for one; nothing was sent otherwise."""
    return claimed.unsure_since is None or now - claimed.unsure_since <= REPETITION_KNOWN


def _unsure(tried: Try, reason: str, now: datetime) -> Settlement | None:
    """What cannot be repeated waits for the next message, where reading it twice does no harm."""
    if not tried.repeatable:
        return None
    return Settlement(
        tried.claimed.notice_id,
        NoticeState.PLANNED,
        tried.channel,
        reason,
        not_before=now + UNSURE_AGAIN,
        unsure_since=tried.claimed.unsure_since or tried.at,
    )


def _day_over(tried: Try, reason: str, next_morning: Callable[[], datetime]) -> Settlement | None:
    """Only template messages are worth a night: a window for other messages will have closed."""
    if tried.channel is not Channel.TEMPLATE or tried.claimed.notice.lane is Lane.URGENT:
        return None
    return put_back(tried.claimed, tried.channel, reason, next_morning())


def _again(tried: Try, found: Trouble, now: datetime) -> Settlement | None:
    """A template is not mended within minutes: what is urgent does not wait for it."""
    barred = found.course is Course.TEMPLATE_BARRED
    attempts, urgent = tried.claimed.attempts, tried.claimed.notice.lane is Lane.URGENT
    if attempts >= MOST_ATTEMPTS or (barred and urgent):
        return None
    pause = BARRED_FOR if barred else min(FIRST_PAUSE * 2**attempts, LONGEST_PAUSE)
    return put_back(tried.claimed, tried.channel, found.reason, now + pause)
