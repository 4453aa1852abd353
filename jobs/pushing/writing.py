"""From claimed notices to letters: what still concerns its citizen, with its card.

Enters: a batch of the ledger. Leaves: letters, and the settlements of what is not to go out now.
Everything is looked up once for the whole batch.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from backends.errors import BackendUnavailable
from backends.ports import (
    Bill,
    Channel,
    ClaimedNotice,
    DueLists,
    Ledger,
    NoticeState,
    Settlement,
    Standing,
)
from bot.wording.cards import Card
from jobs.pushing.mailing import UNSAYABLE, typed
from jobs.pushing.posting import Letter, unsayable
from jobs.pushing.rules import (
    PushRules,
    Situation,
    Skip,
    Tell,
    Wait,
    asked_about,
    judged,
    midnight,
    reminded_of,
)
from jobs.pushing.sending import Told, not_sent

log = structlog.get_logger()
WITH_CARDS = (Channel.TEMPLATE, Channel.SUBSCRIPTION)


@dataclass(frozen=True, slots=True)
class Writing:
    """`cards`: the card of a kind, filled in; None for a kind that has none. `being_paid`: of these
    bills those that are."""

    ledger: Ledger
    due: DueLists
    being_paid: Callable[[Sequence[str]], Collection[str]]
    cards: Callable[[str, Mapping[str, Any]], Card | None]
    rules: PushRules

    def write(
        self, claimed: Sequence[ClaimedNotice], now: datetime
    ) -> tuple[list[Letter], list[Told]]:
        standing = self.ledger.standing(claimed, pushed_since=midnight(now))
        being_paid = self.being_paid(reminded_of(claimed))
        owed = self._owed(claimed)
        situation = Situation(now, standing, owed, self.rules.hours, being_paid)
        letters, told = list[Letter](), list[Told]()
        for one in claimed:
            match judged(one, situation):
                case Skip(reason):
                    skipped = Settlement(one.notice_id, NoticeState.SKIPPED, one.channel, reason)
                    told.append(Told(one, skipped))
                case Wait(reason, until):
                    told.append(not_sent(one, reason, until))
                case Tell(view):
                    try:
                        letters.append(self._letter(one, typed(view), standing))
                    except UNSAYABLE as error:
                        told.append(Told(one, unsayable(one, error)))
        return letters, told

    def _owed(self, claimed: Sequence[ClaimedNotice]) -> Mapping[str, Sequence[Bill]] | None:
        """By account. None when CSMS does not answer."""
        owed: dict[str, list[Bill]] = {}
        if not (acct_nos := asked_about(claimed)):
            return owed
        try:
            for bill in self.due.still_owed(acct_nos):
                owed.setdefault(bill.acct_no, []).append(bill)
        except BackendUnavailable as error:
            log.warning("pushes_without_csms", why=str(error))
            return None
        return owed

    def _letter(
        self, claimed: ClaimedNotice, view: Mapping[str, Any], standing: Standing
    ) -> Letter:
        card = self._card(claimed, view)
        if card is None:
            return Letter(claimed, view)
        template_id = self.rules.templates.get(card.name, "")
        subscription_id = self.rules.subscriptions.get(card.name, "")
        if not standing.acceptances.get((claimed.notice.openid, subscription_id)):
            subscription_id = ""
        if claimed.channel is not Channel.TEMPLATE:
            template_id = ""
        return Letter(claimed, view, card, template_id, subscription_id)

    def _card(self, claimed: ClaimedNotice, view: Mapping[str, Any]) -> Card | None:
        """One that cannot be filled in goes out as a text."""
        if claimed.channel not in WITH_CARDS:
            return None
        kind = claimed.notice.kind
        try:
            return self.cards(kind, view)
        except UNSAYABLE as error:
            log.error("push_card_unusable", kind=kind, error=type(error).__name__)
            return None
