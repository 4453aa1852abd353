"""No token: what is refused, what is stored, how often it is tried, and what the operator reads."""

import pytest

from backends.errors import BackendUnavailable, Reaction, WechatRejected
from tests.cache import MemoryCache
from tests.contract.wechat.conftest import APPID, OPENID, Clock, Workers
from tests.contract.wechat.platform import SEND, TOKEN, Platform, Scripted


@pytest.mark.parametrize(
    "answer",
    [
        {"access_token": "", "expires_in": 7200},
        {"expires_in": 7200},
        {"access_token": "T", "expires_in": 0},
        {"access_token": "T", "expires_in": "7200"},
        {"access_token": ["T"], "expires_in": 7200},
    ],
)
def test_an_answer_without_a_usable_token_is_refused_and_never_stored(
    workers: Workers, platform: Platform, cache: MemoryCache, answer: dict[str, object]
) -> None:
    platform.script(TOKEN, answer)
    with pytest.raises(BackendUnavailable, match="without a token"):
        workers.start().tokens.current()
    assert cache.keys() == set()


@pytest.mark.parametrize("stored", ["", "{", "[]", '["",1.0]', '["T","x"]', "3", '{"a":1,"b":2}'])
def test_rubbish_in_the_store_is_passed_over(
    workers: Workers, cache: MemoryCache, stored: str
) -> None:
    cache.set(f"wechat:token:{APPID}", stored, 100.0)
    assert workers.start().tokens.current().value == "TOKEN-1"


def test_a_wrong_secret_is_a_matter_of_configuration_and_says_what_to_compare(
    workers: Workers, platform: Platform
) -> None:
    platform.always(TOKEN, {"errcode": 40001, "errmsg": "invalid credential rid: 5f-26-07"})
    with pytest.raises(WechatRejected, match="WATERDESK_WECHAT_SECRET") as caught:
        workers.start().messages.send_text(OPENID, "您好")
    assert caught.value.reaction is Reaction.CONFIGURATION
    assert caught.value.rid == "5f-26-07"
    assert platform.to(SEND) == []


def test_an_address_that_is_not_whitelisted_is_shown_with_its_remedy_and_not_tried_per_call(
    workers: Workers, platform: Platform, clock: Clock
) -> None:
    errmsg = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 1-2-3"
    platform.script(TOKEN, {"errcode": 40164, "errmsg": errmsg})
    worker = workers.start()
    for _ in range(5):
        with pytest.raises(WechatRejected, match=r"203\.0\.113\.7.*IP whitelist"):
            worker.tokens.current()
    assert len(platform.to(TOKEN)) == 1
    clock.now_s += 1.1
    assert worker.tokens.current().value == "TOKEN-1"


def test_a_lost_token_answer_means_that_the_message_was_not_sent(
    workers: Workers, platform: Platform
) -> None:
    platform.script(TOKEN, Scripted(lost=True))
    with pytest.raises(BackendUnavailable) as caught:
        workers.start().messages.send_text(OPENID, "您好")
    assert caught.value.sent is False
    assert platform.to(SEND) == []
