"""The back office over HTTP, on the demo's kind of city, with its switches thrown."""

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from sandbox.app import create_app
from sandbox.city import build
from sandbox.clock import MovableClock
from sandbox.config import SandboxConfig
from sandbox.csms_switch import CsmsSwitch
from sandbox.office.clerk import clerk
from sandbox.office.database import open_office
from tests.city.conftest import AS_OF
from tests.office.town import KEY, NOW, Town

API = "/sandbox/api/office"
CONFIG = SandboxConfig(
    appid="wx0123456789abcdef",
    secret="s",
    token="t",
    aes_key="a" * 43,
    account_id="gh_0123456789ab",
    server_url="http://127.0.0.1:9",
    public_url="http://127.0.0.1:8",
    seed=1,
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("office") / "city.sqlite3"
    build(f"sqlite:///{path}", 1_000, 7, as_of=AS_OF, progress=False)
    return path


@pytest.fixture(scope="module")
def town(database: Path) -> Iterator[Town]:
    engine = open_office(f"sqlite:///{database}", KEY)
    yield Town(engine)
    engine.dispose()


@pytest.fixture
def client(town: Town) -> FlaskClient:
    app = create_app(CONFIG, clock=MovableClock(NOW.timestamp), city=lambda: town.engine)
    return app.test_client()


def test_the_dial_of_an_account_is_shown_and_unknown_ones_are_named(
    client: FlaskClient, town: Town
) -> None:
    acct_no = town.someone()
    dial = client.get(f"{API}/accounts/{acct_no}").get_json()
    assert dial["acct_no"] == acct_no
    assert dial["last_value"] < 10 ** dial["digits"]
    assert dial["next_reading_on"] == str(town.meter(acct_no).next_reading_on)
    unknown = client.get(f"{API}/accounts/0000000000")
    assert unknown.status_code == 404
    assert "没有户号 0000000000" in unknown.get_json()["error"]


def test_the_queue_takes_what_is_new_and_shows_it_with_its_photos(
    client: FlaskClient, town: Town
) -> None:
    acct_no = town.someone()
    number = town.send_reading(acct_no, 8)
    listed = client.get(f"{API}/queue").get_json()["requests"]
    (entry,) = [entry for entry in listed if entry["request_no"] == number]
    assert entry["state"] == "waiting"
    assert entry["last_value"] == town.meter(acct_no).last_value
    assert entry["payload"]["value"] == entry["last_value"] + 8
    assert len(entry["photos"]) == 2
    everything = client.get(f"{API}/queue?state=all").get_json()["requests"]
    assert number in [entry["request_no"] for entry in everything]


def test_a_reading_is_accepted_and_its_bill_answered(client: FlaskClient, town: Town) -> None:
    acct_no = town.someone()
    number = town.send_reading(acct_no, 8)
    client.get(f"{API}/queue")
    answer = client.post(f"{API}/requests/{number}/accept").get_json()
    assert answer["state"] == "accepted"
    assert answer["bill"]["acct_no"] == acct_no
    assert answer["bill"]["volume_m3"] == "8"
    assert answer["bill"]["due_date"] == "2026-12-07"
    last = client.get(f"{API}/events").get_json()["last"]
    assert client.get(f"{API}/events?after={last}").get_json() == {"events": [], "last": last}


def test_a_reading_is_put_right_or_sent_back(client: FlaskClient, town: Town) -> None:
    first, second = (town.send_reading(town.someone(), 8) for _ in range(2))
    entries = client.get(f"{API}/queue").get_json()["requests"]
    last = {entry["request_no"]: entry["last_value"] for entry in entries}
    body = {"value": last[first] + 6, "text": "看错一位"}
    answer = client.post(f"{API}/requests/{first}/modify", json=body).get_json()
    assert (answer["state"], answer["bill"]["volume_m3"]) == ("modified", "6")
    sent_back = {"reason": "mismatch", "text": "表号不符"}
    answer = client.post(f"{API}/requests/{second}/reject", json=sent_back).get_json()
    assert (answer["state"], answer["bill"]) == ("rejected", None)
    again = client.post(f"{API}/requests/{second}/reject", json=sent_back)
    assert (again.status_code, again.get_json()["error"]) == (
        409,
        f"申请 {second} 已退回，不能再办",
    )


def test_bills_and_visits_are_made_by_hand(client: FlaskClient, town: Town) -> None:
    acct_no = town.someone()
    bill = client.post(f"{API}/accounts/{acct_no}/bill", json={"volume_m3": 12}).get_json()
    assert bill["amount"] == f"{town.last_bill(acct_no).amount_fen / 100:.2f}"
    paid = client.post(f"{API}/accounts/{acct_no}/payment").get_json()
    assert bill["bill_no"] in paid["bills"]
    visited = town.someone()
    visit_no = client.post(f"{API}/accounts/{visited}/visit", json={}).get_json()["visit_no"]
    listed = client.get(f"{API}/visits?state=due").get_json()["visits"]
    assert visit_no in [visit["visit_no"] for visit in listed]
    missed = client.post(f"{API}/visits/{visit_no}/missed")
    assert missed.status_code == 409
    value = town.meter(visited).last_value + 3
    done = client.post(f"{API}/visits/{visit_no}/done", json={"value": value})
    assert done.get_json()["volume_m3"] == "3"


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("accounts/9999999999/bill", {"volume_m3": 3}, 404, "没有户号"),
        ("accounts/9999999999/bill", {"volume_m3": "3"}, 400, "volume_m3 应为整数"),
        ("accounts/9999999999/payment", {}, 404, "没有户号"),
        ("requests/W1/modify", {}, 400, "value 应为整数"),
        ("requests/W1/accept", {}, 404, "队列里没有申请 W1"),
        ("requests/W1/reject", {"reason": "x"}, 400, "退回原因应为"),
        ("visits/V1/done", {"value": 1}, 404, "没有上门 V1"),
    ],
)
def test_what_cannot_be_done_is_said_in_chinese(
    client: FlaskClient, path: str, body: object, status: int, said: str
) -> None:
    answer = client.post(f"{API}/{path}", json=body)
    assert answer.status_code == status
    assert said in answer.get_json()["error"]


def test_the_automatic_staff_empties_the_queue(client: FlaskClient, town: Town) -> None:
    numbers = [town.send_reading(town.someone(), 4) for _ in range(5)]
    ended = client.post(f"{API}/auto", json={"seed": 3}).get_json()["ended"]
    assert sum(ended.values()) >= len(numbers)
    assert client.get(f"{API}/queue").get_json() == {"requests": []}


def test_a_sandbox_without_a_city_says_so() -> None:
    client = create_app(CONFIG).test_client()
    answer = client.get(f"{API}/queue")
    assert (answer.status_code, "没有城市数据库" in answer.get_json()["error"]) == (409, True)


@pytest.mark.parametrize("state", ["down", "hang"])
def test_a_broken_csms_closes_the_office_and_loses_nothing(
    client: FlaskClient, town: Town, database: Path, state: str
) -> None:
    acct_no = town.someone()
    number = town.send_reading(acct_no, 8)
    switch = CsmsSwitch(database)
    switch.set(state)
    try:
        for answer in (
            client.get(f"{API}/queue"),
            client.post(f"{API}/requests/{number}/accept"),
            client.post(f"{API}/accounts/{acct_no}/bill", json={"volume_m3": 3}),
        ):
            assert answer.status_code == 503
            assert "连不上营收系统" in answer.get_json()["error"]
    finally:
        switch.set("ok")
        switch.close()
    assert number in [
        entry["request_no"] for entry in client.get(f"{API}/queue").get_json()["requests"]
    ]
    assert client.post(f"{API}/requests/{number}/accept").status_code == 200
    assert town.meter(acct_no).last_value == town.last_reading(acct_no).value_l // 1000


def test_the_clerk_takes_requests_by_itself_through_an_outage(town: Town, database: Path) -> None:
    acct_no, switch = town.someone(), CsmsSwitch(database)
    town.send_reading(acct_no, 8)
    switch.set("down")
    taken = threading.Event()

    def now() -> datetime:
        """Called once a round: by the third one the outage is over and the request is taken."""
        rounds.append(1)
        if len(rounds) == 2:
            switch.set("ok")
        if len(rounds) == 4:
            taken.set()
        return NOW

    rounds: list[int] = []
    with clerk(town.engine, now, every_s=0.01):
        assert taken.wait(20)
    assert [event.kind for event in town.told(acct_no)] == ["request_taken"]


def test_an_application_is_shown_masked_and_decided(client: FlaskClient, town: Town) -> None:
    number = town.send_transfer(town.someone())
    (entry,) = client.get(f"{API}/queue?kind=transfer").get_json()["requests"]
    assert entry["request_no"] == number
    assert entry["private"]["id_no"] == "**************002X"
    assert [photo["document"] for photo in entry["photos"]][-1] == "meter"
    body = {"reason": "blurred", "text": "看不清"}
    answer = client.post(f"{API}/requests/{number}/return", json=body).get_json()
    assert answer["state"] == "returned"
    again = client.post(f"{API}/requests/{number}/approve")
    assert (again.status_code, "已退回，不能再办" in again.get_json()["error"]) == (409, True)


def test_a_connection_is_led_on_and_found_while_it_is_under_way(
    client: FlaskClient, town: Town
) -> None:
    number = town.send_connection()
    client.get(f"{API}/queue")
    body = {"stage": "surveyed", "promised_on": "2026-12-01", "text": "已量好"}
    assert (
        client.post(f"{API}/requests/{number}/stage", json=body).get_json()["state"] == "underway"
    )
    listed = client.get(f"{API}/queue?state=waiting,underway&kind=connection").get_json()
    (entry,) = listed["requests"]
    assert [one["stage"] for one in entry["stages"]] == ["surveyed"]
    wrong = client.post(f"{API}/requests/{number}/stage", json={"promised_on": "soon"})
    assert (wrong.status_code, "应为日期" in wrong.get_json()["error"]) == (400, True)
    refused = client.post(f"{API}/requests/{number}/refuse", json={"text": "拆迁范围"})
    assert refused.get_json()["state"] == "refused"


def test_spot_checks_are_drawn_and_their_photos_judged(client: FlaskClient, town: Town) -> None:
    acct_no = town.someone(
        "m.is_remote = 0 AND m.acct_no NOT IN "
        "(SELECT acct_no FROM wx_spot_check WHERE state <> 'closed')"
    )
    (check,) = client.post(f"{API}/spot-checks", json={"accounts": [acct_no]}).get_json()["drawn"]
    assert check == {"check_no": check["check_no"], "acct_no": acct_no, "answer_by": "2026-11-29"}
    decisions = (
        ("retake", {"reason": "glare", "text": ""}),
        ("adjust", {"value": 12, "text": ""}),
    )
    for decision, body in decisions:
        number = town.send_check(acct_no, check["check_no"])
        client.get(f"{API}/queue")
        assert client.post(f"{API}/requests/{number}/{decision}", json=body).status_code == 200
    drawn = client.post(f"{API}/spot-checks", json={"count": 3, "seed": 2}).get_json()["drawn"]
    assert len(drawn) == 3
    wrong = client.post(f"{API}/spot-checks", json={"accounts": "1"})
    assert wrong.status_code == 400


def test_a_moved_clock_closes_the_days_in_between(database: Path, town: Town) -> None:
    clock = MovableClock(NOW.timestamp)
    client = create_app(CONFIG, clock=clock, city=lambda: town.engine).test_client()
    client.post("/sandbox/api/clock", json={"to": "2026-12-01T00:05"})
    with town.engine.connect() as connection:
        shown = connection.exec_driver_sql("SELECT MIN(late_fee_as_of) FROM wx_bill").scalar()
    assert shown == "2026-12-01"
