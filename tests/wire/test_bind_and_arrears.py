"""The whole first conversation over the wire: follow, bind two accounts, read the arrears."""

from backends.ports import BillType, Role
from tests.fakes import FakeRecords
from tests.service import Service
from tests.town import OWES_ONE, OWES_SEVERAL


def test_a_citizen_binds_two_accounts_and_reads_what_is_owed(
    service: Service, records: FakeRecords
) -> None:
    citizen = service.citizen()
    assert "欢迎关注滨河水务" in citizen.follows().plain
    assert records.is_following(citizen.openid)

    asked = citizen.says("查欠费")
    assert "先绑定户号" in asked.plain
    assert "是否同意" in asked.plain
    assert "请输入10位户号" in citizen.taps_link(asked, "同意").plain
    assert "户主姓名" in citizen.says("户号：３１００ ０００ ０１７").plain
    assert "验证通过" in citizen.says(" 张 伟 ").plain
    assert "请输入10位户号" in citizen.says("1").plain
    citizen.says(OWES_SEVERAL)
    assert "31*****025" in citizen.says("欧阳娜娜").plain
    assert "账单怎么给您" in citizen.says("绑好了").plain
    summary = citizen.says("2")
    assert "只要微信账单" in summary.plain
    told = citizen.taps_link(summary, "确认绑定")

    assert "绑定成功，共2个户号" in told.plain
    assert "查哪一个" in told.plain, "what was asked before binding goes on"
    everything = citizen.says("全部").plain
    assert "共4笔欠费，合计 189.89元" in everything
    assert "2026年7月 12立方米 62.10元，已缴20.00元，违约金1.62元" in everything
    bound = records.bindings(citizen.openid)
    assert [(b.acct_no, b.role, b.bill_type) for b in bound] == [
        (OWES_ONE, Role.OWNER, BillType.WECHAT_ONLY),
        (OWES_SEVERAL, Role.OWNER, BillType.WECHAT_ONLY),
    ]
