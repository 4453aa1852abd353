"""Acceptance: a reading from the photo to the bill, citizen and staff in one browser."""

import re
from decimal import Decimal

import pytest
import requests
from playwright.sync_api import expect
from sqlalchemy import create_engine, text

from tests.browser.conftest import Phone
from tests.browser.demo import Demo
from tests.browser.office import BackOffice

pytestmark = pytest.mark.browser
USED_M3 = 12


def test_a_reading_is_refused_as_blurred_sent_back_retaken_accepted_and_billed(
    demo: Demo, phone: Phone
) -> None:
    meter = demo.example("self_reading_open")
    assert meter.owner_name is not None
    assert meter.last_value is not None
    reading = meter.last_value + USED_M3
    phone.open(demo.url).new_citizen("黄先生")
    phone.bind(meter.acct_no, meter.owner_name)
    phone.tap_menu("在线服务", "自助抄表")
    _see_the_sample(phone)

    phone.send_meter_photo(meter.acct_no, "blurred")
    phone.hears("这张照片拍糊了")
    first = _read(phone, meter.acct_no, reading)

    office = BackOffice(phone.page).review()
    expect(office.card(first)).to_contain_text(f"{meter.last_value} → {reading}")
    picture = office.card(first).get_by_test_id("office-photo").locator("img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 400
    office.send_back(first, "模糊", "第三位看不清")
    phone.gets_card("自助抄表", "未通过", "照片拍糊了", first)

    phone.say("自助抄表")
    phone.hears("上次没有通过：照片拍糊了")
    second = _read(phone, meter.acct_no, reading)
    _is_refused_while_csms_is_down(demo, office, second)
    office.accept(second)
    bill_no = re.search(r"已开账 (\w+)", office.result.inner_text())
    assert bill_no is not None
    phone.gets_card("水费账单通知", "用水量")
    phone.gets_card("自助抄表", "已通过", f"读数{reading}，用水12立方米", second)

    phone.say("当月账单")
    phone.hears("合计")
    _shows_the_citys_bill(phone.bubbles("account").last.inner_text(), demo, bill_no[1])
    told = office.events().filter(has_text=meter.acct_no)
    expect(told.filter(has_text="bill_opened").filter(has_text=bill_no[1])).to_have_count(1)


def _is_refused_while_csms_is_down(demo: Demo, office: BackOffice, number: str) -> None:
    card = office.card(number)
    requests.put(f"{demo.api}/faults", json={"csms": "down"}, timeout=10)
    try:
        card.get_by_test_id("review-accept").click()
        expect(card.get_by_role("alert")).to_contain_text("此刻连不上营收系统")
    finally:
        requests.put(f"{demo.api}/faults", json={"csms": "ok"}, timeout=10)


def _see_the_sample(phone: Phone) -> None:
    """The card with a sample photo; a tap on it opens the guide in a tab of its own."""
    phone.hears("请拍一张水表的照片")
    card = phone.page.locator('[data-testid="bubble"][data-kind="news"] .card').last
    loaded = "image => image.decode().then(() => image.naturalWidth)"
    assert card.locator("img").evaluate(loaded) > 0
    with phone.page.expect_popup() as guide:
        card.click()
    expect(guide.value.locator("h1")).to_be_visible()
    guide.value.close()


def _read(phone: Phone, acct_no: str, reading: int) -> str:
    """A good photo, the number, the confirmation. Answers the number of the request."""
    phone.send_meter_photo(acct_no, "none")
    phone.hears("照片收到了，很清楚")
    phone.say(str(reading))
    phone.hears(f"本次读数 {reading}")
    phone.tap_link("提交")
    phone.hears("已经提交，受理号")
    number = re.search(r"受理号 (W\d+)", phone.bubbles("account").last.inner_text())
    assert number is not None
    return number[1]


def _shows_the_citys_bill(shown: str, demo: Demo, bill_no: str) -> None:
    engine = create_engine(f"sqlite:///{demo.city}")
    with engine.connect() as connection:
        amount = connection.execute(
            text("SELECT amount FROM wx_bill WHERE bill_no = :bill_no"), {"bill_no": bill_no}
        ).scalar_one()
        lines = connection.execute(
            text("SELECT amount FROM wx_bill_line WHERE bill_no = :bill_no ORDER BY line_no"),
            {"bill_no": bill_no},
        ).scalars()
        expected = [_yuan(line) for line in lines]
    engine.dispose()
    assert [Decimal(said) for said in re.findall(r"＝(\d+\.\d\d)元", shown)] == expected
    assert sum(expected) == _yuan(amount)
    assert f"合计 {_yuan(amount)}元" in shown


def _yuan(value: object) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))
