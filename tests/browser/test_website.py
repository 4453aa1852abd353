"""The website's editors and the citizens who read it, on the real demo."""

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.conftest import Phone
from tests.browser.demo import Demo
from tests.browser.office import BackOffice

pytestmark = pytest.mark.browser
READ = 'waterdesk_feed_age_seconds{feed="quality"} '


def test_an_outage_at_ones_own_account_is_told_first(demo: Demo, phone: Phone) -> None:
    mine = demo.example("one_bill_owed")
    assert mine.owner_name
    phone.open(demo.url).new_citizen("停水查询的人")
    phone.bind(mine.acct_no, mine.owner_name)
    _wait_until_the_feeds_are_read(demo, phone)
    phone.say("停水")
    _heard(phone, "您绑定的户号在停水公告的范围里")
    phone.say("迎宾大道")
    _heard(phone, "【已恢复】迎宾大道东段")
    phone.say("水质")
    _heard(phone, "1. 城东水厂出厂水")
    phone.say("1")
    _heard(phone, "9项全部合格")


def test_editors_publish_extend_restore_and_cancel(demo: Demo, phone: Phone) -> None:
    page = phone.open(demo.url).page
    BackOffice(page).website()
    page.get_by_test_id("notice-new").click()
    page.get_by_test_id("notice-area").fill("翠湖花园一带")
    page.get_by_test_id("notice-places").fill("路")
    page.get_by_test_id("notice-publish").click()
    form = page.get_by_role("form", name="发布停水公告")
    expect(form.get_by_role("alert")).to_contain_text("至少两个字")
    page.get_by_test_id("notice-places").fill("翠湖花园、碧水家园")
    page.get_by_test_id("notice-publish").click()
    notice = page.get_by_test_id("notice-card").filter(has_text="翠湖花园一带")
    expect(notice).to_contain_text("已公布")
    notice.get_by_test_id("notice-extend").click()
    expect(notice).to_contain_text("已延长")
    expect(notice).to_contain_text("第2版")
    notice.get_by_test_id("notice-restore").click()
    expect(notice).to_contain_text("已恢复")
    expect(notice.get_by_test_id("notice-cancel")).to_be_hidden()
    assert "翠湖花园一带" in requests.get(f"{demo.url}/sandbox/website/", timeout=5).text


def test_editors_publish_a_day_of_water_with_a_limit_exceeded(demo: Demo, phone: Phone) -> None:
    page = phone.open(demo.url).page
    BackOffice(page).website()
    for result, told in (("有一项超标", "浑浊度超标"), ("有一项没有公布", "色度没有公布")):
        page.get_by_test_id("quality-plant").fill("青山水厂")
        page.get_by_test_id("quality-result").select_option(label=result)
        page.get_by_test_id("quality-publish").click()
        point = page.get_by_test_id("quality-point").filter(has_text="青山水厂出厂水")
        expect(point).to_contain_text(told)


def _heard(phone: Phone, text: str) -> None:
    """A notice about the binding may come in between."""
    expect(phone.bubbles("account").filter(has_text=text).last).to_be_visible()


def _wait_until_the_feeds_are_read(demo: Demo, phone: Phone) -> None:
    """The worker looks at them when it has started, which is after the page can be opened."""
    for _ in range(100):
        told = requests.get(f"{demo.url}/metrics", timeout=5).text
        if READ in told and f"{READ}+Inf" not in told:
            return
        phone.page.wait_for_timeout(200)
    raise AssertionError("the worker has not read the feeds within 20 s")
