"""Photos of papers: both sides of the identity card, the property certificate, the household
register; and which photo shows what.

A dialog keeps their ids in `photos` and, one for each, what they show in `documents`.
"""

from collections.abc import Sequence
from typing import Any

from backends.ports import PhotoKept, PhotoPurpose
from backends.ports.prints import same_picture
from dialogs import photos
from dialogs.engine.definition import Bad, Go, Turn
from dialogs.engine.readers import SentPhoto
from dialogs.identity.summary import given

ID_FRONT, ID_BACK, PROPERTY, HOUSEHOLD, METER = ORDER = (
    "id_front",
    "id_back",
    "property",
    "household",
    "meter",
)
MOST = {PROPERTY: 4, HOUSEHOLD: 3}
MOST_PAPERS = 8  # with the photo of the meter nine, as many as a request may have


def id_front(turn: Turn, sent: SentPhoto) -> Go | Bad:
    taken = _taken(turn, sent)
    if isinstance(taken, Bad):
        return taken
    keep = {**replaced(turn, ID_FRONT, taken), "front": taken.photo.print}
    return Go("front", keep=keep, effects=(taken,))


def id_back(turn: Turn, sent: SentPhoto) -> Go | Bad:
    taken = _taken(turn, sent)
    if isinstance(taken, Bad):
        return taken
    if same_picture(taken.photo.print, turn.data["front"]):
        return Bad("same_as_front")
    return given(turn, replaced(turn, ID_BACK, taken), (taken,))


def property_(turn: Turn, answer: SentPhoto | str) -> Go | Bad:
    if not isinstance(answer, SentPhoto) and PROPERTY not in turn.data["documents"]:
        return Bad("none_yet")
    return _several(turn, answer, PROPERTY)


def household(turn: Turn, answer: SentPhoto | str) -> Go | Bad:
    """The last one: all has been filled in."""
    return _several(turn, answer, HOUSEHOLD)


def replaced(turn: Turn, what: str, taken: PhotoKept) -> dict[str, Any]:
    """The data with this photo in the place of those that showed the same."""
    others = _others(turn, what)
    return _data([*others, (what, taken.photo.photo_id)])


def complete(documents: Sequence[str], photo_ids: Sequence[str], *, meter: bool) -> bool:
    """Whether nothing is missing, and no meter is shown where none is handed over."""
    needed = {ID_FRONT, ID_BACK, PROPERTY}
    shows_meter = METER in documents
    return needed <= set(documents) and len(documents) == len(photo_ids) and shows_meter is meter


def in_order(turn: Turn) -> tuple[list[str], tuple[str, ...]]:
    """What the photos show, and their ids, as a request lists them."""
    pairs = sorted(_pairs(turn), key=lambda pair: ORDER.index(pair[0]))
    return [what for what, _ in pairs], tuple(photo_id for _, photo_id in pairs)


def _several(turn: Turn, answer: SentPhoto | str, what: str) -> Go | Bad:
    done = {"redo": "", "whole": turn.data["whole"] or what == HOUSEHOLD}
    if not isinstance(answer, SentPhoto):
        return given(turn, done)
    taken = _taken(turn, answer)
    if isinstance(taken, Bad):
        return taken
    kept = _others(turn, what) if turn.data["redo"] == what else _pairs(turn)
    pairs = [*kept, (what, taken.photo.photo_id)]
    same = [one for one in pairs if one[0] == what]
    papers = [one for one in pairs if one[0] != METER]
    if len(same) >= MOST[what] or len(papers) >= MOST_PAPERS:
        return given(turn, {**_data(pairs), **done}, (taken,))
    return Go("another", keep={**_data(pairs), "redo": ""}, effects=(taken,))


def _taken(turn: Turn, sent: SentPhoto) -> PhotoKept | Bad:
    """Papers may have been sent before: with an application that was returned."""
    return photos.take_any(turn, sent, PhotoPurpose.DOCUMENT, turn.data["acct_no"])


def _pairs(turn: Turn) -> list[tuple[str, str]]:
    return list(zip(turn.data["documents"], turn.data["photos"], strict=True))


def _others(turn: Turn, what: str) -> list[tuple[str, str]]:
    return [pair for pair in _pairs(turn) if pair[0] != what]


def _data(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    return {"documents": [what for what, _ in pairs], "photos": [one for _, one in pairs]}
