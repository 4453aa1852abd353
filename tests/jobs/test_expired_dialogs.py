"""What was typed into a dialog that has expired goes; that it expired is still told."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.memory import Memory
from jobs.dialogs import ExpiredDialogs
from jobs.job import Order
from tests.citizen import Citizen
from tests.service import Service
from tests.town import OWES_ONE


def bodies(memory: Memory) -> dict[str, str]:
    return {found.openid: found.body for found in memory.records()}


@pytest.fixture
def citizen(service: Service) -> Iterator[Citizen]:
    who = service.citizen()
    who.says("绑定户号")
    who.says("1")
    who.says(OWES_ONE)
    yield who
    service.memory().forget(who.openid)


def run(memory: Memory, now: datetime, **order: bool) -> dict[str, int]:
    (*_, counts) = ExpiredDialogs(memory)(Order(now, **order))
    return dict(counts)


def test_while_it_is_alive_it_is_left_alone(service: Service, citizen: Citizen) -> None:
    memory = service.memory()
    before = bodies(memory)[citizen.openid]
    run(memory, service.now() + timedelta(minutes=1))
    assert OWES_ONE in before
    assert bodies(memory)[citizen.openid] == before


def test_once_expired_it_is_emptied_once(service: Service, citizen: Citizen) -> None:
    memory = service.memory()
    assert run(memory, service.now() + timedelta(hours=1), dry_run=True)["emptied"] >= 1
    assert OWES_ONE in bodies(memory)[citizen.openid]
    assert run(memory, service.now() + timedelta(hours=1))["emptied"] >= 1
    assert OWES_ONE not in bodies(memory)[citizen.openid]
    emptied = bodies(memory)
    run(memory, service.now() + timedelta(hours=1))
    assert bodies(memory) == emptied


def test_not_while_a_turn_is_under_way(service: Service, citizen: Citizen) -> None:
    memory = service.memory()
    claim = memory.begin(citizen.openid, "a-turn", "token-1")
    run(memory, service.now() + timedelta(hours=1))
    assert OWES_ONE in bodies(memory)[citizen.openid]
    memory.release(citizen.openid, claim, late_delivered=True)  # type: ignore[arg-type]
