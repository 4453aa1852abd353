"""What CSMS tells of new connections and spot checks: how far they are, and who is told."""

from typing import Any

import pytest

from backends.ports import Role, Submission, SubmissionKind, SubmissionState
from jobs.stages import MOST_KEPT
from tests.jobs.conftest import QIN, WEI, Office
from tests.jobs.test_results import told

PROMISED = "2026-11-27"


@pytest.fixture
def application(office: Office) -> Submission:
    office.follows()
    made = office.submits(SubmissionKind.CONNECTION, acct_no="", private={"name": "张三"})
    office.deliveries().step()
    return made


def result_of(office: Office, made: Submission) -> dict[str, Any]:
    return dict(office.stored(made).result or {})


def test_each_stage_is_told_and_kept_with_its_promise(
    office: Office, application: Submission
) -> None:
    office.desk.tells("connection_stage", application.number, stage="accepted", text="")
    office.desk.tells(
        "connection_stage",
        application.number,
        stage="survey_booked",
        promised_on=PROMISED,
        text="王师傅会打电话给您",
    )
    assert office.events().step() == 2
    result = result_of(office, application)
    assert [one["stage"] for one in result["stages"]] == ["accepted", "survey_booked"]
    assert result["stages"][1]["promised_on"] == PROMISED
    assert result["state"] == "survey_booked"
    assert office.stored(application).state is SubmissionState.IN_PROGRESS
    assert told(office) == [(WEI, "connection_stage")] * 2


def test_a_stage_without_a_promise_can_be_told(office: Office, application: Submission) -> None:
    office.desk.tells("connection_stage", application.number, stage="accepted", promised_on=None)
    office.events().step()
    (planned,) = office.told()
    assert planned.view["promised_on"] == planned.view["text"] == ""


def test_once_water_runs_it_is_done_and_filing_it_away_is_no_news(
    office: Office, application: Submission
) -> None:
    for stage in ("connected", "archived"):
        office.desk.tells("connection_stage", application.number, stage=stage, text="")
    office.events().step()
    assert office.stored(application).state is SubmissionState.DONE
    assert result_of(office, application)["state"] == "archived"
    assert told(office) == [(WEI, "connection_stage")]


def test_no_more_stages_are_kept_than_a_record_holds(
    office: Office, application: Submission
) -> None:
    for _ in range(MOST_KEPT + 3):
        office.desk.tells("connection_stage", application.number, stage="surveyed", text="")
    office.events().step()
    assert len(result_of(office, application)["stages"]) == MOST_KEPT


def test_a_stage_outside_the_contract_changes_nothing(
    office: Office, application: Submission
) -> None:
    office.desk.tells("connection_stage", application.number, stage="teleported")
    office.desk.tells("connection_stage", "W2611220000000", stage="accepted")
    assert office.events().step() == 2
    assert office.stored(application).state is SubmissionState.DELIVERED
    assert told(office) == []


@pytest.mark.parametrize("kind", ["connection_returned", "connection_rejected"])
def test_an_application_that_is_turned_down_says_why(
    office: Office, application: Submission, kind: str
) -> None:
    office.desk.tells(kind, application.number, text="缺身份证背面")
    office.events().step()
    assert office.stored(application).state is SubmissionState.RETURNED
    assert result_of(office, application)["text"] == "缺身份证背面"
    (planned,) = office.told()
    assert (planned.kind, planned.view["text"]) == (kind, "缺身份证背面")


@pytest.mark.parametrize(
    ("kind", "data", "state"),
    [
        ("spot_check_passed", {"text": ""}, "done"),
        ("spot_check_adjusted", {"value": 1252, "text": ""}, "done"),
        ("spot_check_retake", {"reason": "blurred", "text": ""}, "returned"),
        ("spot_check_field", {"visit_no": "V7", "text": ""}, "done"),
    ],
)
def test_what_a_spot_check_has_come_to_is_told_to_who_answered_it(
    office: Office, kind: str, data: dict[str, object], state: str
) -> None:
    office.follows()
    made = office.submits(SubmissionKind.SPOT_CHECK, check_no="C1", value=1250)
    office.deliveries().step()
    office.desk.tells(kind, made.number, **data)
    office.events().step()
    assert office.stored(made).state == state
    assert told(office) == [(WEI, kind)]


def test_a_drawn_check_is_told_to_those_who_can_reach_the_meter(office: Office) -> None:
    for openid, role in ((WEI, Role.VIEWER), (QIN, Role.READER)):
        office.follows(openid)
        office.binds(openid, role)
    office.desk.tells("spot_check_drawn", check_no="C1", answer_by="2026-11-25")
    office.events().step()
    assert told(office) == [(QIN, "spot_check_drawn")]


def test_names_stay_out_of_notices(office: Office, application: Submission) -> None:
    office.desk.tells("connection_stage", application.number, stage="accepted", text="")
    office.events().step()
    (planned,) = office.told()
    assert "张三" not in str(planned)
