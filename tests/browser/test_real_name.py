"""Acceptance: whose account it is, from the papers in the chat to the office's word, for all whom
it concerns."""

import pytest
from playwright.sync_api import expect

from sandbox.city import Example
from tests.browser.conftest import Phone
from tests.browser.demo import Demo
from tests.browser.office import BackOffice
from tests.browser.people import Person, meter, paper, somebody

pytestmark = pytest.mark.browser
SELLER_ID, BUYER, BUYER_ID = "11010519491231002X", "欧阳明月", "530102199003071238"
BUYER_MOBILE = "13812345678"


def test_a_real_name_is_returned_put_right_and_approved_and_overwritten_by_who_bought_the_house(
    demo: Demo, phone: Phone
) -> None:
    house = demo.example("no_real_name")
    assert house.owner_name
    phone.open(demo.url)
    seller = somebody(demo, phone, "卖房的人")
    seller.binds(house.acct_no, house.owner_name)
    seller.says("实名登记", "同意")
    phone.hears("请输入户主的姓名")
    number = _filed(seller, house.owner_name)

    office = BackOffice(phone.page).applications()
    card = office.card(number)
    expect(card).to_contain_text("还没有实名")
    expect(card).to_contain_text("**************002X")
    expect(card).not_to_contain_text(SELLER_ID)
    expect(card.get_by_test_id("office-photo")).to_have_count(3)
    office.return_application(number, "地址不符", "房产证是3单元，户号在1单元")
    phone.gets_card("实名登记", "未通过", "地址对不上", number)
    phone.say("进度")
    phone.hears("原因 地址对不上")
    phone.tap_link("补正")
    phone.hears("上次没有通过：地址对不上，房产证是3单元")
    seller.says("重拍房产证")
    seller.sends(paper())
    seller.says("完成")
    again = _submitted(seller)
    office.approve_application(again)
    phone.gets_card("实名登记", "已通过", again)

    buyer = somebody(demo, phone, "买房的人")
    claim = _claimed(buyer, house)
    expect(office.card(claim)).to_contain_text(f"现在的实名：{house.owner_name}")
    office.approve_application(claim)
    phone.gets_card("变更申请", "已通过", "您是户主了", claim)
    phone.say("我的户号")
    phone.hears("我的身份 户主")
    expect(phone.bubbles("account").last).to_contain_text("实名 已登记")

    seller.takes_phone()
    seller.is_told("户主信息已经变更，您的微信和它的绑定解除了")
    phone.say("我的户号")
    phone.hears("还没有绑定户号")
    for private in (BUYER, BUYER[0] + "*", BUYER_MOBILE[-4:], BUYER_ID[-4:]):
        expect(seller.told(private)).to_have_count(0)


def _filed(person: Person, name: str) -> str:
    person.says(name, SELLER_ID)
    person.sends(paper(), paper(), paper())
    person.says("完成", "下一步")
    return _submitted(person)


def _submitted(person: Person) -> str:
    person.phone.hears("请核对")
    person.phone.tap_link("提交申请")
    return person.gives_number()


def _claimed(buyer: Person, house: Example) -> str:
    assert house.last_value is not None
    reading = house.last_value + 3
    buyer.says("变更申请", "同意", house.acct_no, BUYER, BUYER_ID, BUYER_MOBILE)
    buyer.sends(meter(buyer.demo, house.meter_code, reading))
    buyer.says(house.meter_code, str(reading))
    buyer.sends(paper(), paper(), paper())
    buyer.says("完成", "下一步")
    buyer.phone.hears("请核对")
    expect(buyer.phone.bubbles("account").last).to_contain_text("手机：138****5678")
    buyer.phone.tap_link("提交申请")
    return buyer.gives_number()
