"""The shared token: fetched once however many ask, renewed in time, and only when it must be."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from backends.errors import Reaction, WechatRejected
from backends.wechat.token import TokenOptions
from tests.cache import MemoryCache
from tests.contract.wechat.conftest import APPID, OPENID, SECRET, Clock, Workers
from tests.contract.wechat.platform import SEND, TOKEN, Platform, Scripted

BAD_TOKEN = {
    "errcode": 40001,
    "errmsg": "invalid credential, access_token is invalid or not latest",
}


def at_once(number: int, ask: Callable[[int], str]) -> list[str]:
    barrier = threading.Barrier(number)

    def one(index: int) -> str:
        barrier.wait(timeout=5)
        return ask(index)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def slow_token(value: str = "SLOW-TOKEN") -> Scripted:
    body = f'{{"access_token":"{value}","expires_in":7200}}'.encode()
    return Scripted(body=body, gate=threading.Event(), gate_s=0.3)


def test_a_fetch_asks_for_the_stable_token_in_normal_mode(
    workers: Workers, platform: Platform
) -> None:
    assert workers.start().tokens.current().value == "TOKEN-1"
    (asked,) = platform.to(TOKEN)
    assert asked.json == {
        "grant_type": "client_credential",
        "appid": APPID,
        "secret": SECRET,
        "force_refresh": False,
    }
    assert asked.query == {}, "the secret must not stand in a URL"


def test_twenty_threads_at_a_cold_start_fetch_one_token(
    workers: Workers, platform: Platform
) -> None:
    platform.always(TOKEN, slow_token())
    worker = workers.start()
    values = at_once(20, lambda _: worker.tokens.current().value)
    assert values == ["SLOW-TOKEN"] * 20
    assert len(platform.to(TOKEN)) == 1


def test_two_processes_at_a_cold_start_fetch_one_token(
    workers: Workers, platform: Platform
) -> None:
    platform.always(TOKEN, slow_token())
    pair = (workers.start(), workers.start())
    values = at_once(8, lambda index: pair[index % 2].tokens.current().value)
    assert values == ["SLOW-TOKEN"] * 8
    assert len(platform.to(TOKEN)) == 1


def test_who_gets_the_lock_looks_again_before_fetching(
    workers: Workers, platform: Platform, cache: MemoryCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, worker = workers.start(), workers.start()
    add = cache.add

    def add_after_the_other_is_done(key: str, value: str, ttl_s: float) -> bool | None:
        monkeypatch.setattr(cache, "add", add)
        other.tokens.current()
        return add(key, value, ttl_s)

    monkeypatch.setattr(cache, "add", add_after_the_other_is_done)
    assert worker.tokens.current().value == "TOKEN-1"
    assert len(platform.to(TOKEN)) == 1


def test_the_token_is_renewed_five_minutes_before_its_end(
    workers: Workers, platform: Platform, clock: Clock
) -> None:
    worker = workers.start()
    assert worker.tokens.current().value == "TOKEN-1"
    clock.now_s += 7200 - 301
    assert worker.tokens.current().value == "TOKEN-1"
    clock.now_s += 2
    assert worker.tokens.current().value == "TOKEN-2"
    assert workers.start().tokens.current().value == "TOKEN-2"
    assert len(platform.to(TOKEN)) == 2


def test_a_token_that_ends_at_once_is_still_not_fetched_per_call(
    workers: Workers, platform: Platform
) -> None:
    platform.always(TOKEN, {"access_token": "SHORT", "expires_in": 300})
    worker = workers.start()
    assert [worker.tokens.current().value for _ in range(5)] == ["SHORT"] * 5
    assert len(platform.to(TOKEN)) == 1


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_refused_token_is_renewed_once_and_the_call_repeated_once(
    workers: Workers, platform: Platform, errcode: int
) -> None:
    platform.script(SEND, {"errcode": errcode, "errmsg": "bad token"})
    workers.start().messages.send_text(OPENID, "您好")
    assert [asked.query["access_token"] for asked in platform.to(SEND)] == ["TOKEN-1", "TOKEN-2"]
    assert len(platform.to(TOKEN)) == 2


def test_a_token_that_stays_refused_is_not_tried_a_third_time(
    workers: Workers, platform: Platform
) -> None:
    platform.always(SEND, BAD_TOKEN)
    with pytest.raises(WechatRejected) as caught:
        workers.start().messages.send_text(OPENID, "您好")
    assert caught.value.reaction is Reaction.REFRESH_TOKEN
    assert len(platform.to(SEND)) == 2
    assert len(platform.to(TOKEN)) == 2


def test_a_late_refusal_leaves_the_token_that_another_process_has_fetched(
    workers: Workers, platform: Platform
) -> None:
    quick, late = workers.start(), workers.start()
    stale = late.tokens.current()
    assert quick.tokens.current() == stale
    platform.script(SEND, BAD_TOKEN)
    quick.messages.send_text(OPENID, "一")
    assert quick.tokens.current().value == "TOKEN-2"
    platform.script(SEND, BAD_TOKEN)
    late.messages.send_text(OPENID, "二")
    used = [asked.query["access_token"] for asked in platform.to(SEND)]
    assert used == ["TOKEN-1", "TOKEN-2", "TOKEN-1", "TOKEN-2"]
    assert len(platform.to(TOKEN)) == 2


def test_without_the_store_a_process_keeps_its_own_token(
    workers: Workers, platform: Platform, cache: MemoryCache
) -> None:
    cache.break_()
    worker = workers.start()
    at_once(8, lambda _: worker.tokens.current().value)
    worker.messages.send_text(OPENID, "一")
    worker.messages.send_text(OPENID, "二")
    assert len(platform.to(TOKEN)) == 1


def test_a_store_that_breaks_later_costs_no_fetch(
    workers: Workers, platform: Platform, cache: MemoryCache
) -> None:
    worker = workers.start()
    worker.tokens.current()
    cache.break_()
    worker.messages.send_text(OPENID, "一")
    assert len(platform.to(TOKEN)) == 1


def test_a_worker_that_died_with_the_lock_holds_nobody_for_longer_than_the_wait(
    workers: Workers, platform: Platform, cache: MemoryCache, clock: Clock
) -> None:
    cache.add(f"wechat:token:{APPID}:lock", "the dead one", 15.0)
    worker = workers.start(tokens=TokenOptions(wait_s=0.0))
    assert worker.tokens.current().value == "TOKEN-1"
    cache.delete_if(f"wechat:token:{APPID}", worker.tokens.current().written())
    clock.now_s += 15.0
    workers.start().tokens.current()
    assert not any(key.endswith(":lock") for key in cache.keys())  # noqa: SIM118
