"""Acceptance: an owner lets somebody of the family see the account, and takes it back."""

import re

import pytest

from tests.browser.conftest import Phone
from tests.browser.demo import Demo
from tests.browser.people import somebody

pytestmark = pytest.mark.browser


def test_somebody_of_the_family_is_invited_joins_sees_the_bill_and_is_removed(
    demo: Demo, phone: Phone
) -> None:
    home = demo.example("nothing_owed")
    assert home.owner_name
    phone.open(demo.url)
    owner = somebody(demo, phone, "当家的人")
    owner.binds(home.acct_no, home.owner_name)
    phone.say("家人")
    phone.hears("还没有家人绑定")
    owner.says("邀请家人", "查看家人")
    phone.hears("邀请一位查看家人")
    phone.tap_link("发邀请码")
    phone.hears("邀请码：")
    code = re.search(r"邀请码：(\w{4} \w{4})", phone.bubbles("account").last.inner_text())
    assert code is not None

    viewer = somebody(demo, phone, "看账单的人")
    phone.say(code[1])
    phone.hears("是否同意")
    viewer.says("同意")
    phone.hears("身份 查看家人")
    phone.tap_link("确认加入")
    phone.hears("加入成功")
    phone.say("当月账单")
    phone.hears("合计")

    owner.takes_phone()
    owner.is_told("有家人用您的邀请码加入了", "查看家人")
    phone.say("家人")
    phone.hears("· 查看家人")
    owner.says("移除家人", "1")
    phone.hears("马上看不到这个户号")
    phone.tap_link("确认移除")
    phone.hears("已经移除")

    viewer.takes_phone()
    viewer.is_told("户主不再和您共用户号")
    phone.say("当月账单")
    phone.hears("先绑定户号")
