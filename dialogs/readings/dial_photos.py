"""The photos of a dial that belong to one number: up to three, the first ones kept in `photos`."""

from collections.abc import Mapping
from typing import Any

from backends.ports import PhotoKept, PhotoPurpose
from dialogs import photos
from dialogs.engine.definition import Bad, Go, Turn
from dialogs.engine.readers import SentPhoto

MOST = 3


def first(turn: Turn, kept: PhotoKept) -> Mapping[str, Any]:
    """What is remembered of it: the number is that of the day it was sent."""
    return {"photos": [kept.photo.photo_id], "read_on": turn.inbound.at.date().isoformat()}


def another(turn: Turn, sent: SentPhoto, acct_no: str) -> Go | Bad:
    """Beside those there are, where a number was expected."""
    if len(turn.data["photos"]) >= MOST:
        return Bad("enough_photos")
    kept = photos.take(turn, sent, PhotoPurpose.METER, acct_no)
    if isinstance(kept, Bad):
        return kept
    ids = [*turn.data["photos"], kept.photo.photo_id]
    return Go("another_photo", keep={"photos": ids}, effects=(kept,))
