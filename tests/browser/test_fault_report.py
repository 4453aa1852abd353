"""Acceptance: a fault from the report to the rating, citizen and staff in one browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phone
from tests.browser.demo import Demo
from tests.browser.office import BackOffice

pytestmark = pytest.mark.browser


def test_a_leak_is_reported_with_place_and_photo_followed_mended_and_rated(
    demo: Demo, phone: Phone
) -> None:
    phone.open(demo.url).new_citizen("李女士")
    number = _report(phone)
    office = BackOffice(phone.page).tickets()
    card = office.card(number)
    expect(card).to_contain_text("云川市青山区建设大道 56 号")
    expect(card).to_contain_text("水从路面冒出来")
    picture = card.get_by_test_id("office-photo").locator("img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0

    office.move(number, "派单", "张师傅 13800000000")
    phone.gets_card("报修：漏水", "已派单", "张师傅 13800000000", number)
    office.move(number, "出发")
    phone.gets_card("报修：漏水", "在路上", number)
    phone.say(f"进度{number}")
    phone.hears("进度 抢修人员在路上")
    office.move(number, "处理好", "阀门已更换")
    phone.gets_card("报修：漏水", "已处理好", number)
    phone.say(f"进度{number}")
    phone.hears("阀门已更换")
    phone.say("评价")
    phone.hears("您满意吗")
    phone.say("5")
    phone.hears("评价收到了")
    expect(card).to_contain_text("评价 5 分", timeout=15_000)
    expect(card.get_by_role("button", name="派单", exact=True)).to_be_disabled()


def _report(phone: Phone) -> str:
    """Answers the number of the report."""
    phone.tap_menu("在线服务", "在线报修")
    phone.hears("要报修的是哪一种")
    phone.tap_link("漏水")
    phone.hears("在水表的哪一边")
    phone.tap_link("水表前")
    phone.hears("在什么地方")
    phone.attach("pin")
    phone.page.get_by_role("dialog", name="发送位置").get_by_text("建设大道").click()
    phone.hears("请拍现场照片")
    phone.attach("meter")
    sheet = phone.page.get_by_role("dialog", name="水表照片")
    expect(sheet.get_by_role("status")).to_contain_text("上次读数")
    sheet.get_by_test_id("meter-none").click()
    phone.hears("收到1张")
    phone.tap_link("下一步")
    phone.hears("还有什么要说的")
    phone.say("水从路面冒出来")
    phone.hears("水从路面冒出来")
    phone.tap_link("提交报修")
    phone.hears("报修已收到")
    number = re.search(r"受理号 (W\d+)", phone.bubbles("account").last.inner_text())
    assert number is not None
    return number[1]
