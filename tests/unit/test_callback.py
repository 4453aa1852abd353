"""The callback as bare WSGI: servers differ in what they pass on, and anything may break behind."""

import io
import json
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from bot import log
from bot.callback import Callback
from bot.gate import MAX_BODY_BYTES
from bot.metrics import Metrics
from dialogs.engine.inbound import Inbound
from sandbox import crypto
from tests.unit.messages import ZONE, text
from tests.unit.vectors import AES_KEY, APPID, body_of, gate, signed


class Answering:
    """Stands where the delivery does."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def answer(self, inbound: Inbound, arrived_s: float) -> tuple[str, str]:
        if self.error is not None:
            raise self.error
        return f"<xml>{inbound.text}</xml>", "answered"


class Counted(io.BytesIO):
    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self.asked_for: list[int | None] = []

    def read(self, size: int | None = -1) -> bytes:
        self.asked_for.append(size)
        return super().read(size)


def call(
    body: bytes, *, delivery: Answering | None = None, length: str | None = None, **more: str
) -> tuple[str, bytes, Counted]:
    callback = Callback(
        gate(AES_KEY),
        delivery or Answering(),  # type: ignore[arg-type]
        Metrics(CollectorRegistry()),
        account_id="gh_1",
        zone=ZONE,
        pseudonym=lambda openid: "somebody",
    )
    query = signed(sealed()) | more
    stream = Counted(body)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "QUERY_STRING": "&".join(f"{name}={value}" for name, value in query.items()),
        "wsgi.input": stream,
    }
    if length is not None:
        environ["CONTENT_LENGTH"] = length
    statuses: list[str] = []
    answer = callback(environ, lambda status, headers: statuses.append(status))  # type: ignore[arg-type, func-returns-value, return-value]
    return statuses[0], b"".join(answer), stream


def sealed() -> str:
    return crypto.seal(text("菜单", "<MsgId>1</MsgId>").encode(), AES_KEY, APPID, b"0" * 16)


def padded(size: int) -> bytes:
    body = body_of(sealed())
    return body + b" " * (size - len(body))


def test_without_a_length_the_body_is_read_up_to_the_limit() -> None:
    status, answer, _ = call(padded(MAX_BODY_BYTES))
    assert status == "200 OK"
    assert b"<Encrypt>" in answer


def test_without_a_length_a_longer_body_is_turned_away_after_one_byte_too_many() -> None:
    status, answer, stream = call(padded(MAX_BODY_BYTES * 3))
    assert (status, answer) == ("413 Content Too Large", b"")
    assert stream.asked_for == [MAX_BODY_BYTES + 1]


def test_a_length_beyond_the_limit_is_turned_away_unread() -> None:
    for length in (str(MAX_BODY_BYTES + 1), "9" * 5000):
        status, answer, stream = call(padded(100_000), length=length)
        assert (status, answer, stream.asked_for) == ("413 Content Too Large", b"", [])


@pytest.mark.parametrize("length", ["-1", "+5", " 5", "٣", "1e3"])
def test_a_length_that_is_no_number_is_turned_away_unread(length: str) -> None:
    status, answer, stream = call(padded(1000), length=length)
    assert (status, answer, stream.asked_for) == ("400 Bad Request", b"", [])


def test_no_more_is_read_than_the_length_says() -> None:
    body = body_of(sealed())
    status, _, stream = call(body + b"the next request", length=str(len(body)))
    assert (status, stream.asked_for) == ("200 OK", [len(body)])


def test_whatever_breaks_is_silence_and_an_alert_that_quotes_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    log.set_up("info")
    broken = Answering(KeyError("张伟 3100000017"))
    status, answer, _ = call(body_of(sealed()), delivery=broken)
    assert (status, answer) == ("200 OK", b"")
    (line,) = (json.loads(line) for line in capfd.readouterr().err.splitlines())
    assert (line["event"], line["level"], line["error"]) == ("callback_failed", "error", "KeyError")
    assert line["where"].startswith("test_callback.py:")
    assert "张伟" not in str(line)
