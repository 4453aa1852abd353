"""What the phone shows of pushes, against the real sandbox: cards, and what a citizen accepts."""

from collections.abc import Mapping

import pytest
import requests
from playwright.sync_api import expect

from sandbox.template_messages import TEMPLATES
from tests.browser.conftest import Phone
from tests.browser.toy_sandbox import token
from tests.browser.toy_server import ToyServer

pytestmark = pytest.mark.browser
WATER_IS_BACK = {"thing1": "望江路", "time2": "2026年12月10日 18:00", "thing3": "先放一会儿再用"}


def push(address: str, card: Mapping[str, str], **more: object) -> None:
    requests.put(f"{address}/sandbox/api/faults", json={"push": {"result_after_s": 0}}, timeout=5)
    (citizen,) = requests.get(f"{address}/sandbox/api/state", timeout=5).json()["citizens"]
    message = {
        "touser": citizen["openid"],
        "template_id": TEMPLATES["water_back"],
        "data": {key: {"value": value} for key, value in card.items()},
        **more,
    }
    url = f"{address}/sandbox/wechat/cgi-bin/message/template/send?access_token={token(address)}"
    assert requests.post(url, json=message, timeout=5).json()["errcode"] == 0


def test_a_card_shows_its_rows_in_order_and_leads_to_its_page(
    follower: Phone, toy_address: str
) -> None:
    push(toy_address, WATER_IS_BACK, url="http://127.0.0.1:9/outage")
    card = follower.gets_card("恢复供水通知")
    assert card.locator(".pair").all_inner_texts() == [
        "区域：\n望江路",
        "恢复时间：\n2026年12月10日 18:00",
        "说明：\n先放一会儿再用",
    ]
    with follower.page.expect_popup() as opened:
        card.get_by_text("详情").click()
    opened.value.close()


def test_a_card_without_a_page_leads_nowhere(follower: Phone, toy_address: str) -> None:
    push(toy_address, WATER_IS_BACK)
    card = follower.gets_card("恢复供水通知")
    expect(card.get_by_text("详情")).to_have_count(0)
    expect(card.get_by_role("button")).to_have_count(0)


def test_who_takes_no_messages_any_more_gets_no_card(
    follower: Phone, toy_address: str, toy: ToyServer
) -> None:
    follower.page.get_by_label("公众号资料").click()
    follower.page.get_by_role("button", name="不再接收消息").click()
    expect(follower.page.locator("#toast")).to_contain_text("不再接收")
    push(toy_address, WATER_IS_BACK)
    told = follower.page.get_by_test_id("inspector-entry").filter(has_text="TEMPLATESENDJOBFINISH")
    expect(told).to_have_count(1)
    assert toy.heard[-1]["Status"] == "failed:user block"
    expect(follower.cards()).to_have_count(0)


def test_notices_are_accepted_three_at_once_and_switched_off_again(
    follower: Phone, toy: ToyServer
) -> None:
    follower.attach("bell")
    sheet = follower.page.get_by_test_id("subscriptions")
    for title in ("停水通知", "恢复供水通知", "水质信息通知"):
        sheet.get_by_label(title, exact=True).check()
    expect(sheet.get_by_label("抄表提醒")).to_be_disabled()
    sheet.get_by_label("总是保持以上选择").check()
    sheet.get_by_role("button", name="允许").click()
    expect(follower.page.locator("#toast")).to_have_text("已允许")
    assert toy.heard[-1]["Event"] == "subscribe_msg_popup_event"

    follower.page.get_by_label("公众号资料").click()
    follower.page.get_by_role("button", name="通知管理").click()
    accepted = follower.page.get_by_test_id("notice-management").get_by_role("listitem")
    expect(accepted).to_have_count(3)
    expect(accepted.first).to_contain_text("长期")
    accepted.filter(has_text="水质").get_by_role("button", name="关闭").click()
    expect(follower.page.locator("#toast")).to_contain_text("已关闭：水质信息通知")
    assert toy.heard[-1]["Event"] == "subscribe_msg_change_event"
