"""What becomes of each kind of answer, and of none."""

import itertools
import json
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from backends.errors import BackendError, BackendUnavailable, Rejected
from backends.hotline.adapter import HttpHotline, open_hotline
from backends.hotline.desk import HttpHotlineDesk, open_hotline_desk
from backends.hotline.transport import HotlineOptions
from backends.ports import Place
from tests.contract.wechat.platform import Platform, Scripted
from tests.contract.wechat.test_client import free_port
from tests.hotline.house import PHOTO, SECRET, STREET, House, a_fault

REQUESTS, NEARBY, EVENTS, PING = "/v1/requests", "/v1/nearby", "/v1/events", "/v1/ping"


@dataclass(frozen=True, slots=True)
class Pair:
    hotline: HttpHotline
    desk: HttpHotlineDesk

    def hand_over(self) -> None:
        self.desk.hand_over(a_fault(files=(PHOTO,), payload=TOLD))

    def ask(self) -> None:
        self.hotline.nearby("BURST", HERE)

    def look(self) -> None:
        self.desk.events(7, 10)


# Named, so that they do not stand in the source lines that a traceback shows.
LAT, DETAILS = 25.0412345, "张三家门口，电话13800001234"
HERE = Place(STREET, latitude=LAT, longitude=102.7)
TOLD = {"place": {"text": STREET, "lat": LAT, "lon": 102.7}, "details": DETAILS}
ACTS = (Pair.hand_over, Pair.ask, Pair.look)


@pytest.fixture
def open_pair(script: Platform) -> Iterator[Callable[..., Pair]]:
    del script  # it must outlive the connections, or closing it would wait for them
    with ExitStack() as stack:

        def open_at(url: str, **changes: Any) -> Pair:
            options = HotlineOptions(url=url, secret=SECRET, **changes)
            pair = Pair(open_hotline(options), open_hotline_desk(options))
            stack.callback(pair.hotline.close)
            stack.callback(pair.desk.close)
            return pair

        yield open_at


@pytest.fixture
def pair(open_pair: Callable[..., Pair], script: Platform) -> Pair:
    return open_pair(script.base_url)


def everywhere(script: Platform, answer: Scripted | dict[str, Any]) -> None:
    for path in (REQUESTS, NEARBY, EVENTS, PING):
        script.always(path, answer)


def refusal(code: object, reason: object = "no", status: int = 422) -> Scripted:
    body = json.dumps({"code": code, "reason": reason}, ensure_ascii=False)
    return Scripted(status=status, body=body.encode())


@pytest.mark.parametrize(
    ("answer", "why", "may_be_done"),
    [
        (Scripted(lost=True), "connection broken", True),
        (Scripted(status=500, body=b"<html>"), "HTTP status 500", True),
        (refusal("down", status=503), "HTTP status 503", True),
        (refusal("in_progress", status=409), "HTTP status 409", True),
        (Scripted(body=b"<html>ok"), "not a JSON object", True),
        (Scripted(body=b"[1]"), "not a JSON object", True),
        (Scripted(body=b""), "not a JSON object", True),
        (Scripted(status=204, body=b""), "HTTP status 204", True),
        (Scripted(body=b'{"a":' * 30_000), "not a JSON object", True),
        (Scripted(body=b'{"ticket_no"', declared=100), "cut off", True),
        (Scripted(body=b'{"a":"' + b"x" * 1_100_000 + b'"}'), "too long", True),
        (Scripted(status=302, headers=(("Location", "/else"),)), "redirects are not", False),
        (Scripted(status=404, body=b"gone"), "WATERDESK_HOTLINE_URL", False),
        (refusal("too_many", status=429), "too many calls", False),
        (Scripted(status=429, headers=(("Retry-After", "30"),)), "again after 30 s", False),
        (Scripted(status=400, body=b"<html>Bad Request"), "HTTP status 400", False),
        (Scripted(status=413, body=b"too large"), "HTTP status 413", False),
    ],
)
@pytest.mark.parametrize("act", ACTS)
def test_what_may_work_later_is_unavailable_and_says_whether_it_may_be_done(
    pair: Pair,
    script: Platform,
    act: Callable[[Pair], None],
    answer: Scripted,
    why: str,
    may_be_done: bool,
) -> None:
    everywhere(script, answer)
    with pytest.raises(BackendUnavailable, match=why) as caught:
        act(pair)
    assert caught.value.system == "hotline"
    assert caught.value.sent is (may_be_done and act is Pair.hand_over), "asking does nothing"
    assert len(script.asked) == 1, "nothing is repeated here: that is the worker's"


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize("act", ACTS)
def test_what_was_understood_and_refused_is_rejected(
    pair: Pair, script: Platform, act: Callable[[Pair], None], status: int
) -> None:
    everywhere(script, refusal("outside_area", " not our\nsupply area ", status))
    with pytest.raises(Rejected) as caught:
        act(pair)
    rejected = caught.value
    assert (rejected.system, rejected.code) == ("hotline", "outside_area")
    assert rejected.reason == "not our supply area"


@pytest.mark.parametrize("code", ["", None, 7, "Ä", "x" * 41])
def test_a_refusal_without_a_proper_code_is_no_refusal(
    pair: Pair, script: Platform, code: object
) -> None:
    everywhere(script, refusal(code))
    with pytest.raises(BackendUnavailable, match="HTTP status 422"):
        pair.hand_over()


@pytest.mark.parametrize(
    ("answer", "remedy"),
    [
        (refusal("bad_signature", status=401), "WATERDESK_HOTLINE_SECRET is not the hotline's"),
        (refusal("bad_time", status=401), "clock"),
        (Scripted(status=401, body=b""), "WATERDESK_HOTLINE_SECRET, this server's clock"),
        (Scripted(status=403, body=b"forbidden"), "whom the hotline lets in"),
    ],
)
def test_a_caller_that_is_not_let_in_learns_what_to_mend(
    pair: Pair, script: Platform, answer: Scripted, remedy: str
) -> None:
    everywhere(script, answer)
    with pytest.raises(BackendUnavailable, match=remedy) as caught:
        pair.hand_over()
    assert caught.value.sent is False


def test_the_stand_in_names_a_wrong_secret_and_a_wrong_clock(house: House) -> None:
    late = house.options().now_s() - 301
    with house.desk(secret="ANOTHER") as desk:
        with pytest.raises(BackendUnavailable, match="WATERDESK_HOTLINE_SECRET"):
            desk.ping()
        with pytest.raises(BackendUnavailable, match="WATERDESK_HOTLINE_SECRET"):
            desk.hand_over(a_fault())
    with house.desk(now_s=lambda: late) as desk, pytest.raises(BackendUnavailable, match="NTP"):
        desk.ping()
    assert house.tickets() == []
    with house.desk(now_s=lambda: late + 1) as desk:
        desk.ping()


# --- no answer in time -----------------------------------------------------------------------


def test_a_conversation_gives_up_on_a_slow_hotline_and_the_worker_does_not(house: House) -> None:
    house.switch("slow")
    with house.hotline(read_timeout_s=0.1) as hotline, house.desk(read_timeout_s=0.1) as desk:
        with pytest.raises(BackendUnavailable, match="read timed out") as caught:
            hotline.nearby("BURST", Place(STREET))
        assert 0.05 < caught.value.after_s < 0.5
        assert desk.hand_over(a_fault()).ext_no


def test_a_conversation_waits_four_seconds_at_the_most_and_the_worker_ten_for_an_answer() -> None:
    options = HotlineOptions(url="http://127.0.0.1:9", secret=SECRET)
    assert (options.connect_timeout_s, options.read_timeout_s) == (1.5, 2.5)
    assert options.desk_read_timeout_s == 10.0


def test_a_request_whose_answer_does_not_come_may_have_been_carried_out(
    open_pair: Callable[..., Pair], script: Platform
) -> None:
    pair = open_pair(script.base_url, desk_read_timeout_s=0.1)
    script.script(REQUESTS, Scripted(lost=True, gate_s=0.5, gate=threading.Event()))
    with pytest.raises(BackendUnavailable, match="read timed out") as caught:
        pair.hand_over()
    assert caught.value.sent is True


def test_an_answer_that_trickles_is_given_up_at_the_deadline(
    open_pair: Callable[..., Pair], script: Platform
) -> None:
    ten_seconds_a_look = itertools.count(step=10.0)
    pair = open_pair(script.base_url, monotonic=lambda: next(ten_seconds_a_look))
    script.always(REQUESTS, Scripted(body=b'{"a":"' + b"x" * 500_000 + b'"}'))
    with pytest.raises(BackendUnavailable, match="trickles") as caught:
        pair.hand_over()
    assert caught.value.sent is True


def test_a_refused_connection_carried_nothing_out(open_pair: Callable[..., Pair]) -> None:
    pair = open_pair(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(BackendUnavailable, match="connection refused") as caught:
        pair.hand_over()
    assert caught.value.sent is False


def test_calls_share_one_connection(pair: Pair, script: Platform) -> None:
    script.always(EVENTS, {"events": []})
    for _ in range(5):
        pair.look()
    assert len({asked.port for asked in script.asked}) == 1


# --- answers that are not what the contract says ---------------------------------------------

OUTAGE = {
    "outage_no": "T1",
    "kind": "planned",
    "area": "人民东路",
    "reason": "",
    "starts_at": "2026-11-22T09:00:00+08:00",
    "ends_at": "2026-11-22T18:00:00+08:00",
}
TICKET = {
    "ticket_no": "WO2026112200001",
    "fault": "BURST",
    "place": "",
    "opened_at": "2026-11-22T02:30:00Z",
    "distance_m": None,
}
EVENT = {
    "event_id": 8,
    "kind": "ticket_changed",
    "at": "2026-11-22T12:00:00+08:00",
    "ext_no": "WO2026112200001",
    "data": {"state": "done", "text": ""},
}
RECEIPT = {"ticket_no": "WO2026112200001", "joined": False}
MISSING = object()


def without(whole: dict[str, Any], name: str, value: object) -> dict[str, Any]:
    rest = {key: one for key, one in whole.items() if key != name}
    return rest if value is MISSING else {**rest, name: value}


def answers_of(path: str, one: dict[str, Any], name: str, value: object) -> dict[str, Any]:
    broken = without(one, name, value)
    shapes: dict[str, Callable[[], dict[str, Any]]] = {
        "outages": lambda: {"outages": [broken], "tickets": []},
        "tickets": lambda: {"outages": [], "tickets": [broken]},
        "events": lambda: {"events": [broken]},
        "": lambda: broken,
    }
    return shapes[path]()


@pytest.mark.parametrize(
    ("where", "whole", "name", "value", "act"),
    [
        ("outages", OUTAGE, "outage_no", MISSING, Pair.ask),
        ("outages", OUTAGE, "kind", "rain", Pair.ask),
        ("outages", OUTAGE, "area", " ", Pair.ask),
        ("outages", OUTAGE, "area", "水" * 501, Pair.ask),
        ("outages", OUTAGE, "starts_at", "2026-11-22T09:00:00", Pair.ask),
        ("outages", OUTAGE, "starts_at", "0001-01-01T00:00:00+14:00", Pair.ask),
        ("outages", OUTAGE, "ends_at", "tomorrow", Pair.ask),
        ("tickets", TICKET, "ticket_no", 7, Pair.ask),
        ("tickets", TICKET, "fault", None, Pair.ask),
        ("tickets", TICKET, "place", MISSING, Pair.ask),
        ("tickets", TICKET, "opened_at", 1_795_320_000, Pair.ask),
        ("tickets", TICKET, "distance_m", -1, Pair.ask),
        ("tickets", TICKET, "distance_m", 1.5, Pair.ask),
        ("", {"outages": [], "tickets": []}, "outages", None, Pair.ask),
        ("", {"outages": [], "tickets": []}, "tickets", MISSING, Pair.ask),
        ("", {"outages": [], "tickets": []}, "tickets", {}, Pair.ask),
        ("", {"outages": [], "tickets": []}, "tickets", [1], Pair.ask),
        ("events", EVENT, "event_id", "8", Pair.look),
        ("events", EVENT, "event_id", True, Pair.look),
        ("events", EVENT, "event_id", 7, Pair.look),
        ("events", EVENT, "kind", "", Pair.look),
        ("events", EVENT, "at", None, Pair.look),
        ("events", EVENT, "acct_no", 3100000025, Pair.look),
        ("events", EVENT, "request_no", [], Pair.look),
        ("events", EVENT, "data", "{}", Pair.look),
        ("", {"events": []}, "events", None, Pair.look),
        ("", RECEIPT, "ticket_no", "", Pair.hand_over),
        ("", RECEIPT, "ticket_no", "W" * 33, Pair.hand_over),
        ("", RECEIPT, "joined", "no", Pair.hand_over),
        ("", RECEIPT, "joined", MISSING, Pair.hand_over),
        ("", RECEIPT, "state", 3, Pair.hand_over),
    ],
)
def test_a_value_that_is_missing_or_odd_is_named(
    pair: Pair,
    script: Platform,
    where: str,
    whole: dict[str, Any],
    name: str,
    value: object,
    act: Callable[[Pair], None],
) -> None:
    everywhere(script, answers_of(where, whole, name, value))
    with pytest.raises(BackendUnavailable, match=f": {name} is missing or not") as caught:
        act(pair)
    assert caught.value.sent is (act is Pair.hand_over)


def test_what_the_contract_allows_is_taken(pair: Pair, script: Platform) -> None:
    script.always(NEARBY, {"outages": [OUTAGE], "tickets": [TICKET], "more": 1})
    script.always(EVENTS, {"events": [{**EVENT, "acct_no": None, "more": 1}]})
    script.always(REQUESTS, Scripted(status=201, body=json.dumps(RECEIPT).encode()))
    found = pair.hotline.nearby("BURST", Place(STREET))
    assert found.tickets[0].opened_at.isoformat() == "2026-11-22T10:30:00+08:00"
    assert pair.desk.events(7, 10)[0].data == {"state": "done", "text": ""}
    assert pair.desk.hand_over(a_fault()).data == {"joined": False}


def test_a_hotline_that_leaves_outages_to_the_website_need_not_name_any(
    pair: Pair, script: Platform
) -> None:
    script.always(NEARBY, {"tickets": [TICKET]})
    found = pair.hotline.nearby("BURST", Place(STREET))
    assert (found.outages, len(found.tickets)) == ((), 1)


def test_events_that_do_not_rise_are_not_taken(pair: Pair, script: Platform) -> None:
    script.always(EVENTS, {"events": [EVENT, EVENT]})
    with pytest.raises(BackendUnavailable, match="event_id"):
        pair.look()


def test_a_hotline_that_says_it_is_unwell_is_unavailable(pair: Pair, script: Platform) -> None:
    script.always(PING, {"ok": False})
    with pytest.raises(BackendUnavailable, match="not ok"):
        pair.desk.ping()


# --- privacy ---------------------------------------------------------------------------------

PRIVATE = (SECRET, STREET, "人民东路", "25.04", "张三", "13800001234", "3100000025", "LINK-TO")
ECHOES = {
    Pair.hand_over: refusal("no_place", f"{STREET} {DETAILS} {LAT} for 3100000025 at {PHOTO.url}"),
    Pair.ask: refusal("no_place", f"{STREET} at {LAT:.6f}"),
    Pair.look: refusal("malformed"),
}


def everything_about(exc: BaseException) -> str:
    texts = []
    pending: list[BaseException | None] = [exc]
    while pending:
        if (link := pending.pop()) is not None:
            texts += [str(link), repr(link), repr(link.args), repr(vars(link))]
            texts += traceback.format_exception(link)
            pending += [link.__cause__, link.__context__]
    return "\n".join(texts)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "answer", [Scripted(lost=True), Scripted(status=502), Scripted(body=b"{", declared=99), None]
)
def test_failures_tell_nothing_private(
    pair: Pair,
    script: Platform,
    caplog: pytest.LogCaptureFixture,
    act: Callable[[Pair], None],
    answer: Scripted | None,
) -> None:
    caplog.set_level(logging.DEBUG)
    everywhere(script, answer or ECHOES[act])
    with pytest.raises(BackendError) as caught:
        act(pair)
    told = everything_about(caught.value) + caplog.text
    assert [word for word in PRIVATE if word in told] == []
    assert "urllib3.connectionpool" in caplog.text, "the log that would have told was listened to"


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("act", ACTS)
def test_a_connection_that_fails_tells_nothing_private(
    open_pair: Callable[..., Pair],
    caplog: pytest.LogCaptureFixture,
    act: Callable[[Pair], None],
    scheme: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(BackendUnavailable) as caught:
        act(open_pair(f"{scheme}://127.0.0.1:{free_port()}"))
    told = everything_about(caught.value) + caplog.text
    assert [word for word in PRIVATE if word in told] == []


def test_values_that_hold_secrets_do_not_show_them(house: House) -> None:
    assert SECRET not in repr(house.options())
