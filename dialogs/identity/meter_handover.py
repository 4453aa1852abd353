"""The meter as it stands when an account gets another holder: a photo, its code, its reading."""

from backends.ports import PhotoKept, PhotoPurpose
from dialogs import parsers, photos
from dialogs.engine.definition import Bad, Go, Ok, Turn
from dialogs.engine.readers import SentPhoto
from dialogs.identity.papers import METER, replaced
from dialogs.identity.summary import given

MOST_DIGITS = 7


def read_code(turn: Turn, typed: str) -> Ok | Bad:
    del turn
    return parsers.meter_code(typed)


def read_reading(turn: Turn, typed: str) -> Ok | Bad:
    del turn
    read = parsers.reading(typed)
    if isinstance(read, Ok) and read.value >= 10**MOST_DIGITS:
        return Bad("number")
    return read


def photo(turn: Turn, sent: SentPhoto) -> Go | Bad:
    """Never one that was sent before: it shows the reading of today."""
    taken = photos.take(turn, sent, PhotoPurpose.METER, turn.data["acct_no"])
    if not isinstance(taken, PhotoKept):
        return taken
    read_on = turn.inbound.at.date().isoformat()
    return given(turn, {**replaced(turn, METER, taken), "read_on": read_on}, (taken,))


def code(turn: Turn, typed: str) -> Go:
    return given(turn, {"meter_code": typed})


def reading(turn: Turn, value: int) -> Go:
    return given(turn, {"value": value})
