"""Acceptance: a complaint and a question, answered by the hotline's staff, citizen and staff in one
browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phone
from tests.browser.demo import Demo
from tests.browser.office import BackOffice

pytestmark = pytest.mark.browser


def test_a_complaint_and_a_question_are_answered_in_the_chat(demo: Demo, phone: Phone) -> None:
    phone.open(demo.url).new_citizen("周先生")
    complaint, question = _complain(phone), _ask(phone)
    office = BackOffice(phone.page).tickets()
    card = office.card(complaint)
    expect(card).to_contain_text("投诉：服务态度")
    expect(card).to_contain_text("窗口排队两个小时")
    expect(card.get_by_role("button", name="出发", exact=True)).to_be_hidden()
    expect(card.get_by_test_id("ticket-into")).to_be_hidden()

    office.move(complaint, "派单")
    phone.gets_card("投诉", "已有人受理", complaint)
    office.move(complaint, "答复")
    expect(card).to_contain_text("先写答复的话")
    office.move(complaint, "答复", "已加开两个窗口，给您添麻烦了")
    phone.gets_card("投诉", "已答复", complaint)
    phone.say(f"进度{complaint}")
    phone.hears("已加开两个窗口")

    office.move(question, "答复", "带双方身份证到营业厅")
    phone.gets_card("已答复", question)
    phone.say(f"进度{question}")
    phone.hears("进度 已答复")
    phone.hears("带双方身份证到营业厅")


def _complain(phone: Phone) -> str:
    phone.tap_menu("在线服务", "投诉建议")
    phone.hears("哪方面")
    phone.tap_link("服务态度")
    phone.hears("请把事情写下来")
    phone.say("窗口排队两个小时没人管")
    phone.hears("有照片请发过来")
    phone.tap_link("下一步")
    phone.hears("请核对")
    phone.tap_link("提交")
    return _number(phone)


def _ask(phone: Phone) -> str:
    phone.say("咨询")
    phone.hears("请写下您的问题")
    phone.say("老人没有微信，子女能不能代办")
    phone.hears("您的问题")
    phone.tap_link("提交问题")
    return _number(phone)


def _number(phone: Phone) -> str:
    """Of what has just been submitted."""
    phone.hears("收到了，受理号")
    found = re.search(r"受理号 (W\d+)", phone.bubbles("account").last.inner_text())
    assert found is not None
    return found[1]
