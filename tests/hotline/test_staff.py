"""The hotline's staff over HTTP, as the back office's page uses it."""

import sqlite3
from typing import Any

import pytest
import requests

from backends.hotline.adapter import HttpHotline
from backends.hotline.desk import HttpHotlineDesk
from backends.ports import Place
from tests.hotline.house import House, a_complaint, a_fault, a_question

OUTAGE = {
    "kind": "planned",
    "area": "滨河路一带",
    "reason": "管网检修",
    "starts_at": "2026-11-22T10:00",
    "ends_at": "2026-11-22T18:00:00+08:00",
    "word": "滨河路",
}


@pytest.fixture
def base(house: House) -> str:
    return house.url.removesuffix("/hotline") + "/api/hotline"


def post(base: str, path: str, **body: Any) -> requests.Response:
    return requests.post(base + path, json=body, timeout=5)


def test_a_ticket_is_taken_through_its_course(base: str, desk: HttpHotlineDesk) -> None:
    ticket_no = desk.hand_over(a_fault()).ext_no
    (listed,) = requests.get(f"{base}/tickets", timeout=5).json()["tickets"]
    assert (listed["ticket_no"], listed["state"]) == (ticket_no, "new")
    for action in ("assign", "on_way", "working", "done", "close"):
        answer = post(base, f"/tickets/{ticket_no}/{action}", text=action)
        assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "closed"
    assert [event.data["text"] for event in desk.events(0, 10)][-1] == "close"
    ticket = requests.get(f"{base}/tickets/{ticket_no}", timeout=5).json()
    assert ticket["requests"][0]["number"] == a_fault().number


def test_two_tickets_are_merged(base: str, desk: HttpHotlineDesk) -> None:
    place = {"place": {"text": "滨河路1号", "lat": None, "lon": None}}
    into, gone = desk.hand_over(a_fault("W1")), desk.hand_over(a_fault("W2", payload=place))
    answer = post(base, f"/tickets/{gone.ext_no}/join", into=into.ext_no)
    assert (answer.json()["state"], answer.json()["joined_into"]) == ("joined", into.ext_no)
    assert desk.events(0, 10)[0].kind == "ticket_joined"
    assert post(base, f"/tickets/{into.ext_no}/join", into=into.ext_no).status_code == 409
    assert post(base, f"/tickets/{into.ext_no}/join", into=gone.ext_no).status_code == 409


def test_a_question_is_answered_in_words(base: str, desk: HttpHotlineDesk) -> None:
    ticket_no = desk.hand_over(a_question()).ext_no
    for action in ("on_way", "done"):
        answer = post(base, f"/tickets/{ticket_no}/{action}", text=" ")
        assert answer.status_code in (400, 409), action
        assert answer.json()["error"]
    reply = "过户要由房屋的所有人办，请房东带房产证来。"
    assert post(base, f"/tickets/{ticket_no}/done", text=reply).json()["state"] == "done"
    (event,) = desk.events(0, 10)
    assert (event.request_no, event.ext_no) == (a_question().number, ticket_no)
    assert event.data == {"state": "done", "text": reply}


def test_a_complaint_is_joined_to_nothing(base: str, desk: HttpHotlineDesk) -> None:
    complaint, fault = desk.hand_over(a_complaint()).ext_no, desk.hand_over(a_fault()).ext_no
    for one, other in ((complaint, fault), (fault, complaint)):
        assert post(base, f"/tickets/{one}/join", into=other).status_code == 409


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/tickets/WO2020010100001/assign", {}, 404),
        ("/tickets/WO2026112200001/sing", {}, 404),
        ("/tickets/WO2026112200001/join", {"into": "WO2020010100001"}, 404),
        ("/tickets/WO2026112200001/close", {}, 409),
        ("/tickets/WO2026112200001/cancel", {}, 400),
        ("/tickets/WO2026112200001/return", {"text": " "}, 400),
        ("/tickets/WO2026112200001/assign", {"text": 7}, 400),
        ("/outages/TS1/end", {}, 404),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    base: str, desk: HttpHotlineDesk, path: str, body: dict[str, Any], status: int
) -> None:
    desk.hand_over(a_fault())
    answer = post(base, path, **body)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert list(desk.events(0, 10)) == []


def test_an_outage_is_published_and_ended(base: str, hotline: HttpHotline) -> None:
    outage_no = post(base, "/outages", **OUTAGE).json()["outage_no"]
    assert outage_no == "TS20261122001"
    (told,) = hotline.nearby("BURST", Place("滨河路12号")).outages
    assert (told.area, told.starts_at.hour) == ("滨河路一带", 10)
    assert post(base, f"/outages/{outage_no}/end").status_code == 200
    assert hotline.nearby("BURST", Place("滨河路12号")).outages == ()
    (listed,) = requests.get(f"{base}/outages", timeout=5).json()["outages"]
    assert listed["ended_at"]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "rain"},
        {"area": ""},
        {"reason": " "},
        {"starts_at": "tomorrow"},
        {"ends_at": OUTAGE["starts_at"]},
        {"word": "!"},
        {"word": "", "lat": 25.0, "lon": 102.0},
        {"lat": 250.0, "lon": 102.0, "radius_m": 500},
        {"lat": 25.0, "lon": 102.0, "radius_m": 0},
        {"lat": 25.0, "lon": 102.0, "radius_m": 1.5},
    ],
)
def test_an_outage_that_says_too_little_is_refused(base: str, change: dict[str, Any]) -> None:
    answer = post(base, "/outages", **{**OUTAGE, **change})
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert requests.get(f"{base}/outages", timeout=5).json() == {"outages": []}


# --- in the sandbox --------------------------------------------------------------------------


def entries(house: House) -> list[dict[str, Any]]:
    url = house.url.removesuffix("/hotline") + "/api/inspector"
    found: list[dict[str, Any]] = requests.get(url, timeout=5).json()["entries"]
    return found


def test_the_inspector_shows_what_was_said_but_not_the_looking_for_news(
    house: House, desk: HttpHotlineDesk, hotline: HttpHotline
) -> None:
    desk.ping()
    desk.events(0, 10)
    desk.hand_over(a_fault())
    hotline.nearby("BURST", Place("滨河路12号"))
    titles = [(entry["kind"], entry["title"], entry["status"]) for entry in entries(house)]
    assert titles == [("hotline", "/v1/requests", 201), ("hotline", "/v1/nearby", 200)]
    assert "LEAK_PUBLIC" in entries(house)[0]["request"]["clear"]


def test_the_switch_is_thrown_over_the_control_api(house: House, desk: HttpHotlineDesk) -> None:
    url = house.url.removesuffix("/hotline") + "/api/faults"
    for state, code in (("down", 200), ("ok", 200), ("broken", 400)):
        answer = requests.put(url, json={"hotline": state}, timeout=5)
        assert answer.status_code == code
    assert requests.get(url, timeout=5).json()["hotline"] == "ok"
    desk.ping()


def write_half(house: House) -> None:
    with house.store.writing() as db:
        db.execute("INSERT INTO event (kind, at, ext_no, data) VALUES ('k', 'a', 'e', '{}')")
        db.execute("INSERT INTO nothing VALUES (1)")


def test_a_transaction_that_fails_leaves_nothing(house: House) -> None:
    with pytest.raises(sqlite3.OperationalError):
        write_half(house)
    with house.store.reading() as db:
        assert db.execute("SELECT count(*) FROM event").fetchone()[0] == 0
