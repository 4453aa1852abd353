"""Requests of the wrong size, method or place: turned away plainly, and nothing changes."""

import re
import socket
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
import requests

from bot.gate import MAX_BODY_BYTES
from tests.citizen import Citizen, cdata
from tests.fakes import FakeRecords
from tests.service import Service
from tests.wire.steady import in_a_dialog, no_trace, post

FRAMEWORKS = re.compile(rb"werkzeug|flask|bottle|werobot|jinja|python|traceback", re.IGNORECASE)


def menu_please(citizen: Citizen, *, size: int = 0) -> tuple[dict[str, str], bytes]:
    """Padded outside of what is signed, so that the message is good at any size."""
    query, body = citizen.seal(citizen.message("text", f"<Content>{cdata('菜单')}</Content>"))
    return query, body.replace(b"</xml>", b" " * max(0, size - len(body)) + b"</xml>")


def in_chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 10_000):
        yield body[start : start + 10_000]


def test_a_body_of_64_kib_is_read(desk: Service) -> None:
    citizen = desk.citizen()
    query, body = menu_please(citizen, size=MAX_BODY_BYTES)
    assert len(body) == 65_536
    assert "1. 查欠费" in citizen.open(post(desk, query, body)).plain


def test_one_byte_more_is_turned_away(desk: Service, ledger: FakeRecords) -> None:
    citizen = in_a_dialog(desk)
    query, body = menu_please(citizen, size=MAX_BODY_BYTES + 1)
    with no_trace(citizen, ledger):
        answer = post(desk, query, body)
        assert (answer.status_code, answer.content) == (413, b"")


def test_a_body_in_chunks_without_a_length_is_read(desk: Service) -> None:
    citizen = desk.citizen()
    query, body = menu_please(citizen, size=MAX_BODY_BYTES)
    answer = requests.post(f"{desk.url}/wechat", params=query, data=in_chunks(body), timeout=6)
    assert "1. 查欠费" in citizen.open(answer).plain


def test_a_body_in_chunks_does_not_get_around_the_limit(desk: Service, ledger: FakeRecords) -> None:
    citizen = in_a_dialog(desk)
    query, body = menu_please(citizen, size=MAX_BODY_BYTES + 1)
    with no_trace(citizen, ledger):
        answer = requests.post(f"{desk.url}/wechat", params=query, data=in_chunks(body), timeout=6)
        assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"", b" ", b"\x00", b"\xff" * 500, b"<xml></xml>"])
def test_a_body_without_a_ciphertext_is_refused(
    desk: Service, ledger: FakeRecords, body: bytes
) -> None:
    citizen = in_a_dialog(desk)
    query, _ = menu_please(citizen)
    with no_trace(citizen, ledger):
        assert post(desk, query, body).status_code == 403


def test_a_body_that_ends_too_early_is_not_taken_for_the_whole(
    desk: Service, ledger: FakeRecords
) -> None:
    citizen = in_a_dialog(desk)
    query, body = menu_please(citizen)
    with no_trace(citizen, ledger):
        answer = _raw(desk, query, f"Content-Length: {len(body) - 200}", body)
        assert answer.startswith(b"HTTP/1.1 403 ")


def test_a_body_shorter_than_it_says_changes_nothing(desk: Service, ledger: FakeRecords) -> None:
    citizen = in_a_dialog(desk)
    query, body = menu_please(citizen)
    with no_trace(citizen, ledger):
        answer = _raw(desk, query, f"Content-Length: {len(body) + 200}", body)
        assert b"200 OK" not in answer


@pytest.mark.parametrize("length", ["-1", "ten", "1e3", "", "٣", "0x10", "9" * 30])
def test_a_length_that_is_no_number_is_refused(
    desk: Service, ledger: FakeRecords, length: str
) -> None:
    citizen = in_a_dialog(desk)
    query, body = menu_please(citizen)
    with no_trace(citizen, ledger):
        answer = _raw(desk, query, f"Content-Length: {length}", body)
        assert re.match(rb"HTTP/1\.[01] 4\d\d ", answer), answer[:80]


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"])
def test_methods_that_wechat_does_not_use_are_not_allowed(
    desk: Service, ledger: FakeRecords, method: str
) -> None:
    citizen = in_a_dialog(desk)
    query, body = menu_please(citizen)
    with no_trace(citizen, ledger):
        answer = post(desk, query, body, method)
        assert (answer.status_code, answer.content) == (405, b"")
        assert answer.headers["Allow"] == "GET, POST"


@pytest.mark.parametrize(
    "path",
    ["/", "/wechat/", "/wechat/x", "/WECHAT", "/wechat.php", "/foo/bar", "//", "/..%2fwechat"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_callback_is_at_one_path_only(desk: Service, path: str, method: str) -> None:
    query, body = menu_please(desk.citizen())
    answer = requests.request(
        method, desk.url + path, params=query, data=body, timeout=6, allow_redirects=False
    )
    assert answer.status_code == 404


def test_nothing_of_a_refused_request_comes_back(desk: Service) -> None:
    marked = {"signature": "m4rk3d", "timestamp": "m4rk3d", "nonce": "<m4rk3d>"}
    for path, method in (("/wechat", "GET"), ("/wechat", "POST"), ("/m4rk3d", "GET")):
        answer = requests.request(method, desk.url + path, params=marked, data=b"m4rk3d", timeout=6)
        assert answer.status_code in (403, 404)
        assert b"m4rk3d" not in answer.content
        assert not FRAMEWORKS.search(answer.content)


def test_replies_are_xml_and_silence_is_plain_text(desk: Service) -> None:
    citizen = desk.citizen()
    query, body = menu_please(citizen)
    answer = post(desk, query, body)
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert answer.headers["Content-Length"] == str(len(answer.content))
    query, body = citizen.seal("<xml></xml>")
    silence = post(desk, query, body)
    assert (silence.status_code, silence.headers["Content-Length"]) == (200, "0")
    assert silence.headers["Content-Type"].startswith("text/plain")


def test_an_openid_parameter_in_the_address_is_not_believed(desk: Service) -> None:
    citizen = desk.citizen()
    query, body = menu_please(citizen)
    query["openid"] = "oSOMEBODYELSE"
    assert "1. 查欠费" in citizen.open(post(desk, query, body)).plain
    query, body = menu_please(citizen)
    del query["openid"]
    assert "1. 查欠费" in citizen.open(post(desk, query, body)).plain


def _raw(service: Service, query: dict[str, str], length: str, body: bytes) -> bytes:
    """A request with whatever header; what came back until the server hung up."""
    address = urlsplit(service.url)
    head = f"POST /wechat?{urlencode(query)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{length}"
    with socket.create_connection((address.hostname, address.port), timeout=6) as link:
        link.sendall(head.encode() + b"\r\n\r\n" + body)
        link.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := link.recv(65_536):
            answer += piece
    return answer
