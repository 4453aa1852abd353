"""Results to citizens: as a customer-service message while their window is open, otherwise ahead
of the reply to their next message. Each once.

Enters: planned notices of our own database. Leaves: messages at WeChat, or entries in Redis that
`bot.turn` tells. A worker that died in the middle of sending leaves it open whether the citizen has
read it: then it waits for the next message, where reading it again does no harm.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

import structlog

from backends.errors import BackendUnavailable, Reaction, WechatRejected
from backends.ports import CustomerMessages, NoticeState, Outbox, StoredNotice
from bot.wording.render import TemplateBroken
from jobs.deliveries import DeskDown

log = structlog.get_logger()
LEASE_S = 60.0
AT_ONCE = 20
DAYS = ("due_date", "on", "answer_by", "promised_on")
AMOUNTS = ("amount", "volume_m3")


class Mailbox(Protocol):
    """What Redis keeps for a citizen's next message."""

    def keep(self, openid: str, notice_id: int, text: str) -> bool:
        """False when Redis is gone: it is offered again later."""
        ...

    def is_new(self) -> bool:
        """Whether Redis has lost what it kept. Asked once it has been refilled, it says no."""
        ...

    def refilled(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Notices:
    """`say` renders the template notice/<kind>."""

    outbox: Outbox
    messages: CustomerMessages
    mailbox: Mailbox
    say: Callable[[str, Mapping[str, Any]], str]
    worker: str
    clock: Callable[[], datetime]

    def step(self) -> int:
        """How many were settled. DeskDown when WeChat does not answer."""
        claimed = self.outbox.claim_notices(
            worker=self.worker, now=self.clock(), lease_s=LEASE_S, limit=AT_ONCE
        )
        for done, stored in enumerate(claimed):
            try:
                self._tell(stored)
            except BackendUnavailable as error:
                for other in claimed[done:]:
                    self._settle(other, other.state)
                raise DeskDown from error
        return len(claimed)

    def refill(self) -> int:
        """After Redis has lost its memory: what was kept there is kept again."""
        if not self.mailbox.is_new():
            return 0
        after_id, count = 0, 0
        while kept := self.outbox.kept_notices(after_id=after_id, limit=500):
            for stored in kept:
                self.mailbox.keep(stored.notice.openid, stored.notice_id, self._text(stored))
            after_id, count = kept[-1].notice_id, count + len(kept)
        self.mailbox.refilled()
        return count

    def _tell(self, stored: StoredNotice) -> None:
        if not self.outbox.is_following(stored.notice.openid):
            self._settle(stored, NoticeState.SKIPPED)
            return
        try:
            text = self._text(stored)
        except (TemplateBroken, ValueError, ArithmeticError) as error:
            # Nobody can say it, today or tomorrow: it must not hold up what comes after it.
            log.error("notice_unsayable", notice=stored.notice_id, error=type(error).__name__)
            self._settle(stored, NoticeState.SKIPPED)
            return
        if stored.state is NoticeState.SENDING:
            self._keep(stored, text)
        else:
            self._send(stored, text)

    def _send(self, stored: StoredNotice, text: str) -> None:
        try:
            self.messages.send_text(stored.notice.openid, text)
        except BackendUnavailable as error:
            if not error.sent:
                raise
            log.warning("notice_unsure", notice=stored.notice_id, why=str(error))
        except WechatRejected as error:
            if error.reaction is Reaction.BACK_OFF:
                raise BackendUnavailable("wechat", 0.0, str(error)) from error
            if error.reaction is not Reaction.CITIZEN_UNREACHABLE:
                log.error("notice_refused", notice=stored.notice_id, why=str(error))
            self._keep(stored, text)
            return
        self._settle(stored, NoticeState.SENT)

    def _keep(self, stored: StoredNotice, text: str) -> None:
        self.mailbox.keep(stored.notice.openid, stored.notice_id, text)
        self._settle(stored, NoticeState.KEPT)

    def _settle(self, stored: StoredNotice, state: NoticeState) -> None:
        self.outbox.settle_notice(stored.notice_id, state, worker=self.worker, now=self.clock())
        if state is not NoticeState.PLANNED:
            log.info("notice", kind=stored.notice.kind, fate=state.value)

    def _text(self, stored: StoredNotice) -> str:
        return self.say(f"notice/{stored.notice.kind}", typed(stored.notice.view))


def typed(view: Mapping[str, Any]) -> dict[str, Any]:
    """JSON's texts as the values that templates print: days, and amounts of money and water."""
    return {name: _typed(name, value) for name, value in view.items()}


def _typed(name: str, value: Any) -> Any:
    if name in DAYS:
        return date.fromisoformat(value) if value else ""
    return Decimal(value) if name in AMOUNTS else value
