"""自助抄表: a photo of the dial and the number on it, judged, confirmed, and submitted for review.

What is known of the meter is kept when it is chosen: whoever stands before a meter in a cellar is
not to depend on CSMS a second time.
"""

from datetime import date

from backends.ports import PhotoKept, PhotoPurpose, SubmissionKind
from dialogs import accounts, photos
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.inbound import Kind
from dialogs.engine.readers import SentPhoto, choice, choice_from, confirm, text
from dialogs.engine.readers import photo as a_photo
from dialogs.readings import dial_photos, own_meters, reading_check, reading_cycle, typed_value
from dialogs.readings.reading_check import Verdict
from dialogs.readings.reading_cycle import STANDINGS
from dialogs.submissions import submit

BAD_PHOTOS_BEFORE_TROUBLE = 3


def opening(turn: Turn, _: None) -> Go:
    if not turn.policy.takes_photos:
        return Go("closed", show=_help(turn))
    if not turn.ask.records.bindings(turn.openid):
        return accounts.bind_first("self_reading")
    own = own_meters.may_read(turn)
    if not own:
        return Go("not_allowed")
    meters = turn.ask.csms.meters([binding.acct_no for binding in own])
    read_by_hand = [meter for meter in meters if not meter.remote]
    if not read_by_hand:
        return Go("remote") if meters else Go("no_meter", show=_help(turn))
    retaken = own_meters.meant_by(turn, turn.data.get("retake_of", ""), read_by_hand)
    if retaken is None and len(read_by_hand) > 1:
        return Go(
            "several",
            keep={"meters": own_meters.listed(turn, reading_cycle.open_first(turn, read_by_hand))},
        )
    return reading_cycle.begin(turn, retaken or read_by_hand[0])


def which(turn: Turn, meter_code: str) -> Go:
    numbers = [one["acct_no"] for one in turn.data["meters"] if one["meter_code"] == meter_code]
    for meter in turn.ask.csms.meters(numbers):
        if meter.meter_code == meter_code:
            return reading_cycle.begin(turn, meter)
    return Go("no_meter", show=_help(turn))


def photo(turn: Turn, sent: SentPhoto) -> Go | Bad:
    taken = photos.take(turn, sent, PhotoPurpose.METER, turn.data["acct_no"])
    if isinstance(taken, PhotoKept):
        return Go("good", keep=dial_photos.first(turn, taken), effects=(taken,))
    if turn.attempts + 1 >= BAD_PHOTOS_BEFORE_TROUBLE:
        return Go("third_bad", keep={"flaw": taken.reason})
    return taken


def trouble(turn: Turn, answer: str) -> Go:
    if answer == "again":
        return Go("again")
    if answer == "visit":
        wanted = {"acct_no": turn.data["acct_no"], "reason": "no_read"}
        return Go("visit", then="book_visit", hand_over=wanted)
    return Go("hotline", show=_help(turn))


def value(turn: Turn, answer: SentPhoto | int) -> Go | Bad:
    if isinstance(answer, SentPhoto):
        return dial_photos.another(turn, answer, turn.data["acct_no"])
    known = reading_check.from_data(turn.data["known"])
    judged = reading_check.judge(answer, known)
    if judged.verdict is Verdict.IMPOSSIBLE:
        shown = {"value": answer, "volume": judged.volume, "last_value": known.last_value}
        return Bad("impossible", show={**shown, "days": known.days})
    return Go(
        "read",
        keep={
            "value": answer,
            "volume": judged.volume,
            "verdict": judged.verdict.value,
            "usual": reading_check.usual(known),
        },
    )


def confirmation(turn: Turn, answer: str) -> Go | Bad:
    if answer == "retype":
        return Go("retype")
    if answer == "retake":
        return Go("retake")
    if turn.data["verdict"] == Verdict.SMALLER:
        return Go("unsure")
    return _submitted(turn)


def sure(turn: Turn, answer: str) -> Go | Bad:
    return _submitted(turn) if answer == "sure" else Go("retype")


def _submitted(turn: Turn) -> Go | Bad:
    data = turn.data
    if not accounts.may_still(turn, data["acct_no"], accounts.READ_METERS):
        return Bad("ended")
    made = submit(
        turn,
        SubmissionKind.READING,
        {
            "meter_code": data["meter_code"],
            "value": data["value"],
            "prev_value": data["known"]["last_value"],
            "volume_m3": data["volume"],
            "rollover": data["verdict"] == Verdict.ROLLOVER,
            "flags": [] if data["verdict"] == Verdict.NORMAL else [data["verdict"]],
            "read_on": data["read_on"],
        },
        acct_no=data["acct_no"],
        photo_ids=tuple(data["photos"]),
    )
    opens = date.fromisoformat(data["opens"])
    other = reading_cycle.latest(turn, data["acct_no"], data["meter_code"], opens)
    if other and reading_cycle.stands(other) and other.key != made.submission.key:
        return Go("came_first", show=reading_cycle.standing(turn, other))
    return Go("submitted", effects=(made,), show={"number": made.submission.number})


def _help(turn: Turn) -> dict[str, str]:
    return {"hotline": turn.policy.hotline}


SELF_READING = Dialog(
    name="self_reading",
    revision=1,
    welcomes=(Kind.IMAGE,),
    opens=Opening(
        opening,
        {
            "closed": "closed",
            "not_bound": "not_bound",
            "not_allowed": "not_allowed",
            "remote": "remote",
            "several": "which",
            **STANDINGS,
        },
    ),
    steps={
        "which": Step(
            reads=choice_from(own_meters.choices),
            decide=which,
            leads_to=STANDINGS,
        ),
        "photo": Step(
            reads=a_photo(),
            decide=photo,
            leads_to={"good": "value", "third_bad": "trouble"},
            refuses=photos.REFUSALS,
            picture="meter_sample",
        ),
        "trouble": Step(
            reads=choice("again", "visit", "hotline"),
            decide=trouble,
            leads_to={"again": "photo", "visit": "to_visit", "hotline": "to_hotline"},
        ),
        "value": Step(
            reads=a_photo(otherwise=text(typed_value.read, reasons=("number", "digits"))),
            decide=value,
            leads_to={"read": "confirm", "another_photo": "value"},
            refuses=("impossible", "enough_photos", *photos.REFUSALS),
        ),
        "confirm": Step(
            reads=confirm("submit", "retype", "retake"),
            decide=confirmation,
            leads_to={
                "retype": "value",
                "retake": "photo",
                "unsure": "sure",
                "submitted": "submitted",
                "came_first": "submitted_before",
            },
            refuses=("ended",),
        ),
        "sure": Step(
            reads=confirm("sure", "retype"),
            decide=sure,
            leads_to={
                "retype": "value",
                "submitted": "submitted",
                "came_first": "submitted_before",
            },
            refuses=("ended",),
        ),
    },
    ends={
        "submitted": Exit.COMPLETED,
        "submitted_before": Exit.COMPLETED,
        "too_early": Exit.COMPLETED,
        "too_late": Exit.COMPLETED,
        "no_day": Exit.COMPLETED,
        "remote": Exit.COMPLETED,
        "visit_due": Exit.INTERRUPTED,
        "to_visit": Exit.INTERRUPTED,
        "not_bound": Exit.INTERRUPTED,
        "to_hotline": Exit.FAILED,
        "no_meter": Exit.FAILED,
        "not_allowed": Exit.FAILED,
        "closed": Exit.FAILED,
    },
)
