"""Conversations under way when a new release arrives: carried over where a migration says how,
closed politely where none does. A migration takes a frame of one revision to the next one.
"""

from collections.abc import Callable

from dialogs.engine.house import House
from dialogs.engine.record import Frame

MIGRATIONS: dict[tuple[str, int], Callable[[Frame], Frame]] = {}


def is_current(house: House, frame: Frame) -> bool:
    dialog = house.dialogs.get(frame.dialog)
    return dialog is not None and dialog.revision == frame.revision and frame.state in dialog.steps


def bring_up_to_date(house: House, frame: Frame) -> Frame | None:
    """The frame at its dialog's current revision, or None when it cannot be carried over."""
    while not is_current(house, frame):
        migrate = MIGRATIONS.get((frame.dialog, frame.revision))
        if migrate is None:
            return None
        earlier, frame = frame, migrate(frame)
        if frame.revision <= earlier.revision:
            return None
    return frame
