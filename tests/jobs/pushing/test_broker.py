"""Celery's way from `Words` to `Listener`, over a real broker that is stopped and started."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backends.ports import Notice
from bot.settings import Settings, SettingsError
from jobs.pushing.dispatch import Dispatcher
from jobs.pushing.draining import Drains
from jobs.pushing.listening import Deaf, Listener
from jobs.pushing.tasks import WORDS_AT_ONCE, BrokerAway, Words, broker_of, make_app, teach
from jobs.worker import Loop, Worker
from tests.fakes.ledger import FakeLedger
from tests.redis_server import RedisServer, stoppable_redis
from tests.service import settings_for

HEARD_WITHIN_S = 20.0


class Ear:
    """Counts what it hears."""

    def __init__(self) -> None:
        self.heard = 0
        self._news = threading.Condition()

    def __call__(self) -> int:
        with self._news:
            self.heard += 1
            self._news.notify_all()
        return 0

    def hears(self, times: int, within_s: float = HEARD_WITHIN_S) -> bool:
        with self._news:
            return self._news.wait_for(lambda: self.heard >= times, within_s)


@contextmanager
def listening(settings: Settings, ear: Callable[[], int]) -> Iterator[threading.Thread]:
    app = make_app(settings)
    teach(app, ear)
    listener = Listener(app)
    thread = threading.Thread(target=listener.step)
    thread.start()
    try:
        yield thread
    finally:
        listener.halt()
        thread.join(HEARD_WITHIN_S)
        assert not thread.is_alive()


@pytest.fixture
def broker() -> Iterator[RedisServer]:
    with stoppable_redis() as server:
        yield server


def words_of(settings: Settings) -> Words:
    return Words(make_app(settings))


def say_until_heard(words: Words, ear: Ear, times: int) -> bool:
    """As the dispatcher does: a word may be lost with the broker."""
    until_s = time.monotonic() + HEARD_WITHIN_S
    while time.monotonic() < until_s:
        with suppress(BrokerAway):
            words.say(1)
        if ear.hears(times, within_s=0.2):
            return True
    return False


def test_who_listens_hears_the_word(broker: RedisServer) -> None:
    settings, ear = settings_for(broker.url), Ear()
    with listening(settings, ear):
        words_of(settings).say(1)
        assert ear.hears(1)


def test_words_that_wait_already_are_not_said_again(redis_url: str) -> None:
    words = words_of(settings_for(redis_url).model_copy(update={"wechat_appid": "wxwordswait"}))
    assert words.say(2) == 2
    assert words.say(2) == 0
    assert words.say(1) == 0
    assert words.say(1000) == WORDS_AT_ONCE - 2


def test_what_one_account_says_another_does_not_hear(broker: RedisServer) -> None:
    settings, ear = settings_for(broker.url), Ear()
    other = settings.model_copy(update={"wechat_appid": "wxanother"})
    words_of(other).say(1)
    with listening(settings, ear):
        words_of(settings).say(1)
        assert ear.hears(1)
    assert ear.heard == 1
    assert words_of(other).say(1) == 0


def test_a_listener_finds_a_broker_that_was_restarted_and_ends_without_one(
    broker: RedisServer,
) -> None:
    settings, ear = settings_for(broker.url), Ear()
    words = words_of(settings)
    with listening(settings, ear):
        words.say(1)
        assert ear.hears(1)
        broker.stop()
        with pytest.raises(BrokerAway):
            words.say(1)
        broker.start_again()
        assert say_until_heard(words, ear, 2)
        broker.stop()


def test_a_drain_that_raises_is_one_word_less_and_no_end(broker: RedisServer) -> None:
    settings, ear = settings_for(broker.url), Ear()

    def breaks() -> int:
        ear()
        raise ValueError("a bug")

    words = words_of(settings)
    with listening(settings, breaks):
        words.say(1)
        assert ear.hears(1)
        words.say(1)
        assert ear.hears(2)


def with_broker(url: str) -> Settings:
    return settings_for("redis://h").model_copy(update={"broker_url": url})


def test_a_broker_that_kombu_cannot_use_ends_no_worker_and_delays_nothing() -> None:
    settings, drained = with_broker("nonsense://h"), Ear()
    ledger, now = FakeLedger(), datetime.now(UTC)
    ledger.plan([Notice("ticket_done", "k", "o", "", {})], now)
    drains = Drains(lambda _: drained(), time.monotonic)
    listener = Listener(make_app(settings))
    words, looked = Words(make_app(settings)), Ear()
    dispatcher = Dispatcher(ledger, words, drains, looked, lambda: now, time.monotonic)
    listen = Loop("listen", listener.step, halt=listener.halt)
    worker = Worker([listen, Loop("dispatch", dispatcher.step, 0.05, halt=drains.halt)])
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert drained.hears(3)
    assert {"listen", "dispatch"} <= {one.name for one in threading.enumerate()}
    worker.stop()
    thread.join(HEARD_WITHIN_S)
    assert not thread.is_alive()


def test_when_celery_gives_up_it_is_a_failure_so_that_the_loop_pauses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where this broker looks for folders that are not there
    listener = Listener(make_app(with_broker("filesystem://")))
    with pytest.raises(Deaf):
        listener.step()
    listener.halt()
    assert listener.step() == 0


ADDRESSES = [
    pytest.param("redis://h:6379/0", "redis://h:6379/0", id="tcp"),
    pytest.param("rediss://:pw@h:6380/1", "rediss://:pw@h:6380/1", id="tls"),
    pytest.param("unix:///run/r.sock?db=2", "redis+socket:///run/r.sock?virtual_host=2", id="unix"),
    pytest.param("unix:///run/r.sock", "redis+socket:///run/r.sock?virtual_host=0", id="unix, 0"),
]


@pytest.mark.parametrize(("redis", "broker"), ADDRESSES)
def test_redis_is_the_broker_when_no_other_is_named(redis: str, broker: str) -> None:
    assert broker_of(settings_for(redis)) == broker


def test_a_broker_that_is_named_goes_before_redis() -> None:
    settings = settings_for("redis://h").model_copy(update={"broker_url": "amqp://rabbit//"})
    assert broker_of(settings) == "amqp://rabbit//"
    assert not make_app(settings).conf.broker_transport_options


@pytest.mark.parametrize("redis", ["redis+sentinel://a,b/m", "redis+cluster://a,b"])
def test_beside_a_sentinel_or_a_cluster_a_broker_must_be_named(redis: str) -> None:
    with pytest.raises(SettingsError, match="WATERDESK_BROKER_URL"):
        make_app(settings_for(redis))


def test_a_broker_behind_tls_has_to_show_a_certificate() -> None:
    connection = make_app(settings_for("rediss://h:6380/0")).connection()
    assert connection.ssl["ssl_cert_reqs"].name == "CERT_REQUIRED"
