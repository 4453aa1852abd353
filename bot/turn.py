"""One turn, from a claimed message to a saved record and a reply ready to send.

Enters: the claim (lock, record, what is still owed). Leaves: the reply, saved under the message's
key. Runs in the request's thread, or in the pool when it asks a backend.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from backends.errors import BackendUnavailable
from backends.ports import (
    CitizenErased,
    CitizenFollowed,
    CitizenLeft,
    PushFinished,
    Records,
    SubscriptionsAnswered,
)
from bot import kept
from bot.memory import Claimed, Memory
from bot.metrics import Metrics
from bot.robot import ServiceRobot
from bot.wording.render import Renderer
from dialogs.engine import commands, conversation, record
from dialogs.engine.definition import Backends
from dialogs.engine.house import House, Moment
from dialogs.engine.inbound import Inbound
from dialogs.engine.reply import Manner, Outcome, Say

log = structlog.get_logger()
TOLD_BY_WECHAT = (CitizenFollowed, CitizenLeft, PushFinished, SubscriptionsAnswered)
NOTHING_TO_SAY = " "  # an empty stored reply would mean "none yet"
LAST_RESORT = "抱歉，系统出了点问题，请过几分钟再试。"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A reply: `xml` for the callback (empty: silence), `text` for a customer-service message,
    `pages` what did not fit (None: what was left before stays). `says_owed`: it begins with an
    answer that was still owed; `told`: how many kept notices it tells, or drops."""

    xml: str
    text: str = ""
    pages: tuple[str, ...] | None = None
    says_owed: bool = False
    told: int = 0


class LeaseLost(Exception):
    """The turn took longer than its lock: another delivery has run it, ours does not count."""


class TurnRunner:
    def __init__(
        self,
        house: House,
        memory: Memory,
        records: Records,
        renderer: Renderer,
        robot: ServiceRobot,
        metrics: Metrics,
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._house = house
        self._memory = memory
        self._records = records
        self._renderer = renderer
        self._robot = robot
        self._metrics = metrics
        self._clock = clock
        self._new_id = new_id

    def decide(self, inbound: Inbound, claim: Claimed, ask: Backends) -> Outcome:
        """Pure but for queries; may be called again for the same claim."""
        moment = Moment(inbound=inbound, now=self._clock(), ask=ask, new_id=self._new_id)
        outcome = conversation.take_turn(self._house, record.from_json(claim.body), moment)
        if not claim.notices or outcome.manner is not Manner.TEXT:
            return outcome
        told = kept.sorted_out(inbound.openid, claim, ask.records, moment.now)
        return replace(outcome, effects=(*outcome.effects, told))

    def speak(self, inbound: Inbound, claim: Claimed, outcome: Outcome) -> Spoken:
        """The words, before anything is committed: a template that fails must not follow a change
        that was made."""
        if outcome.manner is Manner.SILENCE:
            return Spoken("")
        if outcome.manner is Manner.TRANSFER:
            return Spoken(self._robot.transfer(inbound))
        if outcome.manner is Manner.NEXT_PAGE:
            return self._next_page(inbound)
        ahead = self._ahead(claim, outcome)
        first, *rest = self._renderer.message(outcome.parts, before=ahead)
        xml = ("" if ahead else self._card(inbound, outcome, first)) or self._robot.text(
            inbound, first
        )
        return Spoken(xml, first, tuple(rest) or None, bool(claim.late), len(claim.notices))

    def _card(self, inbound: Inbound, outcome: Outcome, text: str) -> str:
        """The question with its picture; nothing where the message has to say more than that."""
        picture = outcome.parts[-1].picture if len(outcome.parts) == 1 else ""
        if not picture:
            return ""
        return self._robot.card(inbound, text, picture, self._house.policy.public_url)

    def commit(self, outcome: Outcome) -> None:
        """What changes our own database, before the citizen is told that it has. What WeChat tells
        us of itself is worth recording, but not worth an apology: nobody has asked."""
        record.to_json(outcome.record)  # one that cannot be kept must not follow a change made
        try:
            self._records.commit(outcome.effects)
        except BackendUnavailable:
            if any(not isinstance(one, TOLD_BY_WECHAT) for one in outcome.effects):
                raise
            log.exception("event_not_recorded")

    def save(
        self, inbound: Inbound, claim: Claimed, outcome: Outcome, spoken: Spoken, *, detached: bool
    ) -> None:
        """LeaseLost when somebody else has taken the turn over."""
        body = "" if outcome.record.empty else record.to_json(outcome.record)
        self._keep(inbound, claim, spoken, body=body, detached=detached)
        if outcome.forget_citizen:
            self._memory.forget(inbound.openid)
        if any(isinstance(one, CitizenErased) for one in outcome.effects):
            self._memory.forget_notices(inbound.openid)
        for event in outcome.events:
            self._metrics.dialog(event.dialog, event.what)

    def save_apology(
        self, inbound: Inbound, claim: Claimed, spoken: Spoken, *, detached: bool
    ) -> None:
        """The dialog stays where it was; the message counts as answered."""
        self._keep(inbound, claim, spoken, body=claim.body, detached=detached)

    def apologise(self, inbound: Inbound, error: Exception) -> Spoken:
        """Something broke. The citizen is told, the log has the error under the id in the reply."""
        error_id = self._new_id()
        if isinstance(error, BackendUnavailable):
            template = "common/unavailable"
            log.warning("backend_unavailable", system=error.system, why=error.why, id=error_id)
        else:
            template = "common/internal_error"
            log.error("turn_failed", id=error_id, exc_info=error)
        self._metrics.failure(template)
        return self.say(inbound, template, error_id=error_id)

    def without_memory(self, inbound: Inbound) -> Spoken:
        """Redis is gone: no dialog can go on, but nobody is left without an answer."""
        return self.say(inbound, "common/memory_lost", menu=commands.menu_lines(self._house))

    def say(self, inbound: Inbound, template: str, **view: object) -> Spoken:
        """A text outside any dialog, to who awaits one. It must not fail: the last resort needs no
        template."""
        if not inbound.awaits_answer:
            return Spoken("")
        try:
            view = {"hotline": self._house.policy.hotline, **view}
            (text, *_) = self._renderer.message([Say(template, view)])
        except Exception:  # the outermost boundary: whatever is wrong, the citizen gets an answer
            log.exception("apology_failed", template=template)
            text = LAST_RESORT
        return Spoken(self._robot.text(inbound, text), text)

    def promise(self, inbound: Inbound, claim: Claimed) -> str:
        """What an acknowledged message is owed until its answer is there: that there is none."""
        nothing = self.say(inbound, "common/unavailable").text
        return "\n".join(said for said in (claim.late, nothing) if said)

    def _next_page(self, inbound: Inbound) -> Spoken:
        """Taken off the list only when the turn is saved: a retry must not skip a page."""
        if pages := self._memory.pages(inbound.openid):
            return Spoken(self._robot.text(inbound, pages[0]), pages[0], pages[1:])
        (text, *_) = self._renderer.message([Say("common/no_more")])
        return Spoken(self._robot.text(inbound, text), text)

    def _keep(
        self, inbound: Inbound, claim: Claimed, spoken: Spoken, *, body: str, detached: bool
    ) -> None:
        owed = "" if spoken.says_owed else "="
        if detached:  # in place of the promise
            owed = spoken.text or claim.late
        saved = self._memory.save(
            inbound.openid,
            inbound.key,
            claim,
            body="=" if body == claim.body else body,
            reply="" if detached else spoken.xml or NOTHING_TO_SAY,
            late=owed,
            pages=spoken.pages,
            told=spoken.told,
            release=not detached,
        )
        if not saved:
            raise LeaseLost

    def _ahead(self, claim: Claimed, outcome: Outcome) -> str:
        """An answer that came too late to be sent, and results that came while the citizen could
        not be written to, go ahead of this one."""
        said = []
        if claim.late:
            said += [f"{self._renderer.text(Say('common/late_answer'))}\n{claim.late}"]
        if told := kept.texts(claim, outcome.effects):
            said += [*told, self._renderer.text(Say("common/after_notices"))]
        return "\n\n".join(said)
