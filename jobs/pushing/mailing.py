"""Notices as text: for customer-service messages, and kept in Redis for a citizen's next message.

Enters: notices of the ledger. Leaves: entries in Redis that `bot.turn` tells. The ledger is the
truth of them: when Redis has lost its memory, they are kept there again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import structlog

from backends.ports import ClaimedNotice, Ledger, Mailbox, Notice
from bot.wording.render import TemplateBroken

log = structlog.get_logger()
DAYS = ("due_date", "on", "until", "answer_by", "promised_on")
MOMENTS = ("starts_at", "ends_at", "paid_at")
AMOUNTS = ("amount", "owed_total", "volume_m3")
KEPT_AT_ONCE = 500
# A template or a value is wrong: nobody can say it, today or tomorrow.
UNSAYABLE = (TemplateBroken, ValueError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Mailing:
    """`say` renders the template notice/<kind>."""

    ledger: Ledger
    mailbox: Mailbox
    say: Callable[[str, Mapping[str, Any]], str]

    def text(self, notice: Notice, view: Mapping[str, Any]) -> str:
        """`view` is typed. One of UNSAYABLE when it cannot be said."""
        return self.say(f"notice/{notice.kind}", view)

    def keep(self, claimed: ClaimedNotice, view: Mapping[str, Any]) -> bool:
        """Ahead of the reply to the next message. As `Mailbox.keep`, and as `text`."""
        text = self.text(claimed.notice, view)
        return self.mailbox.keep(claimed.notice.openid, claimed.notice_id, text)

    def refill(self) -> int:
        """After Redis has lost its memory: what was kept there is kept again."""
        if not self.mailbox.is_new():
            return 0
        after_id, count = 0, 0
        while kept := self.ledger.kept(after_id=after_id, limit=KEPT_AT_ONCE):
            for one in kept:
                if not self._keep_again(one):
                    return count
            after_id, count = kept[-1].notice_id, count + len(kept)
        self.mailbox.refilled()
        return count

    def _keep_again(self, kept: ClaimedNotice) -> bool:
        """What nobody can say must not hold up what comes after it."""
        try:
            return self.keep(kept, typed(kept.notice.view))
        except UNSAYABLE as error:
            log.error("push_unsayable", kind=kept.notice.kind, error=type(error).__name__)
            return True


def typed(view: Mapping[str, Any]) -> dict[str, Any]:
    """JSON's texts as the values that templates print: days, moments, amounts."""
    return {name: _typed(name, value) for name, value in view.items()}


def _typed(name: str, value: Any) -> Any:
    if name in DAYS:
        return date.fromisoformat(value) if value else ""
    if name in MOMENTS:
        return datetime.fromisoformat(value) if value else ""
    return Decimal(value) if name in AMOUNTS else value
