"""Requests arrive once, whatever happens on the way, and faults find their ticket."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from backends.errors import BackendUnavailable, Rejected
from backends.hotline.desk import HttpHotlineDesk
from backends.ports import Request, SubmissionKind
from sandbox.hotline import staff
from tests.hotline.house import (
    NOW,
    PHOTO,
    House,
    a_complaint,
    a_fault,
    a_question,
    about,
    running,
)

URGE, PHOTOS, RATING = SubmissionKind.URGE, SubmissionKind.FAULT_PHOTO, SubmissionKind.RATING


def test_a_fault_opens_a_ticket_with_all_that_was_told(house: House, desk: HttpHotlineDesk) -> None:
    place = {"text": "人民东路88弄门口", "lat": 25.04, "lon": 102.7}
    details = "水从路面冒出来 🚰"
    receipt = desk.hand_over(a_fault(payload={"place": place, "details": details}, files=(PHOTO,)))
    assert receipt.ext_no == "WO2026112200001"
    assert receipt.data == {"joined": False, "state": "new"}
    (ticket,) = house.tickets()
    told = [ticket[name] for name in ("fault", "urgency", "side", "acct_no", "place", "details")]
    assert told == ["LEAK_PUBLIC", "P2", "before", "3100000025", place["text"], details]
    (request,) = ticket["requests"]
    assert request["at"] == NOW.isoformat()
    assert request["files"][0]["sha256"] == PHOTO.sha256


def test_handing_over_twice_is_once_though_the_links_of_its_photos_are_renewed(
    house: House, desk: HttpHotlineDesk
) -> None:
    first = desk.hand_over(a_fault(files=(PHOTO,)))
    renewed = replace(PHOTO, url="https://wx.example.com/files/0b8f6d2c?expires=2")
    assert desk.hand_over(a_fault(files=(renewed,))) == first
    (ticket,) = house.tickets()
    assert len(ticket["requests"]) == 1


def test_many_at_the_same_moment_are_carried_out_once(house: House, desk: HttpHotlineDesk) -> None:
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(desk.hand_over, [a_fault()] * 16))
    assert {receipt.ext_no for receipt in receipts} == {"WO2026112200001"}
    assert len(house.tickets()[0]["requests"]) == 1


def test_an_answer_that_was_lost_is_had_by_asking_again(
    house: House, desk: HttpHotlineDesk
) -> None:
    house.switch("lose_answer")
    with pytest.raises(BackendUnavailable) as caught:
        desk.hand_over(a_fault())
    assert caught.value.sent is True
    assert len(house.tickets()) == 1, "it was carried out"
    house.switch("ok")
    assert desk.hand_over(a_fault()).data == {"joined": False, "state": "new"}
    assert len(house.tickets()) == 1


def test_a_repeat_that_comes_late_learns_where_the_ticket_stands(
    house: House, desk: HttpHotlineDesk
) -> None:
    ticket_no = desk.hand_over(a_fault()).ext_no
    house.move(ticket_no, "on_way")
    assert desk.hand_over(a_fault()).data == {"joined": False, "state": "on_way"}


def test_a_repeat_after_a_merger_gets_the_ticket_it_belongs_to_now(
    house: House, desk: HttpHotlineDesk
) -> None:
    first = desk.hand_over(a_fault("W1", payload={"place": place("滨河路1号")})).ext_no
    second = desk.hand_over(a_fault("W2", payload={"place": place("滨河路9号")})).ext_no
    staff.join(house.store, second, first, NOW)
    receipt = desk.hand_over(a_fault("W2", payload={"place": place("滨河路9号")}))
    assert receipt.ext_no == first
    assert receipt.data == {"joined": True, "state": "new"}


def test_a_number_that_stands_for_something_else_is_refused(desk: HttpHotlineDesk) -> None:
    desk.hand_over(a_fault())
    with pytest.raises(Rejected) as caught:
        desk.hand_over(a_fault(payload={"details": "另一处"}))
    assert (caught.value.system, caught.value.code) == ("hotline", "number_reused")


def test_what_was_taken_outlives_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        with running(tmp_path / "hotline.sqlite3") as house, house.desk() as desk:
            assert desk.hand_over(a_fault()).ext_no == "WO2026112200001"
            assert len(house.tickets()) == 1


# --- joining ---------------------------------------------------------------------------------


def place(text: str, lat: float | None = None, lon: float | None = None) -> dict[str, object]:
    return {"text": text, "lat": lat, "lon": lon}


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (place("云川市人民东路88弄6号1201室"), place("人民东路 ８８弄"), True),
        (place("人民东路88弄"), place("人民东路89弄"), False),
        (place("", 25.0400, 102.7), place("", 25.0417, 102.7), True),
        (place("", 25.0400, 102.7), place("", 25.0419, 102.7), False),
        (place("人民东路88弄", 25.0400, 102.7), place("人民东路88弄"), True),
        (place("人民东路88弄", 25.04, 102.7), place("人民东路88弄", 25.05, 102.7), False),
        (place("路口"), place("路口"), False),
    ],
)
def test_faults_of_a_kind_at_one_place_share_a_ticket(
    desk: HttpHotlineDesk, first: dict[str, object], second: dict[str, object], same: bool
) -> None:
    opened = desk.hand_over(a_fault("W1", payload={"place": first}))
    other = desk.hand_over(a_fault("W2", payload={"place": second}))
    assert (other.ext_no == opened.ext_no) is same
    assert (other.data or {})["joined"] is same


def test_another_fault_at_the_same_place_gets_its_own_ticket(desk: HttpHotlineDesk) -> None:
    opened = desk.hand_over(a_fault("W1"))
    other = desk.hand_over(a_fault("W2", payload={"fault": "QUALITY"}))
    assert other.ext_no != opened.ext_no


def test_two_households_with_broken_meters_get_two_tickets(desk: HttpHotlineDesk) -> None:
    opened = desk.hand_over(a_fault("W1", payload={"fault": "METER"}))
    other = desk.hand_over(a_fault("W2", payload={"fault": "METER"}))
    assert other.ext_no != opened.ext_no


def test_the_ticket_that_the_citizen_was_shown_is_joined_wherever_it_is(
    desk: HttpHotlineDesk,
) -> None:
    opened = desk.hand_over(a_fault("W1"))
    far = {"place": place("港口路1号"), "join": opened.ext_no}
    assert desk.hand_over(a_fault("W2", payload=far)).ext_no == opened.ext_no


@pytest.mark.parametrize("gone", ["done", "unknown"])
def test_a_ticket_that_can_no_longer_be_joined_does_not_stop_a_report(
    house: House, desk: HttpHotlineDesk, gone: str
) -> None:
    opened = desk.hand_over(a_fault("W1")).ext_no
    house.move(opened, "done")
    join = opened if gone == "done" else "WO2020010100001"
    receipt = desk.hand_over(a_fault("W2", payload={"join": join}))
    assert receipt.ext_no == "WO2026112200002"
    assert (receipt.data or {})["joined"] is False


def test_a_complaint_opens_a_ticket_with_its_topic_words_and_photos(
    house: House, desk: HttpHotlineDesk
) -> None:
    receipt = desk.hand_over(a_complaint(files=(PHOTO,)))
    assert receipt.data == {"joined": False, "state": "new"}
    assert desk.hand_over(a_complaint(files=(PHOTO,))) == receipt
    (ticket,) = house.tickets()
    told = [ticket[name] for name in ("kind", "topic", "fault", "details", "acct_no")]
    assert told == ["complaint", "bill", "", "账单比上期多了一倍", "3100000025"]
    assert len(ticket["requests"][0]["files"]) == 1


def test_the_same_question_asked_by_two_is_two_tickets(house: House, desk: HttpHotlineDesk) -> None:
    receipts = [desk.hand_over(a_question(number)) for number in ("W1", "W2")]
    assert len({receipt.ext_no for receipt in receipts}) == 2
    assert [ticket["kind"] for ticket in house.tickets()] == ["consult", "consult"]


def test_a_complaint_is_urged_and_rated_like_a_fault(house: House, desk: HttpHotlineDesk) -> None:
    ticket_no = desk.hand_over(a_complaint()).ext_no
    desk.hand_over(about(ticket_no, URGE, "W1"))
    house.move(ticket_no, "done", "已退回多收的水费")
    desk.hand_over(about(ticket_no, RATING, "W2", {"score": 4, "words": ""}))
    (ticket,) = house.tickets()
    assert (ticket["urges"], ticket["score"]) == (1, 4)


# --- what follows a fault --------------------------------------------------------------------


def test_an_urge_a_photo_and_a_rating_go_to_their_ticket(
    house: House, desk: HttpHotlineDesk
) -> None:
    ticket_no = desk.hand_over(a_fault()).ext_no
    for request in (
        about(ticket_no, URGE, "W1"),
        about(ticket_no, PHOTOS, "W2", files=(PHOTO,)),
    ):
        assert desk.hand_over(request).ext_no == ticket_no
        assert desk.hand_over(request).data == {"joined": False, "state": "new"}
    house.move(ticket_no, "done")
    desk.hand_over(about(ticket_no, RATING, "W3", {"score": 5, "words": "来得很快"}))
    (ticket,) = house.tickets()
    assert (ticket["urges"], ticket["score"], ticket["words"]) == (1, 5, "来得很快")
    assert [len(request["files"]) for request in ticket["requests"]] == [0, 0, 1, 0]


def test_a_merged_ticket_hands_on_what_is_asked_about_it(
    house: House, desk: HttpHotlineDesk
) -> None:
    first = desk.hand_over(a_fault("W1")).ext_no
    second = desk.hand_over(a_fault("W2", payload={"place": place("滨河路1号")})).ext_no
    staff.join(house.store, second, first, NOW)
    assert desk.hand_over(about(second, URGE)).ext_no == first


BROKEN = {"fault": "FIRE"}
NOWHERE = {"place": place(" ")}


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (a_fault(payload=BROKEN), "unknown_fault"),
        (a_fault(payload=NOWHERE), "no_place"),
        (a_fault(payload={"urgency": "P9"}), "malformed"),
        (a_fault(payload={"place": place("路", lat=25.0)}), "malformed"),
        (a_fault(payload={"place": place("路", lat=250.0, lon=102.0)}), "malformed"),
        (a_fault(number="W-1"), "malformed"),
        (a_complaint(payload={"topic": "weather"}), "unknown_topic"),
        (a_complaint(payload={"text": " "}), "malformed"),
        (a_question(payload={"text": "长" * 201}), "malformed"),
        (a_question(about="WO2026112200001"), "malformed"),
        (about("WO2020010100001", URGE), "unknown_ticket"),
        (about("WO2026112200001", RATING, payload={"score": 5, "words": ""}), "not_done"),
        (about("WO2026112200001", RATING, payload={"score": 6, "words": ""}), "malformed"),
        (about("WO2026112200001", PHOTOS), "malformed"),
        (about("WO2026112200002", URGE), "ticket_ended"),
    ],
)
def test_what_can_never_be_carried_out_is_rejected_with_a_code(
    house: House, desk: HttpHotlineDesk, request_: Request, code: str
) -> None:
    desk.hand_over(a_fault("W1"))
    ended = desk.hand_over(a_fault("W2", payload={"place": place("滨河路1号")})).ext_no
    house.move(ended, "cancelled", "重复报修")
    with pytest.raises(Rejected) as caught:
        desk.hand_over(request_)
    assert (caught.value.system, caught.value.code) == ("hotline", code)
    assert sum(len(ticket["requests"]) for ticket in house.tickets()) == 2
