"""Acceptance: a house is sold with its arrears; the new owner, the benefit and the reading of the
day are what the citizen was told they would be."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phone
from tests.browser.demo import Demo
from tests.browser.office import BackOffice
from tests.browser.people import meter, paper, somebody

pytestmark = pytest.mark.browser
BUYER, BUYER_ID, BUYER_MOBILE = "上官云", "530102199003071238", "13812345678"


def test_a_transfer_takes_over_what_is_owed_and_is_approved_with_its_benefit(
    demo: Demo, phone: Phone
) -> None:
    house = demo.example("one_bill_owed", 1)
    assert house.owner_name
    assert house.last_value is not None
    reading = house.last_value + 4
    phone.open(demo.url)
    owner = somebody(demo, phone, "过户的人")
    owner.binds(house.acct_no, house.owner_name)
    phone.say("过户")
    phone.hears("过户后有优惠")
    phone.tap_link("办过户")
    phone.hears(f"还有1笔欠费，共 {house.owed:.2f}元")
    phone.tap_link("由新户主承担")
    phone.hears("单独同意")
    owner.says("同意", BUYER, BUYER_ID, BUYER_MOBILE)
    owner.sends(meter(demo, house.meter_code, reading))
    owner.says(house.meter_code, str(reading))
    owner.sends(paper(), paper(), paper())
    owner.says("完成", "下一步")
    phone.hears("这次有过户优惠")
    phone.tap_link("提交申请")
    number = owner.gives_number()

    office = BackOffice(phone.page).applications()
    card = office.card(number)
    expect(card).to_contain_text(f"现在的实名：{house.owner_name}")
    expect(card).to_contain_text(f"{house.last_value} → {reading}")
    expect(card).to_contain_text(f"欠费 {house.owed:.2f} 元，由新户主承担")
    expect(card).to_contain_text("已告知市民：有过户优惠")
    expect(card).not_to_contain_text("条码与在用水表不符")
    office.approve_application(number)
    phone.gets_card("过户", "已办好", "您是户主了", number)
    phone.say("过户")
    phone.hears("已有实名登记：上*")
