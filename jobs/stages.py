"""How far a connection application 报装 is: the stages that CSMS has told of, kept in its result.

`stages` is a list of {stage, at, promised_on, text}, oldest first, as JSON values.
"""

from collections.abc import Mapping
from typing import Any

from backends.ports import OutsideEvent, Submission, SubmissionState

STAGES = (
    "accepted",
    "survey_booked",
    "surveyed",
    "designed",
    "quoted",
    "construction",
    "inspected",
    "metered",
    "connected",
    "archived",
)
# Water runs; what is left is paper.
LAST = ("connected", "archived")
MOST_KEPT = 12
LONGEST_TEXT = 200


def told_in(event: OutsideEvent) -> dict[str, str]:
    """ValueError for a stage that the contract does not know."""
    stage = str(event.data["stage"])
    if stage not in STAGES:
        raise ValueError(f"no such stage: {stage}")
    return {
        "stage": stage,
        "at": event.at.isoformat(timespec="minutes"),
        "promised_on": str(event.data.get("promised_on") or ""),
        "text": str(event.data.get("text") or "")[:LONGEST_TEXT],
    }


def result_after(application: Submission, told: Mapping[str, str]) -> dict[str, Any]:
    earlier = list((application.result or {}).get("stages") or ())
    return {
        "state": told["stage"],
        "text": told["text"],
        "promised_on": told["promised_on"],
        "stages": [*earlier, dict(told)][-MOST_KEPT:],
    }


def state_after(stage: str) -> SubmissionState:
    return SubmissionState.DONE if stage in LAST else SubmissionState.IN_PROGRESS
