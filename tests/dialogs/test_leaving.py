"""Unsubscribing: nothing of the citizen stays in Redis, and the records know."""

import redis

from bot.memory import Memory
from bot.redis_link import ClientLink
from tests.fakes import FakeRecords
from tests.service import Service


def test_who_leaves_is_forgotten_and_no_longer_followed(
    service: Service, records: FakeRecords
) -> None:
    citizen = service.citizen()
    citizen.follows()
    citizen.says("绑定户号")
    with redis.Redis.from_url(service.settings.redis_url) as client:
        memory = Memory(ClientLink(client), service.settings.wechat_appid)
        keys = memory.keys(citizen.openid, "")
        assert client.exists(keys.record)

        assert citizen.leaves().kind == "silence"

        assert not client.exists(keys.record, keys.late, keys.pages, keys.lock)
    assert not records.is_following(citizen.openid)
    citizen.follows()
    assert records.is_following(citizen.openid)
