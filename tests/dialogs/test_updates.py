"""A release arrives in the middle of conversations: carried over, or closed politely."""

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import redis

from bot.memory import Claimed, Memory
from bot.redis_link import ClientLink
from dialogs.engine import migrations, record
from dialogs.engine.record import Frame, Record
from tests.citizen import Citizen
from tests.service import Service

_looks = itertools.count()


@pytest.fixture
def citizen(service: Service) -> Citizen:
    return service.citizen()


@contextmanager
def remembered(citizen: Citizen) -> Iterator[tuple[Memory, Claimed, str]]:
    """The citizen's record, claimed under a key as a turn would claim it."""
    key = f"look-{next(_looks)}"
    settings = citizen.service.settings
    with redis.Redis.from_url(settings.redis_url) as client:
        memory = Memory(ClientLink(client), settings.wechat_appid)
        claim = memory.begin(citizen.openid, key, "token")
        assert isinstance(claim, Claimed)
        yield memory, claim, key
        client.delete(memory.keys(citizen.openid, key).lock)


def body(citizen: Citizen) -> Record:
    with remembered(citizen) as (_, claim, _):
        return record.from_json(claim.body)


def put(citizen: Citizen, text: str) -> None:
    with remembered(citizen) as (memory, claim, key):
        assert memory.save(citizen.openid, key, claim, body=text, reply=" ", late="")


def frame_of(citizen: Citizen, **changed: Any) -> Frame:
    """A frame as an earlier release would have left it."""
    now_s = int(citizen.service.clock.now_s)
    frame = Frame(
        dialog="bind_account",
        revision=1,
        run_id="r1",
        state="account_no",
        data={"factor": "owner_name", "digits": 10, "next": ""},
        started=now_s,
        expires=now_s + 600,
    )
    return replace(frame, **changed)


def put_frame(citizen: Citizen, **changed: Any) -> None:
    put(citizen, record.to_json(Record(frame=frame_of(citizen, **changed))))


def test_a_record_as_it_should_be_goes_on(citizen: Citizen) -> None:
    put_frame(citizen)
    assert "户主姓名" in citizen.says("3100000017").plain


@pytest.mark.parametrize("revision", [0, 2])
def test_a_dialog_of_another_revision_is_closed_politely(citizen: Citizen, revision: int) -> None:
    put_frame(citizen, revision=revision)
    told = citizen.says("3100000017")
    assert "「绑定户号」需要从头办理" in told.plain
    assert "是否同意" in citizen.taps_link(told, "绑定户号").plain


def test_a_dialog_in_a_state_that_is_gone_is_closed_politely(citizen: Citizen) -> None:
    put_frame(citizen, state="captcha")
    assert "「绑定户号」需要从头办理" in citizen.says("好").plain
    assert body(citizen).frame is None


def test_a_dialog_that_is_gone_is_closed_politely(citizen: Citizen) -> None:
    put_frame(citizen, dialog="lottery")
    assert "系统刚刚升级" in citizen.says("3100000017").plain
    assert "没有没办完的事" in citizen.says("继续").plain


def test_what_is_said_is_still_understood_when_a_dialog_is_closed(citizen: Citizen) -> None:
    put_frame(citizen, revision=0)
    told = citizen.says("菜单").plain
    assert "需要从头办理" in told
    assert "滨河水务可以为您办理" in told


def test_a_number_is_no_menu_number_when_a_dialog_is_closed(citizen: Citizen) -> None:
    put_frame(citizen, revision=0, state="consent")
    assert "是否同意" not in citizen.says("1").plain


def test_a_parked_dialog_of_another_revision_is_closed_when_asked_for(citizen: Citizen) -> None:
    put(citizen, record.to_json(Record(parked=frame_of(citizen, revision=0))))
    assert "给您留着" not in citizen.says("菜单").plain
    assert "「绑定户号」需要从头办理" in citizen.says("继续").plain
    assert "没有没办完的事" in citizen.says("继续").plain


def from_revision_0(frame: Frame) -> Frame:
    data = {"factor": frame.data["proof"], "digits": 10, "next": ""}
    return replace(frame, revision=1, state="account_no", data=data)


@pytest.fixture
def migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(migrations.MIGRATIONS, ("bind_account", 0), from_revision_0)


@pytest.mark.usefixtures("migrated")
def test_a_migration_carries_a_dialog_over(citizen: Citizen) -> None:
    put_frame(citizen, revision=0, state="number", data={"proof": "meter_code"})
    asked = citizen.says("3100000017").plain
    assert "升级" not in asked
    assert "水表表身条码" in asked


@pytest.mark.usefixtures("migrated")
def test_a_migration_carries_a_parked_dialog_over(citizen: Citizen) -> None:
    parked = frame_of(citizen, revision=0, state="number", data={"proof": "mobile"})
    put(citizen, record.to_json(Record(parked=parked)))
    assert "「绑定户号」给您留着" in citizen.says("菜单").plain
    assert "请输入10位户号" in citizen.says("继续").plain
    assert "登记的手机号" in citizen.says("3100000017").plain


def test_a_migration_that_leads_nowhere_ends(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(migrations.MIGRATIONS, ("bind_account", 0), lambda frame: frame)
    put_frame(citizen, revision=0)
    assert "需要从头办理" in citizen.says("3100000017").plain


@pytest.mark.parametrize("text", ['{"s":2,"x":[]}', '{"s":1}'])
def test_a_record_of_another_schema_is_a_fresh_start(citizen: Citizen, text: str) -> None:
    put(citizen, text)
    assert "没有没办完的事" in citizen.says("继续").plain


@pytest.mark.parametrize("text", ["no json", "[]", '{"s":1,"f":[1]}', json.dumps({"s": 1, "h": 3})])
def test_a_record_that_cannot_be_read_is_a_fresh_start(citizen: Citizen, text: str) -> None:
    put(citizen, text)
    assert "滨河水务可以为您办理" in citizen.says("菜单").plain
    assert "是否同意" in citizen.says("绑定户号").plain
