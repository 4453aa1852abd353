"""Submissions to their desks: once, in order, late rather than never."""

from random import Random

import pytest

from backends.errors import BackendUnavailable, Rejected
from backends.ports import Receipt, SubmissionKind, SubmissionState
from jobs.deliveries import LONGEST_PAUSE_S, DeskDown, pause_s
from tests.fakes import FakeSecrets
from tests.jobs.conftest import HOME, Office

DOWN = BackendUnavailable("csms", 1.0, "connection refused")


class LostKey(FakeSecrets):
    def open(self, sealed: str) -> str | None:
        del sealed
        return None


def test_a_submission_reaches_its_desk_with_everything_it_needs(office: Office) -> None:
    office.follows()
    office.keeps_photo("p1")
    made = office.submits(photo_ids=("p1",), value=1250)
    assert office.deliveries().step() == 1
    (request,) = office.desk.got
    assert (request.number, request.kind, request.acct_no) == (made.number, "reading", HOME)
    assert request.payload == {"value": 1250}
    (file,) = request.files
    assert (file.photo_id, file.url) == ("p1", "https://water.example/files/p1")
    assert office.stored(made).state is SubmissionState.DELIVERED


def test_nothing_is_handed_over_twice(office: Office) -> None:
    office.submits()
    assert office.deliveries().step() == 1
    assert office.deliveries(worker="ben").step() == 0
    assert len(office.desk.got) == 1


def test_a_desk_that_is_down_makes_it_late_and_not_lost(office: Office) -> None:
    made = office.submits()
    office.desk.error = DOWN
    for _ in range(20):
        with pytest.raises(DeskDown):
            office.deliveries().step()
        office.later(seconds=LONGEST_PAUSE_S)
    office.desk.error = None
    assert office.deliveries().step() == 1
    assert office.stored(made).state is SubmissionState.DELIVERED


def test_after_a_failure_it_waits_before_it_is_tried_again(office: Office) -> None:
    office.submits()
    office.desk.error = DOWN
    with pytest.raises(DeskDown):
        office.deliveries().step()
    office.desk.error = None
    assert office.deliveries().step() == 0
    office.later(seconds=2)
    assert office.deliveries().step() == 1


def test_the_rest_of_a_batch_does_not_wait_for_the_one_that_failed(office: Office) -> None:
    office.submits(acct_no="3100000025")
    other = office.submits(acct_no="3100000033")
    office.desk.error = DOWN
    with pytest.raises(DeskDown):
        office.deliveries().step()
    office.desk.error = None
    assert office.deliveries(worker="ben").step() == 1
    assert office.desk.got[0].number == other.number


def test_only_what_was_tried_counts_a_try_and_waits_longer_for_the_next(office: Office) -> None:
    """A desk that is down for hours must not make all that waits for it five minutes late."""
    made = [office.submits(acct_no=f"31000000{number}") for number in range(20, 40)]
    office.desk.error = DOWN
    for _ in range(5):
        with pytest.raises(DeskDown):
            office.deliveries().step()
    tries = [row.attempts for row in office.outbox.listing(state="queued", limit=50)]
    assert sum(tries) == 5
    office.desk.error = None
    office.later(seconds=2)
    assert office.deliveries().step() == len(made)


def test_a_refusal_goes_onto_the_dead_letter_list_with_its_reason(office: Office) -> None:
    made, after = office.submits(), office.submits()
    office.desk.refuse[made.number] = Rejected("csms", "does_not_fit", "payload too long")
    for _ in range(2):
        office.deliveries().step()
    assert office.stored(made).state is SubmissionState.STUCK
    (row,) = office.outbox.listing(state="stuck", limit=10)
    assert "payload too long" in row.last_error
    assert office.stored(after).state is SubmissionState.DELIVERED, "it holds up nobody"


def test_a_resent_one_is_handed_over(office: Office) -> None:
    made = office.submits()
    office.desk.refuse[made.number] = Rejected("csms", "x", "y")
    office.deliveries().step()
    del office.desk.refuse[made.number]
    assert office.outbox.resend(made.number, office.now)
    office.deliveries().step()
    assert office.stored(made).state is SubmissionState.DELIVERED


def test_a_worker_that_died_in_between_is_followed_by_another(office: Office) -> None:
    """Between handing over and noting it: the desk gets the same number again."""
    made = office.submits()
    office.outbox.claim("csms", worker="dead", now=office.now, lease_s=120, limit=5)
    assert office.deliveries().step() == 0
    office.later(seconds=121)
    assert office.deliveries().step() == 1
    assert office.desk.got[0].number == made.number


def test_what_an_account_asks_for_arrives_in_that_order(office: Office) -> None:
    numbers = [office.submits().number for _ in range(5)]
    while office.deliveries().step():
        pass
    assert [request.number for request in office.desk.got] == numbers


def test_an_urge_names_the_ticket_it_is_about_and_is_done_with_that(office: Office) -> None:
    fault = office.submits(SubmissionKind.FAULT, fault="METER")
    urge = office.submits(SubmissionKind.URGE, parent_no=fault.number)
    office.desk.receipts[fault.number] = Receipt("WO2026112200001", {"joined": False})
    for _ in range(2):
        office.deliveries("hotline").step()
    assert office.desk.got[1].about == "WO2026112200001"
    assert office.stored(fault).ext_no == "WO2026112200001"
    assert office.stored(fault).result == {"joined": False}
    assert office.stored(urge).state is SubmissionState.DONE


def test_about_a_report_that_is_stuck_our_own_number_has_to_do(office: Office) -> None:
    fault = office.submits(SubmissionKind.FAULT)
    office.submits(SubmissionKind.URGE, parent_no=fault.number)
    office.desk.refuse[fault.number] = Rejected("hotline", "x", "y")
    for _ in range(2):
        office.deliveries("hotline").step()
    assert office.desk.got[0].about == fault.number


def test_a_receipt_asked_for_again_may_tell_that_the_ticket_has_moved_on(office: Office) -> None:
    fault = office.submits(SubmissionKind.FAULT)
    office.desk.receipts[fault.number] = Receipt("WO1", {"joined": False, "state": "on_way"})
    office.deliveries("hotline").step()
    assert office.stored(fault).state is SubmissionState.IN_PROGRESS


def test_submissions_of_one_system_are_not_held_up_by_the_other(office: Office) -> None:
    office.submits(SubmissionKind.FAULT)
    reading = office.submits(SubmissionKind.READING)
    assert office.deliveries("csms").step() == 1
    assert office.desk.got[0].number == reading.number


def test_pauses_grow_to_five_minutes_and_differ() -> None:
    rng = Random(7)
    pauses = [pause_s(attempts, rng) for attempts in range(40)]
    assert pauses[0] <= 2.0
    assert max(pauses) <= LONGEST_PAUSE_S
    assert min(pauses[10:]) >= LONGEST_PAUSE_S / 2
    assert len(set(pauses)) == len(pauses)


def test_private_values_are_opened_only_to_be_handed_over(office: Office) -> None:
    made = office.submits(SubmissionKind.CONNECTION, private={"name": "张三"})
    office.deliveries().step()
    (request,) = office.desk.got
    assert request.private == {"name": "张三"}
    assert "张三" not in str(request.payload)
    assert "张三" not in office.stored(made).sealed


def test_private_values_whose_key_is_gone_are_seen_by_the_operator(office: Office) -> None:
    made = office.submits(SubmissionKind.CONNECTION, private={"name": "张三"})
    office.secrets = LostKey()
    office.deliveries().step()
    assert office.desk.got == []
    assert office.stored(made).state is SubmissionState.STUCK
    (row,) = office.outbox.listing(state="stuck", limit=10)
    assert "WATERDESK_DATA_KEY_PREVIOUS" in row.last_error
