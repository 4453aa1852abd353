"""A citizen who has had their data deleted is told nothing of before."""

from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    ProofFactor,
    Role,
)
from tests.fakes import FakeRecords
from tests.kept import keep, waiting
from tests.service import Service
from tests.town import OWES_ONE


def test_results_that_still_waited_are_not_told_after_the_deletion(
    service: Service, records: FakeRecords
) -> None:
    citizen = service.citizen()
    records.commit(
        [
            AccountsBound(
                (
                    Binding(
                        citizen.openid,
                        OWES_ONE,
                        Role.OWNER,
                        BillType.WECHAT_ONLY,
                        ProofFactor.OWNER_NAME,
                        service.long_ago(),
                    ),
                )
            )
        ]
    )
    waits = (waiting(citizen.openid, f"第{number}个结果") for number in range(1, 41))
    keep(service, records, *waits)
    assert "第1个结果" in citizen.says("我的数据").plain
    citizen.says("2")
    assert "已经删除" in citizen.says("1").plain
    assert "个结果" not in citizen.says("菜单").plain
