"""The console's “save configuration”: the echo comes back for the right signature and for no other.
And WeChat's example messages, over HTTP."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from xml.etree import ElementTree

import pytest
import requests

from sandbox import crypto
from tests.fakes import FakeCsms, FakeRecords
from tests.service import Service, running, settings_for
from tests.town import ACCOUNTS
from tests.unit.vectors import IN_XML, OFFICIAL, Vector, query_of
from tests.wire.steady import post

Configured = Callable[..., AbstractContextManager[Service]]
ECHO = "4375120948345356249"


@pytest.fixture
def configured_as(redis_url: str) -> Configured:
    @contextmanager
    def start(vector: Vector) -> Iterator[Service]:
        settings = settings_for(
            redis_url,
            WECHAT_TOKEN=vector.token,
            WECHAT_APPID=vector.appid,
            WECHAT_AES_KEY=vector.aes_key,
        )
        with running(settings, FakeCsms(ACCOUNTS), FakeRecords()) as service:
            service.clock.now_s = float(vector.timestamp)
            yield service

    return start


def verify(service: Service, query: dict[str, str]) -> requests.Response:
    return requests.get(f"{service.url}/wechat", params=query, timeout=6)


def signed(service: Service, *, off_by_s: int = 0) -> dict[str, str]:
    timestamp = str(int(service.clock.now_s) + off_by_s)
    token = service.settings.wechat_token.get_secret_value()
    signature = crypto.signature(token, timestamp, "n0nce")
    return {"timestamp": timestamp, "nonce": "n0nce", "signature": signature, "echostr": ECHO}


@pytest.mark.parametrize("vector", [OFFICIAL, IN_XML], ids=["official", "xml"])
def test_the_echo_comes_back_for_the_known_signatures(
    configured_as: Configured, vector: Vector
) -> None:
    with configured_as(vector) as service:
        answer = verify(service, {**query_of(vector), "echostr": ECHO})
    assert (answer.status_code, answer.content) == (200, ECHO.encode())
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_wechats_own_example_of_a_verification(configured_as: Configured) -> None:
    query = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "timestamp": "1714036504",
        "nonce": "1514711492",
        "echostr": ECHO,
    }
    with configured_as(OFFICIAL) as service:
        service.clock.now_s = 1_714_036_504.0
        assert verify(service, query).text == ECHO


def test_wechats_own_example_of_a_message_passes_but_json_is_not_understood(
    configured_as: Configured,
) -> None:
    with configured_as(OFFICIAL) as service:
        answer = post(service, query_of(OFFICIAL), _envelope(OFFICIAL))
        forged = post(service, query_of(OFFICIAL, nonce="1"), _envelope(OFFICIAL))
    assert (answer.status_code, answer.content) == (200, b"")
    assert forged.status_code == 403


def test_the_example_in_xml_is_answered_in_its_own_encryption(
    configured_as: Configured,
) -> None:
    with configured_as(IN_XML) as service:
        answer = post(service, query_of(IN_XML), _envelope(IN_XML))
    envelope = ElementTree.fromstring(answer.content)
    sealed, timestamp, nonce = (envelope.findtext(n) for n in ("Encrypt", "TimeStamp", "Nonce"))
    assert sealed
    assert timestamp == IN_XML.timestamp
    assert envelope.findtext("MsgSignature") == crypto.signature(
        IN_XML.token, timestamp, nonce or "", sealed
    )
    opened = crypto.unseal(sealed, IN_XML.aes_key)
    assert opened.appid == IN_XML.appid
    reply = ElementTree.fromstring(opened.content)
    assert reply.findtext("ToUserName") == "oWATER0000000000000000000001"
    assert reply.findtext("FromUserName") == "gh_0123456789ab"
    assert "缴水费" in (reply.findtext("Content") or "")


@pytest.mark.parametrize(
    "echo", ["", "0", "  blanks  ", "<script>", "&amp;", "水", "a" * 2000, "%41+%42"]
)
def test_the_echo_is_opaque_text(desk: Service, echo: str) -> None:
    answer = verify(desk, {**signed(desk), "echostr": echo})
    assert (answer.status_code, answer.content) == (200, echo.encode())
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    "change",
    [
        {"signature": "0" * 40},
        {"signature": ""},
        {"signature": "签名"},
        {"nonce": "other"},
        {"nonce": ""},
        {"timestamp": "0"},
        {"timestamp": ""},
    ],
)
def test_a_wrong_signature_gets_no_echo(desk: Service, change: dict[str, str]) -> None:
    answer = verify(desk, {**signed(desk), **change})
    assert (answer.status_code, answer.content) == (403, b"")


@pytest.mark.parametrize("missing", ["signature", "nonce", "timestamp", "echostr"])
def test_a_missing_parameter_gets_no_echo(desk: Service, missing: str) -> None:
    query = {name: value for name, value in signed(desk).items() if name != missing}
    assert verify(desk, query).status_code == 403


def test_a_visit_without_any_parameter_is_turned_away(desk: Service) -> None:
    answer = verify(desk, {})
    assert (answer.status_code, answer.content) == (403, b"")


@pytest.mark.parametrize(("off_by_s", "status"), [(-301, 403), (-300, 200), (300, 200), (301, 403)])
def test_a_signature_is_good_for_five_minutes_on_either_side(
    desk: Service, off_by_s: int, status: int
) -> None:
    assert verify(desk, signed(desk, off_by_s=off_by_s)).status_code == status


def _envelope(vector: Vector) -> bytes:
    return (
        "<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName>"
        f"<Encrypt><![CDATA[{vector.encrypt}]]></Encrypt></xml>"
    ).encode()
