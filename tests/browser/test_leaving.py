"""Acceptance: an owner changes the mobile on file, and later lets go of the account."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phone
from tests.browser.demo import Demo
from tests.browser.office import BackOffice
from tests.browser.people import somebody

pytestmark = pytest.mark.browser


def test_a_mobile_is_changed_and_a_real_name_is_cancelled_with_a_reason(
    demo: Demo, phone: Phone
) -> None:
    home = demo.example("real_name_on_file")
    assert home.owner_name
    phone.open(demo.url)
    owner = somebody(demo, phone, "要搬走的人")
    owner.binds(home.acct_no, home.owner_name)
    owner.says("联系方式", "改手机号", "13998765432")
    phone.hears("→ 139****5432")
    phone.tap_link("提交")
    phone.gets_card("改联系方式", "已改好")
    phone.say("我的户号")
    phone.hears("登记的手机号 139****5432")

    owner.says("解绑户号", "解除实名", "房子卖了", "11月底交房")
    phone.hears("审核通过后")
    phone.tap_link("提交申请")
    number = owner.gives_number()
    office = BackOffice(phone.page).applications()
    expect(office.card(number)).to_contain_text("房子卖了：11月底交房")
    office.approve_application(number)
    phone.gets_card("解除实名", "已解除", number)
    phone.say("查欠费")
    phone.hears("先绑定户号")
