"""Spot checks 抽检 that wait for a photo of one of the citizen's meters."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from backends.ports import Meter, SpotCheck, Submission, SubmissionKind, SubmissionState
from dialogs.engine.definition import Go, Turn
from dialogs.masking import masked_account
from dialogs.readings import own_meters, reading_check, reading_cycle

MOST_LISTED = 10
CODE_SHOWN = 4


def waiting(turn: Turn) -> tuple[SpotCheck, ...]:
    own = [binding.acct_no for binding in own_meters.may_read(turn)]
    return turn.ask.csms.spot_checks(own) if own else ()


def answer_to(turn: Turn, check_no: str, acct_no: str, drawn_on: str) -> Submission | None:
    """What a citizen or the family has sent for it, unless it was sent back."""
    midnight = datetime.combine(datetime.fromisoformat(drawn_on), time(), turn.now.tzinfo)
    since = midnight - timedelta(days=1)
    for one in turn.ask.records.submissions_for(acct_no, SubmissionKind.SPOT_CHECK, since):
        stands = one.state is not SubmissionState.RETURNED
        if stands and one.payload.get("check_no") == check_no:
            return one
    return None


def unanswered(turn: Turn, checks: Sequence[SpotCheck]) -> list[dict[str, str]]:
    """As a dialog lists them."""
    listed = [as_data(check) for check in checks]
    return [one for one in listed if not is_answered(turn, one)][:MOST_LISTED]


def is_answered(turn: Turn, check: Mapping[str, str]) -> bool:
    return answer_to(turn, check["check_no"], check["acct_no"], check["drawn_on"]) is not None


def as_data(check: SpotCheck) -> dict[str, str]:
    return {
        "check_no": check.check_no,
        "acct_no": check.acct_no,
        "meter_code": check.meter_code,
        "drawn_on": check.drawn_on.isoformat(),
        "answer_by": check.answer_by.isoformat(),
    }


def choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((one["check_no"], _label(one)) for one in data["checks"])


def begin(turn: Turn, check: Mapping[str, str], returned: Mapping[str, str]) -> Go:
    """What is known of the meter is kept, as for a self reading."""
    meter = _meter(turn, check)
    if meter is None:
        return Go("no_meter", show={"hotline": turn.policy.hotline})
    return Go(
        "begun",
        keep={
            "check": dict(check),
            "known": reading_check.as_data(reading_cycle.known(turn, meter)),
            "photos": [],
            "returned": dict(returned),
            **own_meters.shown(turn, meter),
        },
    )


def _meter(turn: Turn, check: Mapping[str, str]) -> Meter | None:
    in_use = turn.ask.csms.meters([check["acct_no"]])
    return next((one for one in in_use if one.meter_code == check["meter_code"]), None)


def _label(check: Mapping[str, str]) -> str:
    return f"{masked_account(check['acct_no'])}（{check['meter_code'][-CODE_SHOWN:]}）"
