"""What changes while a citizen looks at it, and what was half done when something came between."""

from dataclasses import replace

import pytest

from backends.ports import Submission, SubmissionKind, SubmissionMade, SubmissionState
from tests.citizen import Citizen
from tests.fakes import FakeRecords
from tests.service import Service
from tests.town import OWES_ONE

NUMBER = "W2611221234561"


@pytest.fixture
def citizen(service: Service) -> Citizen:
    return service.citizen()


@pytest.fixture
def report(service: Service, citizen: Citizen, records: FakeRecords) -> Submission:
    made = Submission(
        number=NUMBER,
        key="k",
        openid=citizen.openid,
        acct_no="",
        kind=SubmissionKind.FAULT,
        payload={"fault": "METER", "place": {"text": "滨河路12号"}},
        created_at=service.now(),
        state=SubmissionState.IN_PROGRESS,
        ext_no="WO1",
        result={"state": "assigned"},
    )
    records.commit([SubmissionMade(made)])
    return made


def done(report: Submission, records: FakeRecords) -> None:
    records.put(replace(report, state=SubmissionState.DONE, result={"state": "done"}))


def test_progress_asked_for_again_shows_how_it_stands_now(
    citizen: Citizen, report: Submission, records: FakeRecords
) -> None:
    assert "已派给抢修人员" in citizen.says("进度").plain
    done(report, records)
    assert "已处理好" in citizen.says("进度").plain


def test_progress_looked_at_is_not_kept_for_later(citizen: Citizen, report: Submission) -> None:
    citizen.says("进度")
    assert "接着办" not in citizen.says("菜单").plain
    assert "没有没办完的事" in citizen.says("继续").plain


def test_a_ticket_that_was_closed_meanwhile_is_not_urged(
    citizen: Citizen, report: Submission, records: FakeRecords
) -> None:
    shown = citizen.says("进度")
    assert "催办" in shown.plain
    done(report, records)
    answer = citizen.taps_link(shown, "催办")
    assert "已处理好" in answer.plain
    assert [one.kind for one in records.submissions(citizen.openid, 9)] == [SubmissionKind.FAULT]


def test_a_binding_half_done_goes_on_when_what_came_between_needs_it(citizen: Citizen) -> None:
    for said in ("绑定户号", "同意", OWES_ONE, "张伟"):
        asked = citizen.says(said)
    assert "还有别的户号" in asked.plain
    answer = citizen.says("自助抄表")
    assert "还有别的户号" in answer.plain
    for said in ("绑好了", "2", "1"):
        answer = citizen.says(said)
    assert answer.kind in ("news", "text")
    assert "水表" in answer.plain
