"""The number on a dial as it is typed."""

from dialogs import parsers
from dialogs.engine.definition import Bad, Ok, Turn


def read(turn: Turn, typed: str) -> Ok | Bad:
    """No longer than the dial's black wheels; the dialog keeps what is `known` of the meter."""
    found = parsers.reading(typed)
    digits = turn.data["known"]["digits"]
    if isinstance(found, Ok) and found.value >= 10**digits:
        return Bad("digits", show={"digits": digits})
    return found
