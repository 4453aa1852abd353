"""One message by one channel.

Enters: a letter. Leaves: what WeChat took, as a settlement, or the trouble with it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from backends.errors import BackendUnavailable, WechatRejected
from backends.ports import (
    Channel,
    ClaimedNotice,
    CustomerMessages,
    NoticeState,
    Push,
    PushMessages,
    Settlement,
)
from bot.wording.cards import Card
from jobs.pushing.channels import Course, Trouble, trouble
from jobs.pushing.mailing import UNSAYABLE, Mailing
from jobs.pushing.rules import PushRules

log = structlog.get_logger()
LONGEST_ID = 32
BROKEN = Trouble(Course.UNSURE, "broken")


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice that may go out now. `view` is typed. `template_id`: '' when its card has none.
    `subscription_id`: '' too when the citizen has accepted none. `granted`: whether the day's quota
    has room for it as a template message."""

    claimed: ClaimedNotice
    view: Mapping[str, Any]
    card: Card | None = None
    template_id: str = ""
    subscription_id: str = ""
    granted: bool = False

    def template_on(self, channel: Channel) -> str:
        """'' where nothing stands on the account for it."""
        if channel is Channel.TEMPLATE:
            return self.template_id
        return self.subscription_id if channel is Channel.SUBSCRIPTION else ""


@dataclass(frozen=True, slots=True)
class Posting:
    push: PushMessages
    messages: CustomerMessages
    mailing: Mailing
    rules: PushRules

    def send(self, letter: Letter, channel: Channel) -> Settlement | Trouble:
        try:
            match channel:
                case Channel.TEMPLATE:
                    return self._template(letter)
                case Channel.SUBSCRIPTION:
                    return self._subscription(letter)
            return self._chat(letter)
        except (WechatRejected, BackendUnavailable) as error:
            return trouble(error)
        except UNSAYABLE as error:
            return unsayable(letter.claimed, error)
        except Exception:  # whether it was sent nobody knows, and the others' must be settled
            log.exception("push_broken", kind=letter.claimed.notice.kind)
            return BROKEN

    def keep(self, letter: Letter, why: str) -> Settlement:
        """For the citizen's next message."""
        try:
            self.mailing.keep(letter.claimed, letter.view)
        except UNSAYABLE as error:
            return unsayable(letter.claimed, error)
        notice_id = letter.claimed.notice_id
        return Settlement(notice_id, NoticeState.KEPT, Channel.NEXT_MESSAGE, why)

    def _template(self, letter: Letter) -> Settlement:
        claimed_id = client_msg_id(letter.claimed) if self.rules.client_msg_id else ""
        msg_id = self.push.send_template(self._push(letter, letter.template_id, claimed_id))
        notice_id = letter.claimed.notice_id
        return Settlement(notice_id, NoticeState.ACCEPTED, Channel.TEMPLATE, msg_id=msg_id)

    def _subscription(self, letter: Letter) -> Settlement:
        template_id = letter.subscription_id
        return Settlement(
            letter.claimed.notice_id,
            NoticeState.ACCEPTED,
            Channel.SUBSCRIPTION,
            msg_id=self.push.send_subscription(self._push(letter, template_id)),
            template_id=template_id,
        )

    def _chat(self, letter: Letter) -> Settlement:
        notice = letter.claimed.notice
        self.messages.send_text(notice.openid, self.mailing.text(notice, letter.view))
        return Settlement(letter.claimed.notice_id, NoticeState.DELIVERED, Channel.CHAT)

    def _push(self, letter: Letter, template_id: str, claimed_id: str = "") -> Push:
        if letter.card is None:
            raise ValueError("there is no card for it")
        url = self.rules.url(letter.card)
        return Push(letter.claimed.notice.openid, template_id, letter.card.data, url, claimed_id)


def client_msg_id(claimed: ClaimedNotice) -> str:
    """The same for each try, until WeChat says that what it had accepted has failed."""
    notice = claimed.notice
    told = f"{notice.kind}|{notice.key}|{notice.openid}|{claimed.failures}"
    return hashlib.sha256(told.encode()).hexdigest()[:LONGEST_ID]


def unsayable(claimed: ClaimedNotice, error: Exception) -> Settlement:
    """Its template or its view is wrong, today and tomorrow."""
    log.error("push_unsayable", kind=claimed.notice.kind, error=type(error).__name__)
    return Settlement(claimed.notice_id, NoticeState.FAILED, claimed.channel, "unsayable")
