"""进度: what has become of a submission, and what can still be done about it: 催办 urge, 补照片 add
a photo, 评价 rate, 重拍 retake, 改时间 move a visit, 约上门时间 book one, 补正 put right.

A number opens its own submission only; of an unknown number and of somebody else's the same is
said.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from backends.ports import PhotoPurpose, Submission, SubmissionKind, SubmissionMade
from dialogs import photos
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.readers import SentPhoto, choice, photo, remark
from dialogs.submissions import submit
from dialogs.tracking import progress_view
from dialogs.tracking.progress_numbers import HEARS, RATES, Asked, asked_in, or_number

MOST_PHOTOS = 3
A_LOW_SCORE = 2


def opening(turn: Turn, _: None) -> Go:
    asked = asked_in(turn.inbound.word)
    if asked and not asked.number:
        return Go("malformed")
    if asked:
        found = progress_view.own(turn, asked.number)
        return _show(turn, found, rates=asked.rates) if found else Go("unknown")
    if turn.inbound.word == RATES and (done := progress_view.to_rate(turn)):
        return _show(turn, done, rates=True)
    submissions = progress_view.listed(turn)
    if not submissions:
        return Go("nothing")
    if len(submissions) == 1:
        return _show(turn, submissions[0])
    lines = [progress_view.line(turn, one) for one in submissions]
    return Go("several", keep={"items": lines})


def which(turn: Turn, answer: Asked | str) -> Go | Bad:
    return _another(turn, answer if isinstance(answer, Asked) else Asked(answer, rates=False))


def detail(turn: Turn, answer: Asked | str) -> Go | Bad:
    if isinstance(answer, Asked):
        return _another(turn, answer)
    number = turn.data["shown"]["number"]
    found = progress_view.own(turn, number)
    if found is None:
        return Bad("unknown")
    after = progress_view.followers(turn, found)
    if answer not in progress_view.ways(turn, found, after):
        return _show(turn, found)  # it has moved on since it was shown
    match answer:
        case progress_view.URGE:
            return _urge(turn, after)
        case progress_view.PHOTO:
            return Go("photo", keep={"added": 0})
        case progress_view.RATE:
            return Go("rate")
        case progress_view.RESCHEDULE:
            return Go("reschedule", then="book_visit", hand_over={"acct_no": turn.data["acct_no"]})
        case progress_view.VISIT:
            wanted = {"acct_no": turn.data["acct_no"], "reason": "spot"}
            return Go("visit", then="book_visit", hand_over=wanted)
    return _anew(found, answer)


def _anew(submission: Submission, way: str) -> Go:
    """What was sent back is made once more, in the place of the one before."""
    of_it = {"parent_no": submission.number}
    if way == progress_view.RESUBMIT:
        again = progress_view.MADE_ANEW[submission.kind]
        return Go("resubmit", then=again, hand_over=of_it)
    if submission.kind is SubmissionKind.SPOT_CHECK:
        return Go("retake", then="spot_check", hand_over=of_it)
    return Go("retake", then="self_reading", hand_over={"retake_of": submission.number})


def picture(turn: Turn, answer: SentPhoto | str) -> Go | Bad:
    added = turn.data["added"]
    if not isinstance(answer, SentPhoto):
        return Go("photos_added" if added else "no_photo")
    kept = photos.take_any(turn, answer, PhotoPurpose.FAULT, turn.data["acct_no"])
    if isinstance(kept, Bad):
        return kept
    made = _about(turn, SubmissionKind.FAULT_PHOTO, {}, photo_id=kept.photo.photo_id)
    full = added + 1 >= MOST_PHOTOS
    return Go(
        "photos_added" if full else "another", keep={"added": added + 1}, effects=(kept, made)
    )


def rating(turn: Turn, answer: str) -> Go:
    score = int(answer)
    if score <= A_LOW_SCORE:
        return Go("low", keep={"score": score})
    return _rated(turn, score, "")


def why(turn: Turn, answer: str) -> Go:
    return _rated(turn, turn.data["score"], answer)


def _another(turn: Turn, asked: Asked) -> Go | Bad:
    if not asked.number:
        return Bad("malformed")
    found = progress_view.own(turn, asked.number)
    return _show(turn, found, rates=asked.rates) if found else Bad("unknown")


def _show(turn: Turn, submission: Submission, *, rates: bool = False) -> Go:
    after = progress_view.followers(turn, submission)
    ways = progress_view.ways(turn, submission, after)
    keep = {
        "shown": progress_view.whole(turn, submission, after),
        "acct_no": submission.acct_no,
        "ways": ways,
    }
    if rates and progress_view.RATE in ways:
        return Go("rate", keep=keep)
    return Go("open" if ways else "told", keep=keep)


def _urge(turn: Turn, after: Sequence[Submission]) -> Go | Bad:
    urged = progress_view.last_urge(after)
    if urged and urged.created_at > turn.now - progress_view.URGED_AGAIN_AFTER:
        return Bad("urged_lately")
    return Go("urged", effects=(_about(turn, SubmissionKind.URGE, {}),))


def _rated(turn: Turn, score: int, words: str) -> Go:
    payload = {"score": score, "words": words}
    return Go("rated", effects=(_about(turn, SubmissionKind.RATING, payload),))


def _about(
    turn: Turn, kind: SubmissionKind, payload: Mapping[str, Any], *, photo_id: str = ""
) -> SubmissionMade:
    """In the lane of what it is about, so that it is handed over after it."""
    return submit(
        turn,
        kind,
        payload,
        acct_no=turn.data["acct_no"],
        photo_ids=(photo_id,) if photo_id else (),
        parent_no=turn.data["shown"]["number"],
    )


def _items(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((item["number"], item["number"]) for item in data["items"])


def _ways(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Without data: all of them, whose words are wording."""
    given = data["ways"]
    return tuple((way, "") for way in progress_view.WAYS if way in given or given == ())


SHOWN = {"open": "detail", "rate": "rating", "told": "told"}
PROGRESS = Dialog(
    name="progress",
    revision=2,
    hears=HEARS,
    glance=True,
    opens=Opening(
        opening,
        {
            "several": "which",
            **SHOWN,
            "nothing": "nothing",
            "unknown": "unknown",
            "malformed": "malformed",
        },
    ),
    steps={
        "which": Step(
            reads=or_number(_items),
            decide=which,
            leads_to=SHOWN,
            refuses=("malformed", "unknown"),
        ),
        "detail": Step(
            reads=or_number(_ways),
            decide=detail,
            leads_to={
                **SHOWN,
                "urged": "urged",
                "photo": "photo",
                "retake": "retake",
                "reschedule": "reschedule",
                "visit": "visit",
                "resubmit": "resubmit",
            },
            refuses=("malformed", "unknown", "urged_lately"),
        ),
        "photo": Step(
            reads=photo("done"),
            decide=picture,
            leads_to={"another": "photo", "photos_added": "photos_added", "no_photo": "told"},
            refuses=photos.FLAWS,
        ),
        "rating": Step(
            reads=choice("1", "2", "3", "4", "5"),
            decide=rating,
            leads_to={"low": "why", "rated": "rated"},
        ),
        "why": Step(reads=remark("skip"), decide=why, leads_to={"rated": "rated"}),
    },
    ends={
        "told": Exit.COMPLETED,
        "urged": Exit.COMPLETED,
        "photos_added": Exit.COMPLETED,
        "rated": Exit.COMPLETED,
        "retake": Exit.INTERRUPTED,
        "reschedule": Exit.INTERRUPTED,
        "visit": Exit.INTERRUPTED,
        "resubmit": Exit.INTERRUPTED,
        "nothing": Exit.COMPLETED,
        "unknown": Exit.FAILED,
        "malformed": Exit.FAILED,
    },
)
