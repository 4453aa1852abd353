"""投诉建议: what about, in the citizen's own words, the account if it is about one, photos; a
ticket of the hotline. Nothing need be bound.
"""

from collections.abc import Mapping
from typing import Any

from backends.ports import PhotoPurpose, SubmissionKind
from dialogs import accounts, photos
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.readers import (
    SentPhoto,
    choice_from,
    choice_in_words,
    confirm,
    photo,
    text,
)
from dialogs.enquiries import own_words
from dialogs.submissions import submit

TOPICS = ("bill", "service", "quality", "works", "other")
MOST_PHOTOS = 3
NO_ACCOUNT = "none"


def opening(turn: Turn, _: None) -> Go:
    if not turn.policy.takes_faults:
        return Go("closed", show={"hotline": turn.policy.hotline})
    return Go("asked", keep={"words": "", "photos": [], "accounts": [], "account": None})


def topic(turn: Turn, answer: str) -> Go:
    keep = {"topic": answer}
    return Go("corrected", keep=keep) if turn.data["words"] else Go("given", keep=keep)


def words(turn: Turn, answer: str) -> Go:
    keep = {"words": answer}
    if turn.data["words"]:
        return Go("corrected", keep=keep)
    own = accounts.mine(turn)
    if own:
        return Go("account", keep={**keep, "accounts": accounts.listed(turn, own)})
    return _photos(turn, keep)


def account(turn: Turn, acct_no: str) -> Go:
    """The other accounts are forgotten: the record holds photos and words beside it."""
    if acct_no == NO_ACCOUNT:
        return _photos(turn, {"account": None, "accounts": []})
    return _photos(turn, {"account": accounts.chosen(turn, acct_no), "accounts": []})


def pictures(turn: Turn, answer: SentPhoto | str) -> Go | Bad:
    if not isinstance(answer, SentPhoto):
        return Go("enough")
    kept = photos.take_any(turn, answer, PhotoPurpose.FAULT, _acct_no(turn))
    if isinstance(kept, Bad):
        return kept
    taken = [*turn.data["photos"], kept.photo.photo_id]
    full = len(taken) >= MOST_PHOTOS
    return Go("enough" if full else "another", keep={"photos": taken}, effects=(kept,))


def confirmation(turn: Turn, answer: str) -> Go:
    if answer == "change_topic":
        return Go("change_topic")
    if answer == "change_words":
        return Go("change_words")
    made = submit(
        turn,
        SubmissionKind.COMPLAINT,
        {"topic": turn.data["topic"], "text": turn.data["words"]},
        acct_no=_acct_no(turn),
        photo_ids=tuple(turn.data["photos"]),
    )
    return Go("submitted", show={"number": made.submission.number}, effects=(made,))


def choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return (*accounts.choices(data), (NO_ACCOUNT, ""))


def _photos(turn: Turn, keep: Mapping[str, Any]) -> Go:
    return Go("photos" if turn.policy.takes_photos else "summed_up", keep=keep)


def _acct_no(turn: Turn) -> str:
    chosen = turn.data["account"]
    return chosen["acct_no"] if chosen else ""


REST = {"photos": "photos", "summed_up": "confirm"}
COMPLAINT = Dialog(
    name="complaint",
    revision=1,
    opens=Opening(opening, {"closed": "closed", "asked": "topic"}),
    steps={
        "topic": Step(
            reads=choice_in_words(*TOPICS),
            decide=topic,
            leads_to={"given": "words", "corrected": "confirm"},
        ),
        "words": Step(
            reads=text(own_words.read, reasons=("too_short",)),
            decide=words,
            leads_to={"account": "account", "corrected": "confirm", **REST},
        ),
        "account": Step(reads=choice_from(choices), decide=account, leads_to=REST),
        "photos": Step(
            reads=photo("done"),
            decide=pictures,
            leads_to={"another": "photos", "enough": "confirm"},
            refuses=photos.FLAWS,
        ),
        "confirm": Step(
            reads=confirm("submit", "change_topic", "change_words"),
            decide=confirmation,
            leads_to={
                "submitted": "submitted",
                "change_topic": "topic",
                "change_words": "words",
            },
        ),
    },
    ends={"submitted": Exit.COMPLETED, "closed": Exit.FAILED},
)
