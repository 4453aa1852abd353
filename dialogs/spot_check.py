"""抽检: CSMS has drawn a meter, and asks for a photo of its dial and the number on it.

What is known of the meter is kept when the check is chosen, as for a self reading.
"""

from collections.abc import Mapping

from backends.ports import PhotoPurpose, SubmissionKind, SubmissionMade
from dialogs import accounts, photos
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.readers import SentPhoto, choice_from, confirm, text
from dialogs.engine.readers import photo as a_photo
from dialogs.readings import dial_photos, own_meters, reading_check, spot_checks, typed_value
from dialogs.readings.reading_check import Verdict
from dialogs.submissions import submit

LONGEST_SAYING = 60


def opening(turn: Turn, _: None) -> Go:
    """`parent_no` in the data: the citizen's answer that was sent back."""
    if not turn.policy.takes_photos:
        return Go("closed", show=_help(turn))
    if not turn.ask.records.bindings(turn.openid):
        return accounts.bind_first("spot_check")
    if not own_meters.may_read(turn):
        return Go("not_allowed")
    checks = spot_checks.waiting(turn)
    if not checks:
        return Go("none_open")
    open_ones = spot_checks.unanswered(turn, checks)
    if not open_ones:
        return Go("answered")
    parent = _sent_back(turn)
    if again := [one for one in open_ones if one["check_no"] == parent.get("check_no")]:
        return spot_checks.begin(turn, again[0], parent)
    if len(open_ones) > 1:
        return Go("several", keep={"checks": open_ones})
    return spot_checks.begin(turn, open_ones[0], {})


def which(turn: Turn, check_no: str) -> Go:
    chosen = next(one for one in turn.data["checks"] if one["check_no"] == check_no)
    if spot_checks.is_answered(turn, chosen):
        return Go("answered")
    return spot_checks.begin(turn, chosen, {})


def photo(turn: Turn, sent: SentPhoto) -> Go | Bad:
    taken = photos.take(turn, sent, PhotoPurpose.METER, turn.data["check"]["acct_no"])
    if isinstance(taken, Bad):
        return taken
    return Go("good", keep=dial_photos.first(turn, taken), effects=(taken,))


def value(turn: Turn, answer: SentPhoto | int) -> Go | Bad:
    if isinstance(answer, SentPhoto):
        return dial_photos.another(turn, answer, turn.data["check"]["acct_no"])
    known = reading_check.from_data(turn.data["known"])
    judged = reading_check.judge(answer, known)
    if judged.verdict is Verdict.IMPOSSIBLE:
        return Bad("impossible", show={"value": answer, "last_value": known.last_value})
    return Go("read", keep={"value": answer, "verdict": judged.verdict.value})


def confirmation(turn: Turn, answer: str) -> Go:
    if answer == "retype":
        return Go("retype")
    if answer == "retake":
        return Go("retake")
    made, check = _answer(turn), turn.data["check"]
    if not accounts.may_still(turn, check["acct_no"], accounts.READ_METERS):
        return Go("not_allowed")
    other = spot_checks.answer_to(turn, check["check_no"], check["acct_no"], check["drawn_on"])
    if other and other.key != made.submission.key:
        return Go("came_first")
    return Go("submitted", effects=(made,), show={"number": made.submission.number})


def _sent_back(turn: Turn) -> Mapping[str, str]:
    """Which check it was for, and what was wrong."""
    number = turn.data.get("parent_no", "")
    found = turn.ask.records.submission(number) if number else None
    if found is None or found.openid != turn.openid:
        return {}
    said = found.result or {}
    return {
        "number": found.number,
        "check_no": str(found.payload.get("check_no", "")),
        "reason": str(said.get("reason") or "other"),
        "text": str(said.get("text") or "")[:LONGEST_SAYING],
    }


def _answer(turn: Turn) -> SubmissionMade:
    data, check = turn.data, turn.data["check"]
    return submit(
        turn,
        SubmissionKind.SPOT_CHECK,
        {
            "check_no": check["check_no"],
            "meter_code": check["meter_code"],
            "value": data["value"],
            "read_on": data["read_on"],
        },
        acct_no=check["acct_no"],
        photo_ids=tuple(data["photos"]),
        parent_no=data["returned"].get("number", ""),
    )


def _help(turn: Turn) -> dict[str, str]:
    return {"hotline": turn.policy.hotline}


SPOT_CHECK = Dialog(
    name="spot_check",
    revision=1,
    opens=Opening(
        opening,
        {
            "closed": "closed",
            "not_bound": "not_bound",
            "not_allowed": "not_allowed",
            "none_open": "none_open",
            "answered": "answered",
            "several": "which",
            "begun": "photo",
            "no_meter": "no_meter",
        },
    ),
    steps={
        "which": Step(
            reads=choice_from(spot_checks.choices),
            decide=which,
            leads_to={"begun": "photo", "answered": "answered", "no_meter": "no_meter"},
        ),
        "photo": Step(
            reads=a_photo(),
            decide=photo,
            leads_to={"good": "value"},
            refuses=photos.REFUSALS,
            picture="meter_sample",
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
                "submitted": "submitted",
                "came_first": "answered",
                "not_allowed": "not_allowed",
            },
        ),
    },
    ends={
        "submitted": Exit.COMPLETED,
        "answered": Exit.COMPLETED,
        "none_open": Exit.COMPLETED,
        "not_bound": Exit.INTERRUPTED,
        "not_allowed": Exit.FAILED,
        "no_meter": Exit.FAILED,
        "closed": Exit.FAILED,
    },
)
