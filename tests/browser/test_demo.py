"""The demo as anybody would start it: one command, one page, and the city's own figures in it."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
import requests
from playwright.sync_api import expect
from sqlalchemy import create_engine, text

from tests.browser.conftest import Phone
from tests.browser.demo import Demo

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Owing:
    acct_no: str
    owner: str
    bills: int
    owed: Decimal


def test_a_citizen_follows_binds_two_accounts_and_reads_the_citys_figures(
    demo: Demo, phone: Phone
) -> None:
    one, several = _owing(demo, bills=1), _owing(demo, bills=3)
    phone.open(demo.url).new_citizen("王强")
    phone.tap_menu("我的用水", "查欠费")
    phone.hears("是否同意")
    phone.tap_link("同意")
    phone.hears("请输入10位户号")
    for account in (one, several):
        phone.say(account.acct_no)
        phone.hears("户主姓名")
        phone.say(account.owner)
        phone.hears("还有别的户号")
        if account is one:
            phone.tap_link("再绑一个")
            phone.hears("请输入10位户号")
    phone.tap_link("绑好了")
    phone.hears("账单怎么给您")
    phone.tap_link("只要微信账单")
    phone.hears("请核对")
    phone.tap_link("确认绑定")
    phone.hears("绑定成功，共2个户号")
    phone.hears("查哪一个")
    phone.tap_link("全部户号")
    phone.hears(f"共{one.bills + several.bills}笔欠费，合计 {one.owed + several.owed:.2f}元")


def test_a_hung_csms_is_acknowledged_and_the_answer_follows(demo: Demo, phone: Phone) -> None:
    owing = _owing(demo, bills=2)
    phone.open(demo.url).new_citizen("王芳")
    phone.say("绑定")
    for label in ("同意", owing.acct_no, owing.owner, "绑好了", "1", "确认绑定"):
        phone.hears(_before(label))
        phone.say(label)
    phone.hears("绑定成功")
    requests.put(f"{demo.api}/faults", json={"csms": "hang"}, timeout=10)
    try:
        phone.say("查欠费")
        phone.hears("正在为您查询")
    finally:
        requests.put(f"{demo.api}/faults", json={"csms": "ok"}, timeout=10)
    phone.hears(f"合计 {owing.owed:.2f}元", timeout_ms=15_000)
    expect(phone.bubbles("account").filter(has_text="合计")).to_have_count(1)


def _before(answer: str) -> str:
    """What the account has said when this answer is due."""
    asked = {"同意": "是否同意", "绑好了": "还有别的户号", "1": "账单怎么", "确认绑定": "请核对"}
    if answer in asked:
        return asked[answer]
    return "请输入10位户号" if answer.isdigit() else "户主姓名"


def _owing(demo: Demo, *, bills: int) -> Owing:
    """Somebody in the city who owes this many bills, and what: straight from its database."""
    engine = create_engine(f"sqlite:///{demo.city}")
    with engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT a.acct_no, a.owner_name, COUNT(*),"
                " SUM(CAST(ROUND((b.amount - b.paid_amount + b.late_fee) * 100) AS INTEGER))"
                " FROM wx_bill b JOIN wx_account a ON a.acct_no = b.acct_no"
                " WHERE b.status IN ('open', 'partly') AND a.owner_name IS NOT NULL"
                " AND a.status = 'active' GROUP BY a.acct_no, a.owner_name"
                " HAVING COUNT(*) = :bills ORDER BY a.acct_no LIMIT 1"
            ),
            {"bills": bills},
        ).one()
    engine.dispose()
    return Owing(row[0], row[1], row[2], Decimal(row[3]) / 100)
