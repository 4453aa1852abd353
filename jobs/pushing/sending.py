"""One citizen's notices, each by the first channel that takes it.

Enters: letters. Leaves: settlements, and what WeChat refused on the way. Runs in many threads;
nothing here waits but for WeChat.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from backends.ports import Channel, ClaimedNotice, NoticeState, Settlement
from jobs.pushing import channels
from jobs.pushing.breaker import EVERYTHING, TEMPLATES, Breaker
from jobs.pushing.channels import BARRED_FOR, Course, Trouble, Try
from jobs.pushing.posting import Letter, Posting
from jobs.pushing.rules import PushRules, midnight

log = structlog.get_logger()
CHANNELS = tuple(Channel)
NO_QUOTA_LEFT = Trouble(Course.DAY_OVER, "day_quota")
BARRED = Trouble(Course.TEMPLATE_BARRED, "template_barred")
CLOSES_EVERYTHING = (
    Course.AGAIN,
    Course.NEXT_MINUTE,
    Course.UNREACHED,
    Course.UNSURE,
    Course.ACCOUNT_BARRED,
)


@dataclass(frozen=True, slots=True)
class Told:
    """`refused`: what stood in the way."""

    claimed: ClaimedNotice
    settlement: Settlement
    refused: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Sending:
    posting: Posting
    rules: PushRules
    breaker: Breaker
    clock: Callable[[], datetime]

    def tell(self, letters: Sequence[Letter], deadline: datetime) -> list[Told]:
        """One citizen's, in their order: behind one that has to wait the others wait as well.
        Nothing is begun after `deadline`: another worker may take the notices over then."""
        told: list[Told] = []
        for letter in letters:
            before = told[-1].settlement if told else None
            if before and before.state is NoticeState.PLANNED:
                told.append(not_sent(letter.claimed, "behind", before.not_before))
            else:
                told.append(self._tell(letter, deadline))
        return told

    def _tell(self, letter: Letter, deadline: datetime) -> Told:
        claimed, refused = letter.claimed, tuple[Trouble, ...]()
        unsure = claimed.unsure_since is not None
        for channel in ways(letter):
            tried = Try(claimed, channel, self._is_repeatable(channel), self.clock())
            if unsure and not (tried.repeatable and channels.may_repeat(claimed, tried.at)):
                continue
            if tried.at >= deadline or self.breaker.is_closed(EVERYTHING, tried.at):
                back = channels.put_back(claimed, channel, "not_tried")
                return Told(claimed, back, refused)
            outcome = self._try(letter, tried)
            if isinstance(outcome, Settlement):
                return Told(claimed, outcome, refused)
            refused = (*refused, outcome)
            unsure = unsure or outcome.course is Course.UNSURE
            if settlement := self._after(outcome, tried):
                return Told(claimed, settlement, refused)
        # For that a channel was left out which might have taken it.
        was_unsure = claimed.unsure_since is not None
        why = "unsure" if was_unsure else refused[-1].reason if refused else ""
        return Told(claimed, self.posting.keep(letter, why), refused)

    def _try(self, letter: Letter, tried: Try) -> Settlement | Trouble:
        template_id = letter.template_on(tried.channel)
        if tried.channel is Channel.TEMPLATE and not self._has_quota(letter, tried.at):
            return NO_QUOTA_LEFT
        if self.breaker.is_closed(template_id, tried.at):
            return BARRED
        outcome = self.posting.send(letter, tried.channel)
        if isinstance(outcome, Settlement):
            self.breaker.worked(EVERYTHING, template_id)
        else:
            self._heed(outcome, template_id, tried)
        return outcome

    def _has_quota(self, letter: Letter, now: datetime) -> bool:
        return letter.granted and not self.breaker.is_closed(TEMPLATES, now)

    def _heed(self, found: Trouble, template_id: str, tried: Try) -> None:
        """What concerns more than this notice."""
        now = self.clock()
        if found.course in CLOSES_EVERYTHING:
            until = channels.opens_again(found.course, now)
            if self.breaker.refused(EVERYTHING, until):
                log.warning("pushes_paused", reason=found.reason, until=until.isoformat())
        elif found.course is Course.TEMPLATE_BARRED:
            self.breaker.refused(template_id, now + BARRED_FOR)
        elif found.course is Course.DAY_OVER and tried.channel is Channel.TEMPLATE:
            self.breaker.refused(TEMPLATES, midnight(now) + timedelta(days=1), times=1)

    def _after(self, found: Trouble, tried: Try) -> Settlement | None:
        now, openid = self.clock(), tried.claimed.notice.openid
        return channels.after(found, tried, now, lambda: self.rules.hours.next_morning(now, openid))

    def _is_repeatable(self, channel: Channel) -> bool:
        return channel is Channel.TEMPLATE and self.rules.client_msg_id


def ways(letter: Letter) -> Iterator[Channel]:
    """The channels that are open to it, in their order; what none takes waits for the next
    message."""
    is_open = {
        Channel.TEMPLATE: bool(letter.template_id),
        Channel.SUBSCRIPTION: bool(letter.subscription_id),
        Channel.CHAT: True,
    }
    for channel in CHANNELS[CHANNELS.index(letter.claimed.channel) :]:
        if is_open.get(channel):
            yield channel


def not_sent(claimed: ClaimedNotice, reason: str, until: datetime | None = None) -> Told:
    return Told(claimed, channels.put_back(claimed, claimed.channel, reason, until))
