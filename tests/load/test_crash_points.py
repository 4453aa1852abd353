"""A worker or an answer of Redis lost at each point of a turn, one by one: what remains of it."""

from collections.abc import Callable, Iterator, Sequence

import pytest
import redis

from backends.ports import Effect
from bot.memory import LEASE_MS, Answered, Claimed, Memory, Waiting
from tests.citizen import Citizen
from tests.fakes import FakeCsms, FakeRecords
from tests.load.labels import labels
from tests.redis_server import RedisServer, stoppable_redis
from tests.service import Service, running, settings_for

RECORD = '{"s":1}'


@pytest.fixture
def memory(service: Service) -> Memory:
    return service.memory()


@pytest.fixture
def citizen(service: Service) -> Citizen:
    return service.citizen()


@pytest.fixture
def store(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as client:
        yield client


def claimed(memory: Memory, openid: str, key: str = "message-1", run: str = "one") -> Claimed:
    claim = memory.begin(openid, key, run)
    assert isinstance(claim, Claimed)
    return claim


def save(memory: Memory, openid: str, claim: Claimed, body: str, key: str = "message-1") -> bool:
    return memory.save(openid, key, claim, body=body, reply="<xml/>", late="=")


@pytest.mark.parametrize("body", ["=", "", RECORD], ids=["unchanged", "dropped", "changed"])
def test_a_save_whose_answer_was_lost_may_be_sent_again(
    memory: Memory, citizen: Citizen, body: str
) -> None:
    claim = claimed(memory, citizen.openid)
    assert save(memory, citizen.openid, claim, body)
    assert save(memory, citizen.openid, claim, body)
    assert memory.begin(citizen.openid, "message-1", "two") == Answered("<xml/>")
    assert claimed(memory, citizen.openid, "message-2").version == str(int(body == RECORD))


def test_a_lease_that_ran_out_is_no_harm_while_nobody_came(
    memory: Memory, citizen: Citizen, store: redis.Redis
) -> None:
    claim = claimed(memory, citizen.openid)
    store.delete(memory.keys(citizen.openid, "").lock)
    assert save(memory, citizen.openid, claim, RECORD)


def test_a_turn_saves_nothing_while_another_message_is_under_way(
    memory: Memory, citizen: Citizen, store: redis.Redis
) -> None:
    claim = claimed(memory, citizen.openid)
    store.delete(memory.keys(citizen.openid, "").lock)
    claimed(memory, citizen.openid, "message-2", "two")
    assert not save(memory, citizen.openid, claim, RECORD)


def test_a_turn_saves_nothing_once_the_retry_of_its_message_has_been_answered(
    memory: Memory, citizen: Citizen, store: redis.Redis
) -> None:
    slow = claimed(memory, citizen.openid)
    store.delete(memory.keys(citizen.openid, "").lock)
    retry = claimed(memory, citizen.openid, run="two")
    assert memory.save(citizen.openid, "message-1", retry, body="=", reply="<b/>", late="=")
    assert not save(memory, citizen.openid, slow, RECORD)
    assert memory.begin(citizen.openid, "message-1", "three") == Answered("<b/>")


def test_a_renewed_lease_outlives_its_first_term_and_a_foreign_one_is_left_alone(
    memory: Memory, citizen: Citizen, store: redis.Redis
) -> None:
    claim = claimed(memory, citizen.openid)
    lock = memory.keys(citizen.openid, "").lock
    store.pexpire(lock, 50)
    assert memory.renew(citizen.openid, claim.token)
    assert store.pttl(lock) > LEASE_MS / 2
    assert not memory.renew(citizen.openid, "somebody-else")


def test_a_worker_that_dies_after_its_acknowledgement_leaves_word_for_the_next_message(
    memory: Memory, citizen: Citizen, store: redis.Redis
) -> None:
    key = "message-1"
    claim = claimed(memory, citizen.openid, key)
    assert memory.detach(citizen.openid, key, claim, "<ack/>", "系统暂时查不到")
    assert memory.begin(citizen.openid, "message-2", "two") == Waiting("detached")
    store.delete(memory.keys(citizen.openid, "").lock)
    assert labels(citizen.says("帮助").plain) == {"late", "unavailable", "help"}
    assert labels(citizen.says("帮助").plain) == {"help"}


def test_a_worker_that_dies_after_saving_a_late_answer_leaves_it_for_the_next_message(
    memory: Memory, citizen: Citizen, store: redis.Redis
) -> None:
    claim = claimed(memory, citizen.openid)
    memory.detach(citizen.openid, "message-1", claim, "<ack/>", "系统暂时查不到")
    memory.save(
        citizen.openid, "message-1", claim, body="=", reply="", late="没有欠费，谢谢", release=False
    )
    store.delete(memory.keys(citizen.openid, "").lock)
    assert labels(citizen.says("帮助").plain) == {"late", "nothing_owed", "help"}


def test_what_is_owed_by_another_turn_is_not_struck_out_by_a_late_release(
    memory: Memory, citizen: Citizen, store: redis.Redis
) -> None:
    claim = claimed(memory, citizen.openid)
    memory.detach(citizen.openid, "message-1", claim, "<ack/>", "系统暂时查不到")
    store.delete(memory.keys(citizen.openid, "").lock)
    memory.release(citizen.openid, claim, late_delivered=True)
    assert claimed(memory, citizen.openid, "message-2").late == "系统暂时查不到"


def test_a_page_is_not_skipped_by_the_retry_of_more(memory: Memory, citizen: Citizen) -> None:
    claim = claimed(memory, citizen.openid)
    memory.save(
        citizen.openid, "message-1", claim, body="=", reply="<a/>", late="=", pages=("二", "三")
    )
    assert memory.pages(citizen.openid) == memory.pages(citizen.openid) == ("二", "三")
    assert citizen.says("更多").plain == "二"
    assert citizen.says("更多").plain == "三"
    assert "没有更多" in citizen.says("更多").plain


def test_a_redis_without_room_is_apologised_for_and_not_a_bare_error(
    csms: FakeCsms, records: FakeRecords
) -> None:
    with stoppable_redis() as server, running(settings_for(server.url), csms, records) as full:
        citizen = full.citizen()
        citizen.says("绑定")
        _set_memory(server, "1")
        assert "maintenance" in labels(citizen.says("同意").plain)
        _set_memory(server, "0")
        assert labels(citizen.says("同意").plain) == {"account_no"}


def _set_memory(server: RedisServer, limit: str) -> None:
    with redis.Redis.from_url(server.url) as client:
        client.config_set("maxmemory", limit)


def test_a_turn_whose_place_was_taken_starts_anew_and_still_answers(
    csms: FakeCsms, records: FakeRecords, redis_url: str, store: redis.Redis
) -> None:
    """Its record changed while it ran: what it had decided counts no more."""
    with running(settings_for(redis_url), csms, records) as service:
        citizen, memory = service.citizen(), service.memory()
        citizen.says("绑定")
        _while_deciding(records, lambda: _interrupt(citizen, memory, store))
        said = labels(citizen.says("同意").plain)
        assert said == {"account_no"}
        assert service.metric("waterdesk_messages_total", _outcome("lease_lost")) == 0


def _outcome(name: str) -> dict[str, str]:
    return {"kind": "text", "outcome": name}


def _interrupt(citizen: Citizen, memory: Memory, store: redis.Redis) -> None:
    store.delete(memory.keys(citizen.openid, "").lock)
    other = claimed(memory, citizen.openid, "message-2", "two")
    assert memory.save(
        citizen.openid, "message-2", other, body=other.body + " ", reply="<b/>", late="="
    )


def _while_deciding(records: FakeRecords, act: Callable[[], None]) -> None:
    """`act` once, in the middle of the next commit."""
    commit = records.commit

    def interrupted(effects: Sequence[Effect]) -> None:
        records.commit = commit  # type: ignore[method-assign]
        act()
        commit(effects)

    records.commit = interrupted  # type: ignore[method-assign]
