"""Acceptance: a cycle of the meter as the calendar has it. The citizen is reminded to read, reads,
is told of the bill and reminded to pay it; who has paid at the counter is not."""

import re
from dataclasses import dataclass
from datetime import date

import pytest
import requests
from playwright.sync_api import Locator, expect
from sqlalchemy import create_engine, text

from tests.browser.conftest import Phone
from tests.browser.demo import Demo
from tests.browser.office import BackOffice
from tests.browser.people import somebody
from tests.browser.timers import Timers

pytestmark = pytest.mark.browser
USED_M3 = 12


@dataclass(frozen=True, slots=True)
class Household:
    acct_no: str
    owner: str
    last_value: int
    reading_on: str


def test_who_is_to_read_and_to_pay_is_reminded_and_who_has_paid_is_not(
    demo: Demo, phone: Phone
) -> None:
    reading, paying = _households(demo)
    phone.open(demo.url)
    prompt = somebody(demo, phone, "早缴费的人")
    prompt.binds(paying.acct_no, paying.owner)
    reader = somebody(demo, phone, "李女士")
    phone.bind(reading.acct_no, reading.owner)
    timers = Timers(phone.page)

    timers.three_days_before("reading", reading.acct_no)
    timers.run("remind_reading")
    reminder = phone.gets_card("抄表日")
    expect(reminder).to_contain_text(_as_said(reading.reading_on))
    timers.run("remind_reading")
    _read_its_page(phone, reminder)
    number = _send_reading(phone, reading)
    office = BackOffice(phone.page).review()
    office.accept(number)
    expect(phone.gets_card("用水量")).to_contain_text(str(USED_M3))
    expect(phone.cards("抄表日")).to_have_count(1)

    owed = _bill_and_payment(office, paying)
    timers.three_days_before("due", reading.acct_no)
    timers.run("remind_payment")
    expect(phone.gets_card("本期欠费")).to_contain_text(_due(demo, reading))
    prompt.takes_phone()
    expect(phone.gets_card("用水量")).to_contain_text(owed)
    expect(phone.cards("本期欠费")).to_have_count(0)
    reader.takes_phone()


def _read_its_page(phone: Phone, card: Locator) -> None:
    """It opens in a tab of its own; closing that is going back to the chat."""
    with phone.page.expect_popup() as opened:
        card.get_by_text("详情").click()
    page = opened.value
    expect(page.locator("h1")).to_contain_text("抄表")
    assert "/go/reading" in page.url
    page.close()


def _send_reading(phone: Phone, meter: Household) -> str:
    phone.tap_menu("在线服务", "自助抄表")
    phone.hears("请拍一张水表的照片")
    reading = meter.last_value + USED_M3
    phone.send_meter_photo(meter.acct_no, "none", reading)
    phone.hears("照片收到了，很清楚")
    phone.say(str(reading))
    phone.hears(f"本次读数 {reading}")
    phone.tap_link("提交")
    phone.hears("已经提交，受理号")
    number = re.search(r"受理号 (W\d+)", phone.bubbles("account").last.inner_text())
    assert number is not None
    return number[1]


def _bill_and_payment(office: BackOffice, household: Household) -> str:
    """By staff, on the same day: opened, and paid at the counter. Answers the amount."""
    page = office.page
    bill = page.get_by_role("form", name="开账")
    bill.get_by_test_id("bill-account").fill(household.acct_no)
    bill.get_by_test_id("bill-open").click()
    expect(office.result).to_contain_text(f"户号 {household.acct_no}：账期")
    counter = page.get_by_role("form", name="柜台收款")
    counter.get_by_test_id("payment-account").fill(household.acct_no)
    counter.get_by_test_id("payment-take").click()
    expect(office.result).to_contain_text("在柜台缴了")
    paid = re.search(r"缴了 ([\d.]+) 元，共 1 笔", office.result.inner_text())
    assert paid is not None
    return paid[1]


def _due(demo: Demo, household: Household) -> str:
    shown = requests.get(f"{demo.api}/office/accounts/{household.acct_no}", timeout=5).json()
    return _as_said(shown["due_on"])


def _as_said(day: str) -> str:
    on = date.fromisoformat(day)
    return f"{on.year}年{on.month}月{on.day}日"


def _households(demo: Demo) -> tuple[Household, Household]:
    """Two of one route that owe nothing and may read their meter themselves, with their reading
    day still to come."""
    statement = text(
        "SELECT m.acct_no, a.owner_name, m.last_value, m.next_reading_on FROM wx_meter m"
        " JOIN wx_account a ON a.acct_no = m.acct_no"
        " WHERE m.is_remote = 0 AND m.visit_due = 0 AND m.self_streak < 5"
        " AND m.last_value BETWEEN 10 AND 8000 AND m.next_reading_on > date('now', '+5 days')"
        " AND a.owner_name IS NOT NULL AND a.status = 'active' AND a.use_class = 'RES'"
        " AND NOT EXISTS (SELECT 1 FROM wx_bill b WHERE b.acct_no = m.acct_no"
        " AND b.status IN ('open', 'partly'))"
        " AND NOT EXISTS (SELECT 1 FROM city_plant p WHERE p.acct_no = m.acct_no)"
        " ORDER BY m.next_reading_on, m.acct_no"
    )
    engine = create_engine(f"sqlite:///{demo.city}")
    with engine.connect() as connection:
        rows = connection.execute(statement).all()
    engine.dispose()
    found = [Household(*row) for row in rows]
    first = found[0]
    return first, next(h for h in found[1:] if h.reading_on == first.reading_on)
