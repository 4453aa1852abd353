"""What outside events change, and who is told: each event once, in its order."""

from datetime import timedelta

import pytest

from backends.errors import BackendUnavailable
from backends.ports import (
    Lane,
    OutsideEvent,
    Receipt,
    Role,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from jobs.deliveries import DeskDown
from jobs.events import without_gaps
from jobs.planning.told import VISIT_IS_NEWS
from tests.jobs.conftest import HOME, NOON, QIN, WEI, Office

LONG_AGO = NOON - timedelta(hours=1)
BILL = {
    "bill_no": "B1",
    "period": "2026-11",
    "amount": "75.60",
    "volume_m3": "16",
    "due_date": "2026-12-10",
}


@pytest.fixture
def reading(office: Office) -> Submission:
    office.follows()
    made = office.submits(value=1250)
    office.deliveries().step()
    return made


@pytest.fixture
def fault(office: Office) -> Submission:
    office.follows()
    made = office.submits(SubmissionKind.FAULT, fault="METER")
    office.desk.receipts[made.number] = Receipt("WO1", {"joined": False})
    office.deliveries("hotline").step()
    return made


def told(office: Office) -> list[tuple[str, str]]:
    """(who, what) of all that is planned."""
    return [(one.openid, one.kind) for one in office.told()]


@pytest.mark.parametrize(
    ("kind", "data", "state", "notice"),
    [
        ("request_taken", {}, "in_progress", []),
        ("reading_accepted", {"value": 1250, "volume_m3": "16"}, "done", ["reading_accepted"]),
        ("reading_modified", {"value": 1251, "entered": 1250}, "done", ["reading_modified"]),
        ("reading_rejected", {"reason": "blurred", "text": ""}, "returned", ["reading_rejected"]),
        ("request_refused", {"text": "户号已销户"}, "returned", ["request_refused"]),
        ("visit_booked", {"on": "2026-11-25", "band": "09:00-11:00"}, "done", ["visit_booked"]),
        ("visit_changed", {"on": "2026-11-26", "band": "09:00-11:00"}, "done", ["visit_changed"]),
        ("visit_refused", {"text": "约满了"}, "returned", ["visit_refused"]),
        ("contact_changed", {}, "done", ["contact_changed"]),
        ("contact_refused", {"text": "号码停机"}, "returned", ["contact_refused"]),
        ("bill_type_changed", {"paper": False}, "done", []),
    ],
)
def test_an_answer_of_csms_changes_the_submission_and_tells_who_made_it(
    office: Office,
    reading: Submission,
    kind: str,
    data: dict[str, object],
    state: str,
    notice: list[str],
) -> None:
    office.desk.tells(kind, reading.number, **data)
    assert office.events().step() == 1
    changed = office.stored(reading)
    assert changed.state == state
    assert (changed.result or {}).items() >= data.items()
    assert told(office) == [(WEI, one) for one in notice]


def test_an_opened_bill_is_told_to_all_who_may_see_bills(office: Office) -> None:
    for openid, role in ((WEI, Role.OWNER), (QIN, Role.READER), ("oTESTvi", Role.VIEWER)):
        office.follows(openid)
        office.binds(openid, role)
    office.desk.tells("bill_opened", **BILL)
    office.events().step()
    assert sorted(told(office)) == [("oTESTvi", "bill_opened"), (WEI, "bill_opened")]


def test_a_visit_that_is_due_is_told_to_those_who_can_open_the_door(office: Office) -> None:
    for openid, role in ((WEI, Role.VIEWER), (QIN, Role.READER)):
        office.follows(openid)
        office.binds(openid, role)
    office.desk.tells("visit_due", visit_no="V1", reason="self6")
    office.events().step()
    assert told(office) == [(QIN, "visit_due")]


@pytest.mark.parametrize(
    ("kind", "data", "key", "lane", "valid_for"),
    [
        ("bill_opened", BILL, "B1", Lane.BILL, timedelta(days=30)),
        ("visit_due", {"visit_no": "V1", "reason": "self6"}, "V1", Lane.REMINDER, VISIT_IS_NEWS),
        (
            "spot_check_drawn",
            {"check_no": "C1", "answer_by": "2026-11-25"},
            "C1",
            Lane.REMINDER,
            timedelta(days=3, hours=12),
        ),
    ],
)
def test_news_that_a_planner_finds_too_has_the_same_key_and_is_told_once(
    office: Office, kind: str, data: dict[str, str], key: str, lane: Lane, valid_for: timedelta
) -> None:
    office.follows()
    office.binds()
    office.desk.tells(kind, **data)
    office.desk.tells(kind, **data)
    assert office.events().step() == 2
    (notice,) = office.told()
    assert (notice.key, notice.lane, notice.valid_until) == (key, lane, NOON + valid_for)
    assert notice.view == {"shown": "31*****017", **data}


def test_what_concerns_a_citizen_s_own_burst_pipe_goes_first(
    office: Office, fault: Submission
) -> None:
    office.binds()
    office.desk.tells("visit_missed", visit_no="V1")
    office.events().step()
    office.desk.told.clear()
    office.desk.tells("ticket_changed", fault.number, ext_no="WO1", state="on_way", text="")
    office.events("hotline").step()
    urgent, result = office.told()
    assert (urgent.lane, result.lane) == (Lane.URGENT, Lane.RESULT)
    assert (urgent.key, result.key) == (f"hotline:1:{fault.number}", "csms:1:")


def test_a_ticket_moves_on_and_is_told_of_until_it_is_done(
    office: Office, fault: Submission
) -> None:
    for state in ("assigned", "on_way", "done", "closed"):
        office.desk.tells("ticket_changed", fault.number, ext_no="WO1", state=state, text="")
    assert office.events("hotline").step() == 4
    assert office.stored(fault).state is SubmissionState.DONE
    kinds = [kind for _, kind in told(office)]
    assert kinds == ["ticket_changed", "ticket_changed", "ticket_closed"]


@pytest.mark.parametrize("kind", [SubmissionKind.COMPLAINT, SubmissionKind.CONSULT])
def test_the_reply_to_a_complaint_or_a_question_is_told_with_its_words(
    office: Office, kind: SubmissionKind
) -> None:
    office.follows()
    made = office.submits(kind, text="账单为什么高")
    office.desk.receipts[made.number] = Receipt("WO1", {"joined": False})
    office.deliveries("hotline").step()
    for state, text in (("assigned", ""), ("done", "水表没有问题"), ("closed", "")):
        office.desk.tells("ticket_changed", made.number, ext_no="WO1", state=state, text=text)
    office.events("hotline").step()
    assert office.stored(made).state is SubmissionState.DONE
    first, reply = office.told()
    assert (first.kind, first.view["kind"]) == ("ticket_changed", kind.value)
    assert (reply.kind, reply.view["text"]) == ("ticket_answered", "水表没有问题")


def test_everybody_in_a_ticket_is_told_of_it(office: Office, fault: Submission) -> None:
    office.follows(QIN)
    other = office.submits(SubmissionKind.FAULT, openid=QIN, acct_no="", fault="METER")
    office.desk.receipts[other.number] = Receipt("WO1", {"joined": True})
    office.deliveries("hotline").step()
    office.desk.tells("ticket_changed", fault.number, ext_no="WO1", state="on_way", text="")
    office.events("hotline").step()
    assert sorted(told(office)) == [(QIN, "ticket_changed"), (WEI, "ticket_changed")]


def test_a_ticket_whose_receipt_was_lost_is_known_by_our_number(office: Office) -> None:
    office.follows()
    made = office.submits(SubmissionKind.FAULT, fault="METER")
    office.desk.tells("ticket_changed", made.number, ext_no="WO9", state="on_way", text="")
    office.events("hotline").step()
    assert office.stored(made).state is SubmissionState.IN_PROGRESS
    assert office.stored(made).ext_no == "WO9"


def test_a_ticket_joined_to_another_goes_on_under_its_number(
    office: Office, fault: Submission
) -> None:
    office.desk.tells("ticket_joined", fault.number, ext_no="WO1", into="WO7")
    office.desk.tells("ticket_changed", "", ext_no="WO7", state="working", text="")
    office.events("hotline").step()
    assert office.stored(fault).ext_no == "WO7"
    assert office.stored(fault).state is SubmissionState.IN_PROGRESS


def test_an_event_taken_in_again_changes_nothing(office: Office, reading: Submission) -> None:
    office.desk.tells("reading_rejected", reading.number, reason="blurred", text="")
    assert office.events().step() == 1
    assert office.events().step() == 0
    assert len(told(office)) == 1


def test_one_worker_at_a_time_takes_events_in(office: Office, reading: Submission) -> None:
    office.desk.tells("request_taken", reading.number)
    assert office.outbox.hold("events:csms", worker="ben", now=office.now, lease_s=60) == 0
    assert office.events(worker="ann").step() == 0
    office.later(seconds=61)
    assert office.events(worker="ann").step() == 1


def test_an_event_nobody_understands_does_not_hold_up_the_next(
    office: Office, reading: Submission
) -> None:
    office.desk.tells("something_new")
    office.desk.tells("bill_opened", acct_no="", period=None)
    office.desk.tells("ticket_changed", reading.number)
    office.desk.tells("reading_accepted", reading.number, value=1250)
    assert office.events().step() == 4
    assert office.stored(reading).state is SubmissionState.DONE


def test_an_answer_to_somebody_else_s_request_is_passed(office: Office) -> None:
    office.desk.tells("reading_accepted", "W2611220000000", value=1)
    assert office.events().step() == 1
    assert told(office) == []


def test_events_of_a_desk_that_is_down_wait(office: Office, reading: Submission) -> None:
    office.desk.tells("request_taken", reading.number)
    office.desk.error = BackendUnavailable("csms", 1.0)
    with pytest.raises(DeskDown):
        office.events().step()
    office.desk.error = None
    assert office.events().step() == 1


def at(event_id: int, when: timedelta) -> OutsideEvent:
    return OutsideEvent(event_id, "x", NOON - when, HOME, "", "", {})


def test_a_missing_id_is_waited_for_while_it_may_still_turn_up() -> None:
    young, old = timedelta(seconds=1), timedelta(minutes=1)
    found = [at(4, young), at(6, young)]
    assert list(without_gaps(found, 3, NOON)) == found[:1]
    settled = [at(4, old), at(6, old)]
    assert list(without_gaps(settled, 3, NOON)) == settled
