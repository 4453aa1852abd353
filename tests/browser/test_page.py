"""The citizen's side of the page, in a browser against the real sandbox and a toy server."""

from pathlib import Path

import pytest
import requests
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Phone
from tests.browser.toy_server import ToyServer

pytestmark = pytest.mark.browser


def test_who_does_not_follow_sees_one_big_button_and_no_input(
    phone: Phone, toy_address: str
) -> None:
    phone.open(toy_address)
    expect(phone.page.get_by_test_id("follow")).to_be_visible()
    expect(phone.page.get_by_test_id("input")).to_be_hidden()
    phone.follow()
    phone.hears("欢迎关注")
    expect(phone.page.get_by_test_id("menu-button")).to_have_count(2)


def test_a_menu_tap_shows_the_answer_and_no_bubble_of_the_citizen(
    follower: Phone, toy: ToyServer
) -> None:
    follower.tap_menu("水费", "查水费")
    follower.hears("菜单 BILL")
    expect(follower.bubbles("citizen")).to_have_count(0)
    assert toy.heard[-1]["Event"] == "CLICK"


def test_a_view_button_tells_the_server_and_opens_a_tab(follower: Phone, toy: ToyServer) -> None:
    with follower.page.expect_popup() as popup:
        follower.tap_menu("水费", "官网")
    popup.value.close()
    expect(follower.page.get_by_test_id("inspector-entry").first).to_contain_text("VIEW")
    assert toy.heard[-1]["EventKey"] == "http://127.0.0.1:9/site"


def test_enter_sends_and_shift_enter_breaks_the_line(follower: Phone, toy: ToyServer) -> None:
    follower.take_keyboard()
    box = follower.page.get_by_test_id("input")
    box.press_sequentially("没水了")
    box.press("Shift+Enter")
    box.press_sequentially("三楼")
    box.press("Enter")
    follower.hears("收到：没水了\n三楼")
    assert toy.heard[-1]["Content"] == "没水了\n三楼"
    assert follower.bubbles("citizen").last.locator(".bubble").inner_text() == "没水了\n三楼"
    expect(box).to_have_value("")


def test_a_quick_reply_link_sends_its_text_with_its_id(follower: Phone, toy: ToyServer) -> None:
    follower.say("菜单")
    follower.hears("请点")
    follower.tap_link("查水费")
    follower.hears("收到：查水费")
    expect(follower.bubbles("citizen").last).to_contain_text("查水费")
    assert toy.heard[-1]["bizmsgmenuid"] == "101"


def test_a_photo_is_shown_enlarged_on_tap_and_reaches_the_server(
    follower: Phone, toy: ToyServer, tmp_path: Path
) -> None:
    Image.new("RGB", (64, 48), "teal").save(tmp_path / "meter.jpg")
    follower.send_photo(str(tmp_path / "meter.jpg"))
    follower.hears("照片收到了")
    picture = follower.bubbles("citizen").last.get_by_role("button")
    assert picture.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)")
    assert toy.heard[-1]["MediaId"]
    picture.click()
    expect(follower.page.get_by_role("dialog", name="照片")).to_be_visible()
    follower.page.keyboard.press("Escape")
    expect(follower.page.get_by_role("dialog")).to_have_count(0)


def test_a_drawn_meter_photo_needs_no_city_when_the_reading_is_typed(
    follower: Phone, toy: ToyServer
) -> None:
    follower.attach("meter")
    sheet = follower.page.get_by_role("dialog", name="水表照片")
    sheet.get_by_test_id("meter-account").fill("1000000073")
    expect(sheet.get_by_role("status")).to_contain_text("没有城市数据库")
    sheet.get_by_test_id("meter-reading").fill("1250")
    expect(sheet.get_by_test_id("meter-none").locator("img")).to_be_visible(timeout=20_000)
    sheet.get_by_test_id("meter-not_image").click()
    follower.hears("照片收到了", timeout_ms=20_000)
    assert toy.heard[-1]["MediaId"]


def test_a_place_is_sent_from_the_panel(follower: Phone, toy: ToyServer) -> None:
    follower.attach("pin")
    follower.page.get_by_role("dialog", name="发送位置").get_by_text("建设大道").click()
    follower.hears("位置收到了：云川市青山区建设大道 56 号")
    assert (toy.heard[-1]["Location_X"], toy.heard[-1]["Location_Y"]) == ("29.7725", "118.3829")


def test_a_hostile_answer_is_shown_as_text(follower: Phone) -> None:
    follower.say("注入")
    follower.hears('<img src=x onerror="document.title=`pwned`"><script>')
    body = follower.bubbles("account").last.locator(".bubble")
    assert body.locator("*").count() == 0
    assert "pwned" not in follower.page.title()


def test_bare_addresses_and_numbers_are_tappable_but_account_numbers_are_not(
    follower: Phone,
) -> None:
    follower.say("网址")
    follower.hears("户号 3100012345")
    words = follower.bubbles("account").last.locator(".word")
    assert words.all_inner_texts() == ["https://water.example/a?b=1", "96116"]
    words.last.click()
    call = follower.page.get_by_role("dialog").get_by_role("link", name="呼叫")
    expect(call).to_have_attribute("href", "tel:96116")


def test_who_scrolled_up_keeps_the_place_and_is_told_of_news(follower: Phone) -> None:
    follower.say("长")
    follower.hears("第 59 行")
    chat = follower.page.locator("#chat")
    to_bottom = follower.page.get_by_role("button", name="新消息")
    place = chat.evaluate("chat => { chat.scrollTop -= 900; return chat.scrollTop; }")
    follower.tap_menu("水费", "查水费")
    follower.hears("菜单 BILL")
    expect(to_bottom).to_be_visible()
    assert chat.evaluate("chat => chat.scrollTop") == place
    to_bottom.click()
    left = "chat => chat.scrollHeight - chat.scrollTop - chat.clientHeight"
    assert chat.evaluate(left) < 2


def test_each_citizen_has_a_conversation_of_their_own(follower: Phone) -> None:
    follower.say("我是第一位")
    follower.hears("收到：我是第一位")
    follower.page.get_by_test_id("new-citizen").click()
    follower.page.get_by_label("名字").fill("张伟")
    follower.page.get_by_role("button", name="添加").click()
    expect(follower.page.get_by_test_id("follow")).to_be_visible()
    expect(follower.bubbles()).to_have_count(0)
    follower.page.get_by_test_id("citizen-select").select_option(index=0)
    follower.hears("收到：我是第一位")


def test_a_hint_fills_the_input(follower: Phone) -> None:
    follower.page.get_by_test_id("hint").first.click()
    expect(follower.page.get_by_test_id("input")).to_have_value("欠费")


def test_the_menu_is_used_with_the_keyboard_alone(follower: Phone, toy: ToyServer) -> None:
    page = follower.page
    page.get_by_test_id("menu-button").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="查水费")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="官网")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("menu-button").first).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    follower.hears("菜单 BILL")


def test_a_tab_in_the_background_frees_its_connections_and_catches_up(
    follower: Phone, toy_address: str
) -> None:
    page = follower.page
    turn = (
        "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: 1});"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    openid = page.get_by_test_id("citizen-select").input_value()
    with page.expect_event("requestfailed", lambda request: "/bubbles?" in request.url):
        page.evaluate(turn, True)
    url = f"{toy_address}/sandbox/api/citizens/{openid}/send"
    requests.post(url, json={"type": "text", "content": "别处说的"}, timeout=10)
    page.evaluate(turn, False)
    follower.hears("收到：别处说的")
