"""The operator's side of the page: inspector, fault switches, clock, desk; an absent sandbox."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from sandbox.clock import SHANGHAI
from tests.browser.conftest import OFTEN_ENOUGH_MS, Phone
from tests.browser.toy_sandbox import toy_sandbox
from tests.browser.toy_server import ToyServer

pytestmark = pytest.mark.browser


def test_the_newest_exchange_stands_first_and_unfolds_to_request_and_answer(
    follower: Phone,
) -> None:
    follower.say("查水费")
    follower.hears("收到：查水费")
    newest = follower.page.get_by_test_id("inspector-entry").first
    expect(newest).to_contain_text("查水费")
    newest.locator("summary").first.click()
    blocks = newest.locator("pre")
    expect(blocks).to_have_count(2)
    assert "\n  <Content>" in blocks.first.inner_text()
    assert "<Content>收到：查水费</Content>" in blocks.last.inner_text()


def test_a_server_that_breaks_is_seen_by_the_citizen_and_in_red(
    follower: Phone, toy: ToyServer
) -> None:
    toy.broken = True
    follower.say("在吗")
    expect(follower.bubbles("system").last).to_contain_text("服务出现故障")
    newest = follower.page.get_by_test_id("inspector-entry").first
    expect(newest.locator(".problem")).to_contain_text("500")
    follower.page.locator("#inspector-filter").select_option("problem")
    expect(follower.page.get_by_test_id("inspector-entry").locator("visible=true")).to_have_count(3)


def test_a_fault_switch_changes_what_the_sandbox_does(follower: Phone, toy: ToyServer) -> None:
    page = follower.page
    page.locator("#faults-panel > summary").click()
    page.get_by_test_id("fault-duplicate").fill("100")
    expect(page.locator("#faults-summary")).to_have_text("已开启：回调")
    before = len(toy.heard)
    follower.say("一次")
    follower.hears("收到：一次")
    assert [message["Content"] for message in toy.heard[before:]] == ["一次", "一次"]
    page.get_by_test_id("faults-reset").click()
    expect(page.locator("#faults-summary")).to_have_text("全部正常")


def test_switches_without_a_launcher_are_disabled_with_a_note(follower: Phone) -> None:
    page = follower.page
    page.locator("#faults-panel > summary").click()
    page.locator(".segments label", has=page.get_by_test_id("fault-csms-down")).click()
    expect(page.get_by_test_id("fault-csms-down")).to_be_disabled()
    expect(page.locator('[data-group="csms"] .note')).to_contain_text("make demo")
    expect(page.get_by_test_id("fault-csms-ok")).to_be_checked()


def test_the_clock_moves_on_by_a_day(follower: Phone) -> None:
    now = follower.page.locator("#clock time")
    before = now.inner_text().split("日")[0]
    follower.page.get_by_test_id("advance-86400").click()
    expect(now).not_to_contain_text(before)
    follower.say("第二天")
    follower.hears("收到：第二天")
    expect(follower.page.locator(".stamp")).to_have_count(2)


def test_the_clock_goes_to_a_moment_and_never_back(follower: Phone) -> None:
    page = follower.page
    page.get_by_test_id("clock-jump").click()
    page.get_by_test_id("clock-to").fill("2096-02-03T10:30")
    page.get_by_test_id("clock-go").click()
    refused = page.locator("#clock").get_by_role("alert")
    expect(refused).to_contain_text("一次最多向前 400 天")
    soon = datetime.now(SHANGHAI) + timedelta(days=2)
    page.get_by_test_id("clock-to").fill(f"{soon:%Y-%m-%d}T10:30")
    page.get_by_test_id("clock-go").click()
    expect(page.locator("#clock time")).to_contain_text("10:30")
    next_day = soon + timedelta(days=1)
    expect(page.get_by_test_id("clock-to")).to_have_value(f"{next_day:%Y-%m-%d}T10:30")
    expect(page.get_by_test_id("clock-ahead")).to_contain_text("沙盒时间比真实时间快")
    expect(refused).to_have_count(0)
    page.get_by_test_id("clock-to").fill(f"{soon:%Y-%m-%d}T10:29")
    page.get_by_test_id("clock-go").click()
    expect(refused).to_have_text("沙盒的时间只能向前走")


def test_the_jobs_are_listed_and_say_that_they_need_the_demo(follower: Phone) -> None:
    page = follower.page
    page.get_by_test_id("jobs-tab").click()
    page.get_by_test_id("job-try-remind_reading").click()
    job = page.get_by_test_id("job-remind_reading")
    expect(job.get_by_role("status")).to_contain_text("只有用 make demo 启动时才能运行")
    expect(page.locator(".job")).to_have_count(14)


def test_a_person_at_the_desk_takes_over_and_leaves(follower: Phone) -> None:
    follower.say("人工")
    follower.page.get_by_test_id("agent-accept").click()
    follower.page.get_by_test_id("agent-text").fill("您好，请讲")
    follower.page.get_by_test_id("agent-say").click()
    expect(follower.bubbles("agent")).to_contain_text("您好，请讲")
    follower.page.get_by_test_id("agent-close").click()
    expect(follower.page.locator("#agent-desk")).to_be_hidden()


def test_the_office_is_reached_by_keyboard_and_says_what_is_missing_for_it(
    follower: Phone,
) -> None:
    page = follower.page
    page.get_by_role("tab", name="检查器").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="后台")).to_be_focused()
    expect(page.get_by_test_id("inspector-entry").first).to_be_hidden()
    expect(page.locator("#office-review > .netline")).to_contain_text("没有城市数据库")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="业务办理")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#office-applications > .netline")).to_contain_text("没有城市数据库")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="热线工单")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#office-tickets > .netline")).to_contain_text("没有热线系统")


def test_an_absent_sandbox_is_announced_and_the_page_recovers(phone: Phone, toy: ToyServer) -> None:
    with toy_sandbox(toy) as address:
        phone.open(address).follow()
        phone.hears("欢迎关注")
    expect(phone.page.locator("#netline")).to_contain_text("连接不上沙盒")
    phone.say("听得到吗")
    retry = phone.page.get_by_role("button", name="发送失败")
    expect(retry).to_be_visible()
    with toy_sandbox(toy, urlsplit(address).port or 0):
        phone.page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(phone.page.locator("#netline")).to_be_hidden(timeout=OFTEN_ENOUGH_MS)
        phone.follow()
        phone.hears("欢迎关注")


def test_a_narrow_screen_shows_the_phone_alone_with_the_inspector_behind_a_tab(
    follower: Phone,
) -> None:
    page = follower.page
    page.set_viewport_size({"width": 390, "height": 780})
    expect(page.get_by_test_id("phone")).to_be_visible()
    expect(page.get_by_test_id("inspector-entry").first).to_be_hidden()
    page.get_by_role("button", name="检查器").click()
    expect(page.get_by_test_id("inspector-entry").first).to_be_visible()
    expect(page.get_by_test_id("phone")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
