"""Acceptance: a meter is drawn, photographed, photographed again, and its citizen hears how it
ended."""

import pytest

from sandbox.city import Example
from tests.browser.conftest import Phone
from tests.browser.demo import Demo
from tests.browser.office import BackOffice
from tests.browser.people import Person, meter, somebody

pytestmark = pytest.mark.browser


def test_a_spot_check_is_drawn_answered_sent_back_answered_again_and_passed(
    demo: Demo, phone: Phone
) -> None:
    drawn = demo.example("self_reading_open", 1)
    assert drawn.owner_name
    phone.open(demo.url)
    owner = somebody(demo, phone, "被抽中的人")
    owner.binds(drawn.acct_no, drawn.owner_name)
    office = BackOffice(phone.page).applications()
    form = phone.page.get_by_role("form", name="抽检一户")
    form.get_by_test_id("check-account").fill(drawn.acct_no)
    form.get_by_test_id("check-draw").click()
    phone.gets_card("抽检通知", "回传截止")

    phone.say("抽检")
    first = _answered(owner, drawn)
    card = office.card(first)
    card.get_by_test_id("application-reason").select_option(label="反光")
    card.get_by_test_id("application-text").fill("最后两位看不清")
    card.get_by_test_id("application-retake").click()
    phone.gets_card("读数抽检", "请重拍", first)

    phone.say("抽检")
    second = _answered(owner, drawn)
    office.card(second).get_by_test_id("application-pass").click()
    phone.gets_card("读数抽检", "已通过", second)
    phone.say("抽检")
    phone.hears("现在没有抽检")


def _answered(owner: Person, drawn: Example) -> str:
    assert drawn.last_value is not None
    reading = drawn.last_value + 5
    owner.phone.hears("请在")
    owner.sends(meter(owner.demo, drawn.meter_code, reading))
    owner.says(str(reading))
    owner.phone.hears(f"抽检读数 {reading}")
    owner.phone.tap_link("提交")
    return owner.gives_number()
