"""How fast all workers together may send: one bucket in a real Redis."""

import itertools
import threading
import time

import pytest

from bot.pace import RedisPace
from bot.redis_link import MemoryLost, open_link
from tests.redis_server import stoppable_redis

accounts = (f"wxpace{number}" for number in itertools.count())


def pace(redis_url: str, appid: str, rate_per_s: float, naps: list[float]) -> RedisPace:
    def nap(seconds: float) -> None:
        naps.append(seconds)
        time.sleep(seconds)

    link = open_link(redis_url, monotonic=time.monotonic)
    return RedisPace(link, appid, rate_per_s=rate_per_s, sleep=nap)


def test_what_the_bucket_holds_goes_at_once(redis_url: str) -> None:
    naps: list[float] = []
    pace(redis_url, next(accounts), 100.0, naps).take(50)
    assert naps == []


def test_more_than_the_bucket_holds_waits_for_it_to_fill(redis_url: str) -> None:
    naps: list[float] = []
    pace(redis_url, next(accounts), 1000.0, naps).take(600)
    assert 0.09 <= sum(naps) <= 0.11


def test_two_workers_share_one_pace(redis_url: str) -> None:
    appid = next(accounts)
    naps: tuple[list[float], list[float]] = ([], [])
    workers = [pace(redis_url, appid, 1000.0, own) for own in naps]
    started_s = time.monotonic()
    threads = [threading.Thread(target=worker.take, args=(400,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - started_s >= 0.29


def test_two_accounts_do_not_share_it(redis_url: str) -> None:
    naps: list[float] = []
    for _ in range(2):
        pace(redis_url, next(accounts), 100.0, naps).take(50)
    assert naps == []


def test_less_than_one_a_second_still_lets_one_go(redis_url: str) -> None:
    naps: list[float] = []
    pace(redis_url, next(accounts), 0.1, naps).take(1)
    assert naps == []


def test_without_redis_nothing_may_be_sent() -> None:
    with stoppable_redis() as server:
        slow = pace(server.url, "wxgone", 100.0, [])
        slow.take(1)
        server.stop()
        with pytest.raises(MemoryLost):
            slow.take(1)
