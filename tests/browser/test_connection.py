"""Acceptance: an application for a connection, from the form past our own staff at their terminal
and the department in the back office to running water."""

import shlex
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from sandbox.clock import SHANGHAI
from tests.browser.conftest import Phone
from tests.browser.demo import Demo
from tests.browser.office import BackOffice
from tests.browser.people import Person, paper, somebody

pytestmark = pytest.mark.browser
APPLICANT, ID_NO, MOBILE = "诸葛小明", "11010519491231002X", "13812345678"
ADDRESS = "云川市滨河路12号一楼商铺"


def test_a_connection_is_applied_for_returned_put_right_and_built(demo: Demo, phone: Phone) -> None:
    phone.open(demo.url)
    person = somebody(demo, phone, "报装的人")
    number = _applied(person)
    listed = _waterdesk(demo, "list")
    assert number in listed
    assert APPLICANT not in listed
    assert all(value in _waterdesk(demo, "show", number) for value in (APPLICANT, ID_NO, ADDRESS))
    _waterdesk(demo, "return", number, "--text", "营业执照没有拍全")
    phone.gets_card("报装", "请补正", number)
    phone.say(f"进度{number}")
    phone.hears("没有通过")
    phone.tap_link("补正")
    phone.hears("上次没有通过：营业执照没有拍全")
    person.says("修改", "重拍资料")
    person.sends(paper(), paper())
    person.says("完成")
    phone.hears("资料照片 2张")
    phone.tap_link("提交申请")
    again = person.gives_number()
    assert "1 of 1" in _waterdesk(demo, "approve", again)

    office = BackOffice(phone.page).applications()
    promised = datetime.now(SHANGHAI).date() + timedelta(days=5)
    day = f"{promised.year}年{promised.month}月{promised.day}日"
    office.advance(again, "已受理")
    phone.gets_card("报装", "有新进展", "已受理，")
    office.advance(again, "已约勘察", promised.isoformat())
    phone.gets_card("报装", "有新进展", "已约好勘察")
    phone.say(f"进度{again}")
    phone.hears(f"下一步预计{day}前办好")
    expect(phone.bubbles("account").last).to_contain_text("已受理")
    office.advance(again, "已通水")
    phone.gets_card("报装", "有新进展", "已通水")


def _applied(person: Person) -> str:
    person.says("报装", "同意", "商铺或小微企业", APPLICANT, ID_NO, ADDRESS, MOBILE)
    person.sends(paper())
    person.says("完成", "跳过")
    person.phone.hears("请核对")
    expect(person.phone.bubbles("account").last).to_contain_text("138****5678")
    person.phone.tap_link("提交申请")
    return person.gives_number()


def _waterdesk(demo: Demo, *arguments: str) -> str:
    """As a shell beside the demo runs it, with the environment that it wrote down."""
    lines = (demo.city.parent / "waterdesk.env").read_text("utf-8").splitlines()
    settings = dict(shlex.split(line)[0].split("=", 1) for line in lines)
    command = [sys.executable, "-m", "bot.cli", "applications", *arguments]
    ran = subprocess.run(
        command, env=settings, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
