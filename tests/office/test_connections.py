"""Connection applications: from stage to stage, sent back, or turned down."""

from datetime import date
from random import Random

import pytest

from sandbox.office import (
    BadEntry,
    OfficeError,
    advance,
    answer_everything,
    draw_checks,
    queue,
    send_back,
    take_requests,
    turn_down,
)
from sandbox.office.connections import STAGES
from tests.office.town import NOW, Town


@pytest.fixture
def number(town: Town) -> str:
    sent = town.send_connection()
    take_requests(town.engine, NOW)
    return sent


def test_an_application_goes_through_all_stages_and_each_is_told(town: Town, number: str) -> None:
    states = [advance(town.engine, number, NOW).state for _ in STAGES]
    assert states == ["underway"] * 9 + ["done"]
    told = town.answers(number)
    assert {event.kind for event in told} == {"connection_stage"}
    assert [event.data["stage"] for event in told] == list(STAGES)
    with pytest.raises(OfficeError, match="已办结，不能再办"):
        advance(town.engine, number, NOW)


def test_a_stage_is_promised_with_a_word_and_shown_to_staff(town: Town, number: str) -> None:
    promised = {"promised_on": date(2026, 12, 1), "text": "上门前会打电话"}
    advance(town.engine, number, NOW, stage="survey_booked", **promised)  # type: ignore[arg-type]
    (event,) = town.answers(number)
    wanted = {"stage": "survey_booked", "promised_on": "2026-12-01", "text": "上门前会打电话"}
    assert event.data == wanted
    (entry,) = [one for one in queue(town.engine, states=()) if one.request_no == number]
    assert [one.stage for one in entry.stages] == ["survey_booked"]
    assert (entry.state, entry.acct_no) == ("underway", "")


def test_stages_are_passed_over_but_never_gone_back_to(town: Town, number: str) -> None:
    advance(town.engine, number, NOW, stage="designed")
    for earlier in ("accepted", "designed"):
        with pytest.raises(OfficeError, match="不能再回到"):
            advance(town.engine, number, NOW, stage=earlier)
    with pytest.raises(BadEntry, match="阶段应为"):
        advance(town.engine, number, NOW, stage="whim")
    with pytest.raises(BadEntry, match="已经过去"):
        advance(town.engine, number, NOW, promised_on=date(2026, 11, 21))
    assert len(town.answers(number)) == 1


def test_an_application_is_sent_back_with_its_reason(town: Town, number: str) -> None:
    with pytest.raises(BadEntry, match="写明原因"):
        send_back(town.engine, number, "", "", NOW)
    advance(town.engine, number, NOW)
    send_back(town.engine, number, "", "请补租赁合同", NOW)
    event = town.answers(number)[-1]
    assert (event.kind, event.data) == ("connection_returned", {"text": "请补租赁合同"})
    with pytest.raises(OfficeError, match="已退回，不能再办"):
        advance(town.engine, number, NOW)


def test_an_application_is_turned_down(town: Town, number: str) -> None:
    turn_down(town.engine, number, "此处属拆迁范围", NOW)
    event = town.answers(number)[-1]
    assert (event.kind, event.data) == ("connection_rejected", {"text": "此处属拆迁范围"})
    with pytest.raises(OfficeError, match="未受理，不能再办"):
        turn_down(town.engine, number, "此处属拆迁范围", NOW)


def test_the_automatic_staff_answers_every_kind(town: Town) -> None:
    sent = [town.send_connection() for _ in range(3)]
    for _ in range(3):
        acct_no = town.someone("m.is_remote = 0 AND m.visit_due = 0")
        sent += [town.send_transfer(acct_no), town.send_transfer(town.someone(), "override")]
        sent.append(town.send("cancel_real_name", town.someone(), {"reason": "sold"}))
    unchecked = "m.acct_no NOT IN (SELECT acct_no FROM wx_spot_check WHERE state <> 'closed')"
    for check in draw_checks(town.engine, [town.someone(unchecked) for _ in range(4)], NOW):
        sent.append(town.send_check(check.acct_no, check.check_no))
    assert sum(answer_everything(town.engine, NOW, Random(5)).values()) >= len(sent)
    assert queue(town.engine, states=("waiting", "underway")) == ()
    assert all(town.answers(request_no) for request_no in sent)
