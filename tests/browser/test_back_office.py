"""What staff do by hand on the real demo: visits, bills, outages, tickets merged into one."""

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.conftest import Phone
from tests.browser.demo import Demo
from tests.browser.office import BackOffice

pytestmark = pytest.mark.browser


def test_a_visit_is_arranged_refused_with_a_wrong_reading_and_done(
    demo: Demo, phone: Phone
) -> None:
    meter = demo.example("nothing_owed", 1)
    assert meter.last_value is not None
    page = phone.open(demo.url).page
    office = BackOffice(page).review()
    form = page.get_by_role("form", name="安排上门")
    form.get_by_test_id("visit-account").fill(meter.acct_no)
    form.get_by_test_id("visit-make-due").click()
    expect(office.result).to_contain_text(f"户号 {meter.acct_no} 要上门")
    visit = page.get_by_test_id("visit-card").filter(has_text=meter.acct_no)
    expect(visit).to_contain_text("市民还没有选时间")
    visit.get_by_test_id("visit-value").fill(str(10**7))
    visit.get_by_test_id("visit-done").click()
    expect(visit.get_by_role("alert").filter(has_text="读数应为")).to_be_visible()
    visit.get_by_test_id("visit-value").fill(str(meter.last_value + 9))
    visit.get_by_test_id("visit-done").click()
    expect(office.result).to_contain_text("9 m³，已开账")
    expect(visit).to_have_count(0)


def test_a_bill_is_opened_by_hand_and_an_unknown_account_is_named(demo: Demo, phone: Phone) -> None:
    page = phone.open(demo.url).page
    office = BackOffice(page).review()
    form = page.get_by_role("form", name="开账")
    form.get_by_test_id("bill-account").fill("9999999999")
    form.get_by_test_id("bill-open").click()
    expect(form.get_by_role("alert")).to_contain_text("没有户号 9999999999")
    form.get_by_test_id("bill-account").fill(demo.example("nothing_owed", 2).acct_no)
    form.get_by_test_id("bill-volume").fill("21")
    form.get_by_test_id("bill-open").click()
    expect(office.result).to_contain_text("21 m³，已开账")


def test_an_outage_that_was_published_is_told_to_who_reports_there(
    demo: Demo, phone: Phone
) -> None:
    phone.open(demo.url).new_citizen("周先生")
    page = phone.page
    BackOffice(page).tickets()
    page.get_by_test_id("outage-new").click()
    page.get_by_test_id("outage-area").fill("翠湖花园一带")
    page.get_by_test_id("outage-word").fill("翠湖花园")
    page.get_by_test_id("outage-publish").click()
    outage = page.get_by_test_id("outage-card").filter(has_text="翠湖花园一带")
    expect(outage).to_contain_text("抢修停水")
    phone.say("停水了")
    phone.hears("在什么地方")
    phone.say("湖滨区翠湖花园3幢2单元")
    phone.hears("这一带正在停水：翠湖花园一带")
    outage.get_by_test_id("outage-end").click()
    expect(outage).to_contain_text("已结束")


def test_two_tickets_become_one_and_a_return_needs_its_reason(demo: Demo, phone: Phone) -> None:
    phone.open(demo.url)
    numbers = [_reported(demo, phone, fault) for fault in ("阀门", "水压小")]
    office = BackOffice(phone.page).tickets()
    first, second = (office.card(number) for number in numbers)
    second.get_by_test_id("ticket-return").click()
    expect(second.get_by_role("alert")).to_contain_text("要写明原因")
    into = first.locator(".quiet").inner_text().split(" ")[0]
    second.get_by_test_id("ticket-into").select_option(into)
    second.get_by_test_id("ticket-join").click()
    joined = phone.page.get_by_test_id("ticket-card").filter(has_text="已并单")
    expect(joined.filter(has_text=f"并入 {into}")).to_be_visible()
    phone.hears("并到一起处理了", timeout_ms=15_000)


def _reported(demo: Demo, phone: Phone, fault: str) -> str:
    """By a citizen of their own, without the page: answers the number."""
    phone.new_citizen(f"报{fault}的人")
    openid = phone.page.get_by_test_id("citizen-select").input_value()
    send = f"{demo.api}/citizens/{openid}/send"
    for said in ("报修", fault, "水表前", "江北区望江路118号", "下一步", "跳过", "提交报修"):
        requests.post(send, json={"type": "text", "content": said}, timeout=10)
    phone.hears("报修已收到")
    return phone.bubbles("account").last.inner_text().split("受理号 ")[1].split("。")[0]
