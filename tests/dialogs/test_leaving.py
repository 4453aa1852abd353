"""Unsubscribing: nothing of the citizen stays in Redis, and the records know."""

import time

from bot.memory import Memory
from bot.redis_link import open_link
from tests.fakes import FakeRecords
from tests.service import Service


def test_who_leaves_is_forgotten_and_no_longer_followed(
    service: Service, records: FakeRecords
) -> None:
    citizen = service.citizen()
    citizen.follows()
    citizen.says("绑定户号")
    link = open_link(service.settings.redis_url, monotonic=time.monotonic)
    keys = Memory(link, service.settings.wechat_appid).keys(citizen.openid, "")
    kept = (keys.record, keys.late, keys.pages, keys.lock)
    assert link.call("EXISTS", keys.record) == 1

    assert citizen.leaves().kind == "silence"

    assert link.call("EXISTS", *kept) == 0
    assert not records.is_following(citizen.openid)
    citizen.follows()
    assert records.is_following(citizen.openid)
