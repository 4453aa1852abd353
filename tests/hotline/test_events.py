"""What becomes of tickets is read from a point on, in order, nothing twice and nothing left out."""

import pytest

from backends.hotline.desk import HttpHotlineDesk
from backends.ports import SubmissionKind
from sandbox.hotline import staff
from tests.hotline.house import NOW, House, a_fault, about

COURSE = ("assigned", "on_way", "working", "done", "closed")


def a_place(text: str) -> dict[str, object]:
    return {"place": {"text": text, "lat": None, "lon": None}}


def test_the_course_of_a_ticket_is_told_step_by_step(house: House, desk: HttpHotlineDesk) -> None:
    ticket_no = desk.hand_over(a_fault()).ext_no
    assert list(desk.events(0, 100)) == [], "that it was opened is told by the receipt"
    for state in COURSE:
        house.move(ticket_no, state, "抢修二队" if state == "assigned" else "")
    events = desk.events(0, 100)
    assert [event.data["state"] for event in events] == list(COURSE)
    first = events[0]
    assert (first.kind, first.ext_no, first.at) == ("ticket_changed", ticket_no, NOW)
    assert first.data["text"] == "抢修二队"
    assert (first.acct_no, first.request_no) == ("", a_fault().number)


def test_an_event_names_the_request_that_opened_the_ticket_not_those_that_joined_it(
    house: House, desk: HttpHotlineDesk
) -> None:
    for number in ("W1", "W2"):
        ticket_no = desk.hand_over(a_fault(number)).ext_no
    desk.hand_over(about(ticket_no, SubmissionKind.URGE, "W3"))
    house.move(ticket_no, "assigned")
    assert [event.request_no for event in desk.events(0, 100)] == ["W1"]


def test_pages_follow_each_other_without_a_gap(house: House, desk: HttpHotlineDesk) -> None:
    for number in range(4):
        place = a_place(f"滨河路{number}号")
        ticket_no = desk.hand_over(a_fault(f"W{number}", payload=place)).ext_no
        for state in COURSE:
            house.move(ticket_no, state)
    everything, read, after = desk.events(0, 500), [], 0
    while page := desk.events(after, 3):
        assert len(page) <= 3
        read += page
        after = page[-1].event_id
    assert read == list(everything)
    assert len(read) == 4 * len(COURSE)
    assert [event.event_id for event in read] == sorted({event.event_id for event in read})


def test_a_merger_is_told_of_the_ticket_that_went_away(house: House, desk: HttpHotlineDesk) -> None:
    into = desk.hand_over(a_fault("W1")).ext_no
    gone = desk.hand_over(a_fault("W2", payload=a_place("滨河路1号"))).ext_no
    desk.hand_over(about(gone, SubmissionKind.URGE, "W3"))
    staff.join(house.store, gone, into, NOW)
    (event,) = desk.events(0, 100)
    assert (event.kind, event.ext_no, event.data) == ("ticket_joined", gone, {"into": into})
    ticket = staff.ticket(house.store, into)
    assert [request["number"] for request in ticket["requests"]] == ["W1", "W2", "W3"]
    assert ticket["urges"] == 1
    with pytest.raises(staff.NotNow):
        house.move(gone, "assigned")


def test_a_step_that_is_refused_tells_nothing(house: House, desk: HttpHotlineDesk) -> None:
    ticket_no = desk.hand_over(a_fault()).ext_no
    house.move(ticket_no, "working")
    for state in ("assigned", "on_way", "working", "closed"):
        with pytest.raises(staff.NotNow):
            house.move(ticket_no, state)
    assert [event.data["state"] for event in desk.events(0, 100)] == ["working"]


@pytest.mark.parametrize("state", ["returned", "cancelled"])
def test_whoever_sends_a_report_back_must_say_why(
    house: House, desk: HttpHotlineDesk, state: str
) -> None:
    ticket_no = desk.hand_over(a_fault()).ext_no
    with pytest.raises(ValueError, match="needs a text"):
        house.move(ticket_no, state, " ")
    house.move(ticket_no, state, "该处为小区内部管道，请联系物业")
    (event,) = desk.events(0, 100)
    assert event.data == {"state": state, "text": "该处为小区内部管道，请联系物业"}
