"""The way through to the server: everything that is not the sandbox's own."""

import gzip
from collections.abc import Callable

from flask import Flask

from tests.sandbox.client import Control
from tests.sandbox.toy_server import Reply, Toy


def test_request_and_answer_pass_unchanged(toy: Toy, control: Control) -> None:
    toy.behave = lambda _: Reply(
        303,
        "完成".encode(),
        (("Location", "/pay/done"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")),
    )
    answer = control.http.post("/pay/order?no=%E6%B0%B4&x=", data=b"a=1", headers={"X-Own": "y"})
    assert (answer.status_code, answer.data.decode()) == (303, "完成")
    assert answer.headers["Location"] == "/pay/done"
    assert answer.headers.getlist("Set-Cookie") == ["a=1", "b=2"]
    got = toy.seen[-1]
    assert (got.method, got.target, got.body) == ("POST", "/pay/order?no=%E6%B0%B4&x=", b"a=1")
    assert got.headers["X-Own"] == "y"
    assert got.headers["Host"] == "localhost"


def test_cookies_of_one_browser_do_not_reach_another(toy: Toy, control: Control) -> None:
    toy.behave = lambda _: Reply(headers=(("Set-Cookie", "session=secret; Path=/"),))
    control.app.test_client().get("/console/")
    control.app.test_client().get("/console/")
    assert "Cookie" not in toy.seen[-1].headers


def test_hop_by_hop_headers_stay_behind(toy: Toy, control: Control) -> None:
    control.http.get("/healthz", headers={"TE": "trailers", "Upgrade": "h2c"})
    assert not {"TE", "Upgrade"} & set(toy.seen[-1].headers)


def test_a_packed_answer_is_passed_on_unpacked(toy: Toy, control: Control) -> None:
    toy.behave = lambda _: Reply(
        body=gzip.compress(b"hello"), headers=(("Content-Encoding", "gzip"),)
    )
    answer = control.http.get("/console/")
    assert answer.data == b"hello"
    assert "Content-Encoding" not in answer.headers


def test_the_way_leads_nowhere_else(toy: Toy, control: Control) -> None:
    for path in ("/%2F%2Fevil.example/x", "/@evil.example/x", "/a%3Fb%23c"):
        control.http.get(path)
    assert [incoming.target for incoming in toy.seen] == [
        "/evil.example/x",
        "/@evil.example/x",
        "/a%3Fb%23c",
    ]


def test_a_server_that_is_away_is_a_kind_502_and_a_line_in_the_inspector(
    make_app: Callable[..., Flask],
) -> None:
    control = Control(make_app(server_url="http://127.0.0.1:9"))
    answer = control.http.get("/healthz")
    assert answer.status_code == 502
    assert "请稍后再试" in answer.text
    assert "did not answer" in control.entries()[-1]["problem"]
