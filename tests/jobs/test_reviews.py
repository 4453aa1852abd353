"""What our own staff decide about an application, and what comes of it."""

import pytest

from backends.ports import Submission, SubmissionKind, SubmissionState
from bot import reviews as review_work
from bot.reviews import NoReason, Reviews
from tests.jobs.conftest import WEI, Office
from tests.jobs.test_results import told
from tests.logged import logged_by

PERSON = {"name": "张三", "id_no": "11010519491231002X", "mobile": "13812345678"}


@pytest.fixture
def application(office: Office) -> Submission:
    office.follows()
    office.keeps_photo("p1")
    return applies(office)


def applies(office: Office, parent_no: str = "") -> Submission:
    return office.submits(
        SubmissionKind.CONNECTION,
        acct_no="",
        photo_ids=("p1",),
        parent_no=parent_no,
        state=SubmissionState.IN_REVIEW,
        private=PERSON,
        address="滨河路12号101室",
    )


def reviews(office: Office) -> Reviews:
    return Reviews(
        office.outbox,
        office.secrets,
        link=lambda photo_id: f"https://water.example/files/{photo_id}",
        clock=lambda: office.now,
    )


def test_nothing_is_handed_over_before_somebody_has_looked(
    office: Office, application: Submission
) -> None:
    assert office.deliveries().step() == 0
    assert office.stored(application).state is SubmissionState.IN_REVIEW


def test_a_reviewer_sees_it_in_full_and_that_is_logged(
    office: Office, application: Submission
) -> None:
    with logged_by(review_work) as logged:
        found = reviews(office).look_at(application.number, by="li")
    assert found is not None
    assert found.private == PERSON
    assert found.links == ("https://water.example/files/p1",)
    assert logged == [
        {
            "event": "application_seen",
            "log_level": "info",
            "number": application.number,
            "by": "li",
        }
    ]


def test_an_approved_one_reaches_csms_with_its_private_values(
    office: Office, application: Submission
) -> None:
    with logged_by(review_work) as logged:
        assert reviews(office).approve(application.number, by="li")
    assert [(one["event"], one["by"]) for one in logged] == [("application_approved", "li")]
    assert office.deliveries().step() == 1
    (request,) = office.desk.got
    assert request.private == PERSON
    assert [file.photo_id for file in request.files] == ["p1"]


def test_one_sent_back_is_told_the_very_words(office: Office, application: Submission) -> None:
    with logged_by(review_work) as logged:
        assert reviews(office).send_back(application.number, " 缺身份证\n背面 ", by="li")
    assert [one["event"] for one in logged] == ["application_returned"]
    stored = office.stored(application)
    assert stored.state is SubmissionState.RETURNED
    assert (stored.result or {})["text"] == "缺身份证 背面"
    (planned,) = office.told()
    assert (planned.openid, planned.kind) == (WEI, "connection_returned")
    assert planned.view["text"] == "缺身份证 背面"


def test_a_second_decision_finds_nothing_waiting(office: Office, application: Submission) -> None:
    desk = reviews(office)
    assert desk.send_back(application.number, "缺身份证背面", by="li")
    assert not desk.approve(application.number, by="wang")
    assert not desk.send_back(application.number, "缺照片", by="wang")
    assert told(office) == [(WEI, "connection_returned")]
    assert office.deliveries().step() == 0


@pytest.mark.parametrize("text", ["", " \n ", "长" * 201])
def test_without_words_that_help_nothing_is_sent_back(
    office: Office, application: Submission, text: str
) -> None:
    with pytest.raises(NoReason):
        reviews(office).send_back(application.number, text, by="li")
    assert office.stored(application).state is SubmissionState.IN_REVIEW


def test_who_has_waited_longest_comes_first(office: Office, application: Submission) -> None:
    later = applies(office)
    waiting = reviews(office).waiting(10)
    assert [one.submission.number for one in waiting] == [application.number, later.number]


def test_other_submissions_are_none_of_the_reviewers_business(office: Office) -> None:
    office.follows()
    other = office.submits(SubmissionKind.READING, value=1250)
    desk = reviews(office)
    assert desk.look_at(other.number, by="li") is None
    assert not desk.approve(other.number, by="li")
    assert not desk.send_back(other.number, "缺照片", by="li")
    assert desk.waiting(10) == ()


def test_one_made_anew_refers_to_the_one_it_replaces(
    office: Office, application: Submission
) -> None:
    desk = reviews(office)
    desk.send_back(application.number, "缺身份证背面", by="li")
    anew = applies(office, parent_no=application.number)
    desk.approve(anew.number, by="li")
    office.deliveries().step()
    (request,) = office.desk.got
    assert (request.number, request.about) == (anew.number, application.number)
    assert [file.photo_id for file in request.files] == ["p1"]
