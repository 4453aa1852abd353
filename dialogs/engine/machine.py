"""The state machine of a dialog: one shared `transitions.Machine` per dialog, never per citizen.

Only this file knows `transitions`. The machine holds no models (`add_model` would leak one per
message), is never queued (its queue would mix citizens) and runs no callbacks.
"""

from transitions import Machine, MachineError

from dialogs.engine.definition import Dialog

OPENING = "opening"
CANCELLED = "cancelled"
EXPIRED = "expired"


class _Position:
    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class UndeclaredOutcome(Exception):
    """A decision named an outcome that leads nowhere from its state: a bug in the dialog."""

    def __init__(self, dialog: str, state: str, outcome: str) -> None:
        super().__init__(
            f"{dialog}.{state} has no outcome {outcome!r}: declare it in the step's leads_to"
        )


def build(dialog: Dialog) -> Machine:
    machine = Machine(
        model=None,
        states=[OPENING, *dialog.steps, *dialog.ends, CANCELLED, EXPIRED],
        initial=OPENING,
        auto_transitions=False,
        queued=False,
    )
    for outcome, target in dialog.opens.leads_to.items():
        machine.add_transition(outcome, OPENING, target)
    for state, step in dialog.steps.items():
        for outcome, target in step.leads_to.items():
            machine.add_transition(outcome, state, target)
        machine.add_transition("cancel", state, CANCELLED)
        machine.add_transition("expire", state, EXPIRED)
    return machine


def fire(machine: Machine, dialog: str, state: str, outcome: str) -> str:
    """The state that follows."""
    position = _Position(state)
    try:
        machine.events[outcome].trigger(position)
    except (KeyError, MachineError) as error:
        raise UndeclaredOutcome(dialog, state, outcome) from error
    return position.state
