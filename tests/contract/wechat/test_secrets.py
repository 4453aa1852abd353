"""Neither the secret, nor a token, nor a citizen shows in any error or log line."""

import logging
import traceback
from collections.abc import Callable

import pytest

from backends.errors import BackendError
from backends.wechat.media import download
from tests.contract.wechat.conftest import OPENID, SECRET, Worker, Workers
from tests.contract.wechat.platform import SEND, TOKEN, Platform, Scripted
from tests.contract.wechat.test_client import free_port

# Named, so that they do not stand in the source lines that a traceback shows.
TEXT = "张三，您好"
MEDIA_ID = "MEDIA-OF-A-CITIZEN"
PRIVATE = (SECRET, "TOKEN-", OPENID, TEXT, MEDIA_ID, "access_token=")


def everything_about(exc: BaseException) -> str:
    texts = []
    pending: list[BaseException | None] = [exc]
    while pending:
        if (link := pending.pop()) is not None:
            texts += [str(link), repr(link), repr(link.args), repr(vars(link))]
            texts += traceback.format_exception(link)
            pending += [link.__cause__, link.__context__]
    return "\n".join(texts)


def send(worker: Worker) -> None:
    worker.messages.send_text(OPENID, TEXT)


def fetch(worker: Worker) -> None:
    download(worker.client, MEDIA_ID, 1000)


ECHO = {"errcode": 40003, "errmsg": f"invalid openid {OPENID} token TOKEN-1 rid: 1-2-3"}


@pytest.mark.parametrize("act", [send, fetch])
@pytest.mark.parametrize(
    "answer",
    [
        Scripted(lost=True),
        Scripted(status=502, body=b"bad gateway"),
        Scripted(body=b"{", declared=99),
        ECHO,
        {"errcode": 40014, "errmsg": "invalid access_token TOKEN-1"},
    ],
)
def test_failures_of_a_call_tell_nothing_private(
    worker: Worker,
    platform: Platform,
    caplog: pytest.LogCaptureFixture,
    act: Callable[[Worker], None],
    answer: Scripted | dict[str, object],
) -> None:
    caplog.set_level(logging.DEBUG)
    worker.tokens.current()
    platform.always(SEND, answer)
    platform.always("/cgi-bin/media/get", answer)
    with pytest.raises(BackendError) as caught:
        act(worker)
    told = everything_about(caught.value) + caplog.text
    assert [word for word in PRIVATE if word in told] == []
    assert "urllib3.connectionpool" in caplog.text, "the log that would have told was listened to"


@pytest.mark.parametrize(
    "answer",
    [
        Scripted(lost=True),
        Scripted(status=500),
        {"errcode": 40125, "errmsg": f"invalid appsecret {SECRET}"},
        {"access_token": "", "expires_in": 7200},
    ],
)
def test_failures_of_the_token_tell_nothing_private(
    worker: Worker,
    platform: Platform,
    caplog: pytest.LogCaptureFixture,
    answer: Scripted | dict[str, object],
) -> None:
    caplog.set_level(logging.DEBUG)
    platform.always(TOKEN, answer)
    with pytest.raises(BackendError) as caught:
        send(worker)
    told = everything_about(caught.value) + caplog.text
    assert [word for word in PRIVATE if word in told] == []


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_connection_that_fails_tells_nothing_private(
    workers: Workers, caplog: pytest.LogCaptureFixture, scheme: str
) -> None:
    caplog.set_level(logging.DEBUG)
    workers.start().tokens.current()
    with pytest.raises(BackendError) as caught:
        send(workers.start(base_url=f"{scheme}://127.0.0.1:{free_port()}"))
    told = everything_about(caught.value) + caplog.text
    assert [word for word in PRIVATE if word in told] == []


def test_tls_spoken_to_a_plain_server_tells_nothing_private(
    workers: Workers, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    workers.start().tokens.current()
    with pytest.raises(BackendError, match="TLS failed") as caught:
        send(workers.start(base_url=platform.base_url.replace("http://", "https://")))
    told = everything_about(caught.value) + caplog.text
    assert [word for word in PRIVATE if word in told] == []


def test_values_that_hold_secrets_do_not_show_them(worker: Worker) -> None:
    token = worker.tokens.current()
    assert token.value not in repr(token)


def test_what_wechat_echoes_of_a_call_is_struck_out(worker: Worker, platform: Platform) -> None:
    platform.script(SEND, {"errcode": 87014, "errmsg": f"risky content: {TEXT} for {OPENID}"})
    with pytest.raises(BackendError, match=r"risky content: \*\*\* for \*\*\*"):
        send(worker)
