"""One dialog, one message: begin it, answer its question, ask it again, or step back.

Decides first (asking backends), then fires the machine, then says what the new state says. Nothing
here knows of other dialogs: that is `dialogs.engine.flow`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from backends.ports import Effect
from dialogs.engine import machine
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Ok, Step, Turn
from dialogs.engine.house import House, Moment
from dialogs.engine.inbound import Inbound
from dialogs.engine.readers import SHARED_REASONS, mentioned
from dialogs.engine.record import MAX_VISITED, Frame
from dialogs.engine.reply import NO_ID, FunnelEvent, Option, Say

ATTEMPTS_BEFORE_A_PERSON = 3
CONFIRM_PREFIX = "c."


@dataclass(frozen=True, slots=True)
class Moved:
    """`frame` is None when the dialog has ended; `refused` when the answer did not do."""

    frame: Frame | None
    parts: tuple[Say, ...]
    effects: tuple[Effect, ...] = ()
    events: tuple[FunnelEvent, ...] = ()
    then: str = ""
    hand_over: Mapping[str, Any] | None = None
    used_confirm_id: str = ""
    unlocks: bool = False
    refused: str = ""


def begin(house: House, name: str, moment: Moment, data: Mapping[str, Any]) -> Moved:
    dialog = house.dialogs[name]
    now_s = moment.epoch_s
    frame = Frame(
        dialog=name,
        revision=dialog.revision,
        run_id=moment.new_id(),
        state=machine.OPENING,
        data=data,
        started=now_s,
        expires=now_s + int(dialog.lives.total_seconds()),
    )
    decision = dialog.opens.decide(_turn(house, frame, moment), _heard(house, dialog, moment))
    if isinstance(decision, Bad):
        raise machine.UndeclaredOutcome(name, machine.OPENING, f"Bad({decision.reason})")
    moved = _move(house, dialog, frame, decision, moment)
    return replace(moved, events=(FunnelEvent(name, "started"), *moved.events))


def _heard(house: House, dialog: Dialog, moment: Moment) -> str | None:
    if not dialog.opens.hears:
        return None
    options = house.wording.options[f"{dialog.name}.{dialog.opens.hears}"]
    return mentioned(moment.inbound.word, options)


def answer(house: House, frame: Frame, moment: Moment) -> Moved:
    """The frame must be of this house: known dialog, current revision (see `conversation`)."""
    dialog = house.dialogs[frame.dialog]
    step = dialog.steps[frame.state]
    turn = _turn(house, frame, moment)
    read = step.reads.read(turn, house.wording, f"{frame.dialog}.{frame.state}")
    decision = step.decide(turn, read.value) if isinstance(read, Ok) else read
    if isinstance(decision, Bad):
        return _refuse(house, dialog, frame, decision, moment)
    moved = _move(house, dialog, frame, decision, moment)
    done = step.reads.confirms and moved.frame is None
    return replace(moved, used_confirm_id=frame.confirm_id) if done else moved


def ask_again(house: House, frame: Frame, show: Mapping[str, Any] | None = None) -> Say:
    """The question of a state, from the dialog's data alone: it reads the same whenever asked."""
    step = house.dialogs[frame.dialog].steps[frame.state]
    view: dict[str, Any] = {**frame.data, **(show or {})}
    if step.reads.options or step.reads.choices:
        view["options"] = _options(house, frame, step)
    return Say(f"{frame.dialog}/{frame.state}", view)


def step_back(house: House, frame: Frame, moment: Moment) -> Frame | None:
    """The frame one question earlier, or None when there is no way back."""
    if not frame.visited:
        return None
    return replace(
        _enter(house, frame, frame.visited[-1], moment), visited=frame.visited[:-1], attempts=0
    )


def _move(house: House, dialog: Dialog, frame: Frame, go: Go, moment: Moment) -> Moved:
    state = machine.fire(house.machines[dialog.name], dialog.name, frame.state, go.outcome)
    frame = replace(frame, data={**frame.data, **go.keep})
    if state in dialog.ends:
        return Moved(
            frame=None,
            parts=(Say(f"{dialog.name}/{state}", {**frame.data, **go.show}),),
            effects=go.effects,
            events=(FunnelEvent(dialog.name, dialog.ends[state].value, state),),
            then=go.then,
            hand_over=go.hand_over,
            unlocks=go.unlocks,
        )
    visited = () if go.forget_path else _path(frame, state)
    frame = replace(_enter(house, frame, state, moment), visited=visited, attempts=0)
    return Moved(
        frame=frame,
        parts=(replace(ask_again(house, frame, go.show), picture=dialog.steps[state].picture),),
        effects=go.effects,
        events=(FunnelEvent(dialog.name, "step", state),),
    )


def _refuse(house: House, dialog: Dialog, frame: Frame, bad: Bad, moment: Moment) -> Moved:
    attempts = frame.attempts + 1
    frame = replace(frame, attempts=attempts, expires=_expiry(dialog, moment))
    words = Say(
        f"{frame.dialog}/{frame.state}.{bad.reason}",
        {**frame.data, **bad.show},
        default=f"common/bad.{bad.reason}",
    )
    parts = [words]
    if bad.reason in SHARED_REASONS or bad.reason == "choice":
        parts.append(ask_again(house, frame))
    if attempts >= ATTEMPTS_BEFORE_A_PERSON:
        parts.append(Say("common/offer_human"))
    return Moved(frame=frame, parts=tuple(parts), effects=bad.effects, refused=bad.reason)


def _enter(house: House, frame: Frame, state: str, moment: Moment) -> Frame:
    dialog = house.dialogs[frame.dialog]
    confirms = dialog.steps[state].reads.confirms
    return replace(
        frame,
        state=state,
        expires=_expiry(dialog, moment),
        confirm_id=CONFIRM_PREFIX + moment.new_id() if confirms else "",
    )


def _path(frame: Frame, state: str) -> tuple[str, ...]:
    if frame.state in (machine.OPENING, state):
        return frame.visited
    return (*frame.visited, frame.state)[-MAX_VISITED:]


def _expiry(dialog: Dialog, moment: Moment) -> int:
    return moment.epoch_s + int(dialog.lives.total_seconds())


def _turn(house: House, frame: Frame, moment: Moment) -> Turn:
    return Turn(
        inbound=moment.inbound,
        now=moment.now,
        key=f"{frame.run_id}:{frame.state}:{moment.inbound.key}",
        data=frame.data,
        ask=moment.ask,
        policy=house.policy,
        attempts=frame.attempts,
    )


def _options(house: House, frame: Frame, step: Step) -> tuple[Option, ...]:
    where = f"{frame.dialog}.{frame.state}"
    if step.reads.choices is None:
        labels = house.wording.labels(where)
        return tuple(
            Option(number=n, label=label, send=label, id=frame.confirm_id or NO_ID)
            for n, (_, label) in enumerate(labels, start=1)
        )
    return tuple(
        Option(number=n, label=label or house.wording.options[where][value][0], send=str(n))
        for n, (value, label) in enumerate(step.reads.choices(frame.data), start=1)
    )


def exit_event(frame: Frame, how: Exit) -> FunnelEvent:
    return FunnelEvent(frame.dialog, how.value, frame.state)


def is_confirmation(inbound: Inbound) -> bool:
    return inbound.menu_id.startswith(CONFIRM_PREFIX)
