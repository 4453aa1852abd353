"""What staff decide of applications on the real demo, with the demo's own key."""

import json
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine

from sandbox.city.schema import wx_request
from sandbox.clock import SHANGHAI
from sandbox.office.private import sealed
from tests.browser.conftest import Phone
from tests.browser.demo import Demo
from tests.browser.office import BackOffice

pytestmark = pytest.mark.browser
APPLICANT = {"name": "欧阳娜娜", "id_no": "11010519491231002X", "mobile": "13800001234"}


def handed_over(demo: Demo, number: str) -> None:
    """A connection application, as the server's worker writes it."""
    key = json.loads((demo.city.parent / "secrets.json").read_text("utf-8"))["CSMS_KEY"]
    payload = {
        "kind": "shop",
        "address": "江北区望江路118号",
        "details": "",
        "documents": ["other"],
    }
    engine = create_engine(f"sqlite:///{demo.city}")
    with engine.begin() as connection:
        connection.execute(
            wx_request.insert().values(
                request_no=number,
                kind="connection",
                payload=json.dumps(payload),
                private=sealed(key, APPLICANT),
                created_at=datetime.now(SHANGHAI).replace(tzinfo=None),
            )
        )
    engine.dispose()


def test_a_connection_moves_on_by_the_keyboard_and_is_turned_down_with_a_reason(
    demo: Demo, phone: Phone
) -> None:
    handed_over(demo, "W9911220000018")
    page = phone.open(demo.url).page
    office = BackOffice(page).applications()
    card = office.card("W9911220000018")
    expect(card).to_contain_text("申请人 欧阳娜娜 · 证件 **************002X · 手机 138****1234")
    promised = (datetime.now(SHANGHAI) + timedelta(days=5)).date().isoformat()
    card.get_by_test_id("application-stage").select_option(label="已约勘察")
    card.get_by_test_id("application-promised").fill(promised)
    card.get_by_test_id("application-advance").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("applications-result")).to_contain_text("W9911220000018 办理中")
    expect(card.get_by_label("走过的阶段")).to_contain_text(f"已约勘察（下一步 {promised} 前）")
    card.get_by_test_id("application-refuse").click()
    expect(card.get_by_role("alert")).to_contain_text("请写明原因")
    card.get_by_test_id("application-text").fill("此处属拆迁范围")
    card.get_by_test_id("application-refuse").click()
    expect(page.get_by_test_id("applications-result")).to_contain_text("W9911220000018 未受理")
    expect(card).to_have_count(0)
    expect(office.events().first).to_contain_text("connection_rejected")


def test_a_spot_check_is_drawn_once(demo: Demo, phone: Phone) -> None:
    meter = demo.example("self_reading_open", 2)
    page = phone.open(demo.url).page
    office = BackOffice(page).applications()
    form = page.get_by_role("form", name="抽检一户")
    for said in ("已抽 1 户", "还没有结束"):
        expect(form.get_by_test_id("check-account")).to_have_value("")
        form.get_by_test_id("check-account").fill(meter.acct_no)
        form.get_by_test_id("check-draw").click()
        expect(page.get_by_text(said)).to_be_visible()
    drawn = office.events().filter(has_text="spot_check_drawn").filter(has_text=meter.acct_no)
    expect(drawn).to_have_count(1)
