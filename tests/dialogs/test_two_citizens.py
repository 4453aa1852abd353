"""Two citizens at the same account at the same time."""

from backends.ports import Role
from tests.citizen import Citizen
from tests.fakes import FakeRecords
from tests.service import Service
from tests.town import OWES_ONE


def up_to_the_summary(citizen: Citizen) -> None:
    for said in ("绑定户号", "同意", OWES_ONE, "张伟", "2", "2"):
        told = citizen.says(said)
    assert "请核对" in told.plain


def test_an_account_gets_one_owner_even_when_two_prove_it_before_either_confirms(
    service: Service, records: FakeRecords
) -> None:
    first, second = service.citizen(), service.citizen()
    up_to_the_summary(first)
    up_to_the_summary(second)
    assert "绑定成功" in second.says("确认绑定").plain
    told = first.says("确认绑定")
    assert "已有家人绑定" in told.plain
    first.says("1")
    first.says("2")
    assert "缴费家人" in first.says("2").plain
    assert "绑定成功" in first.says("确认绑定").plain
    assert len(records.bindings(first.openid)) == 1
    owners = [
        citizen
        for citizen in (first, second)
        for binding in records.bindings(citizen.openid)
        if binding.role is Role.OWNER
    ]
    assert owners == [second]
