"""A turn under way: the record as it stands, what to say and do, and the moves between dialogs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from backends.ports import CitizenErased, Effect
from dialogs.engine import migrations, privacy, steps
from dialogs.engine.definition import Exit
from dialogs.engine.foreseen import foreseen
from dialogs.engine.house import House, Moment
from dialogs.engine.inbound import Inbound
from dialogs.engine.record import Frame, Record
from dialogs.engine.reply import FunnelEvent, Manner, Outcome, Say

MAX_CHAINED = 3


@dataclass(slots=True)
class Flow:
    house: House
    moment: Moment
    record: Record
    parts: list[Say] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    events: list[FunnelEvent] = field(default_factory=list)
    manner: Manner = Manner.TEXT

    @property
    def inbound(self) -> Inbound:
        return self.moment.inbound

    def say(self, template: str, **view: Any) -> None:
        self.parts.append(Say(template, view))

    def title(self, dialog: str) -> str:
        return self.house.wording.titles.get(dialog, dialog)

    def outcome(self) -> Outcome:
        """A message handed over to a person, or a page turned, leaves no room for other words."""
        return Outcome(
            record=self.record,
            parts=tuple(self.parts) if self.manner is Manner.TEXT else (),
            manner=self.manner,
            effects=tuple(self.effects),
            events=tuple(self.events),
        )

    def start(self, name: str, data: Mapping[str, Any] | None = None) -> None:
        """Begin a dialog; one under way is parked, or merely asked again if it is the same."""
        frame, parked = self.record.frame, self.record.parked
        if frame and frame.dialog == name and not self.house.dialogs[name].glance:
            self.ask_again(frame)
            return
        if not frame and parked and parked.dialog == name and self.resume():
            return
        if frame:
            self.park(frame)
        self._chain(name, data or {})

    def park(self, frame: Frame) -> None:
        if self.house.dialogs[frame.dialog].glance:
            self.drop(frame, Exit.INTERRUPTED)
            return
        if self.record.parked:
            self.events.append(steps.exit_event(self.record.parked, Exit.INTERRUPTED))
        self.record = replace(self.record, frame=None, parked=frame)

    def waiting(self) -> Frame | None:
        """The parked dialog, if it can go on."""
        parked = self.record.parked
        if parked is None or parked.expires <= self.moment.epoch_s:
            return None
        return migrations.bring_up_to_date(self.house, parked)

    def resume(self) -> bool:
        parked = self.waiting()
        if parked is None:
            self.record = replace(self.record, parked=None)
            return False
        if self._asks_password(parked.dialog, {}):
            return True
        self.record = replace(self.record, frame=parked, parked=None)
        self.say("common/resumed", title=self.title(parked.dialog))
        self.ask_again(parked)
        return True

    def mention_parked(self) -> None:
        """Not resumed by itself: the next number typed would answer a question no longer seen."""
        if parked := self.waiting():
            self.say("common/parked", title=self.title(parked.dialog))

    def ask_again(self, frame: Frame) -> None:
        self.parts.append(steps.ask_again(self.house, frame))

    def drop(self, frame: Frame, how: Exit) -> None:
        self.events.append(steps.exit_event(frame, how))
        self.record = replace(self.record, frame=None)

    def apply(self, moved: steps.Moved) -> None:
        self.record = replace(self.record, frame=moved.frame)
        if moved.unlocks:
            until = self.moment.epoch_s + int(privacy.OPEN_FOR.total_seconds())
            self.record = replace(self.record, unlocked_until=until)
        if moved.used_confirm_id:
            self.record = self.record.with_done(moved.used_confirm_id)
        if any(isinstance(effect, CitizenErased) for effect in moved.effects):
            self.record = Record(done=self.record.done)  # nor what had been laid aside
        self.parts.extend(moved.parts)
        self.effects.extend(moved.effects)
        self.events.extend(moved.events)
        if moved.frame is None and not moved.then:
            self.mention_parked()

    def _chain(self, name: str, data: Mapping[str, Any]) -> None:
        """A dialog may end by naming the next one: not bound yet → bind → what was asked."""
        for _ in range(MAX_CHAINED):
            if self._goes_on_with_parked(name, data) or self._asks_password(name, data):
                return
            ask = foreseen(self.moment.ask, self.effects)
            moved = steps.begin(self.house, name, replace(self.moment, ask=ask), data)
            self.apply(moved)
            if not moved.then:
                return
            name, data = moved.then, moved.hand_over or {}

    def _asks_password(self, name: str, data: Mapping[str, Any]) -> bool:
        """Before a private dialog begins or goes on; it follows once the password is given."""
        missing = privacy.what_is_missing(
            self.house.dialogs[name], self.record, self.moment, self.house.policy
        )
        if not missing:
            return False
        first = {"why": missing, "next": name, "with": dict(data)}
        self.apply(steps.begin(self.house, privacy.PASSWORD, self.moment, first))
        return True

    def _goes_on_with_parked(self, name: str, data: Mapping[str, Any]) -> bool:
        """A dialog that another one needs, and that was half done, goes on where it stood: an
        account that has been proved is not asked for again. What needs it comes after it."""
        parked = self.waiting()
        if parked is None or parked.dialog != name or "next" not in data:
            return False
        self.record = replace(
            self.record, parked=replace(parked, data={**parked.data, "next": data["next"]})
        )
        return self.resume()

    def answer(self, frame: Frame) -> None:
        """A keyword leads to its dialog: from a choice only when it is none of the options, from
        a text at once, since asking CSMS whether 查欠费 is the owner's name could cost a try.
        What the dialog under way has understood and refused (催办 too soon) it has answered, and
        what fits its own pattern (an invitation's code) is an answer to it."""
        said = self.inbound.word
        heard = self.house.hears(said)
        other = self.house.wording.keywords.get(said) or heard
        step = self.house.dialogs[frame.dialog].steps[frame.state]
        if other and heard != frame.dialog and step.reads.wants in ("text", "place"):
            self.start(other)
            return
        moved = steps.answer(self.house, frame, self.moment)
        understood = other == frame.dialog and moved.refused != "choice"
        if moved.refused and other and not understood:
            self.start(other)
            return
        self.apply(moved)
        if moved.then:
            self._follow(moved)

    def _follow(self, moved: steps.Moved) -> None:
        """What the password was asked for may have been half done: it goes on where it stood."""
        parked = self.waiting()
        if not (moved.unlocks and parked and parked.dialog == moved.then and self.resume()):
            self._chain(moved.then, moved.hand_over or {})
