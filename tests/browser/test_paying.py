"""Acceptance: two accounts owe five bills, three are paid in one payment, the arrears change, the
receipt comes; the next day WeChat, our books and CSMS agree line by line."""

import csv
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, text

from tests.browser.conftest import Phone
from tests.browser.demo import Demo
from tests.browser.people import somebody
from tests.browser.timers import Timers

pytestmark = pytest.mark.browser
BILLS = (4, 1)


@dataclass(frozen=True, slots=True)
class Owing:
    acct_no: str
    owner: str


def test_three_of_five_bills_are_paid_in_one_and_the_books_agree(demo: Demo, phone: Phone) -> None:
    first, second = (_owing(demo, bills) for bills in BILLS)
    phone.open(demo.url)
    payer = somebody(demo, phone, "合并缴费的人")
    payer.binds(first.acct_no, first.owner)
    payer.says("绑定户号", second.acct_no, second.owner, "绑好了", "1", "确认绑定")
    phone.hears("绑定成功")
    phone.say("缴费")
    phone.hears("5.")
    phone.say("1 2 5")
    phone.hears("共3笔")
    phone.tap_link("去付款")
    phone.hears("点这里付款")

    total = _pay(phone)
    expect(phone.gets_card(total)).to_contain_text("缴费")
    _owes(phone, bills=2)

    day = _next_day(demo)
    Timers(phone.page).run("reconcile")
    rows = _statement(demo, day)
    assert len(rows) == 3
    assert {row["户号"] for row in rows} == {first.acct_no, second.acct_no}
    assert sum(Decimal(row["金额"]) for row in rows) == Decimal(total)
    assert [_posted(demo, row) for row in rows] == [Decimal(row["金额"]) for row in rows]


def _pay(phone: Phone) -> str:
    """On the order's page, with WeChat's pay sheet. Answers the amount."""
    page = _opened(phone)
    button = page.get_by_role("button", name="微信支付")
    amount = re.search(r"[\d.]+", button.inner_text())
    assert amount is not None
    button.click()
    for _ in range(6):
        page.get_by_role("button", name="8", exact=True).click()
    page.get_by_role("button", name="完成").click()
    expect(page.get_by_role("heading", name="支付成功")).to_be_visible()
    page.close()
    return amount[0]


def _opened(phone: Phone) -> Page:
    with phone.page.expect_popup() as popup:
        phone.tap_link("点这里付款")
    page = popup.value
    expect(page.get_by_role("heading", name="待支付")).to_be_visible()
    return page


def _owes(phone: Phone, *, bills: int) -> None:
    phone.say("查欠费")
    phone.hears("查哪一个")
    phone.say("全部")
    phone.hears(f"共{bills}笔欠费")


def _next_day(demo: Demo) -> datetime:
    """The clock moves to the next morning; answers the day before."""
    now = datetime.fromisoformat(requests.get(f"{demo.api}/state", timeout=5).json()["now"])
    morning = now.replace(hour=10, minute=30) + timedelta(days=1)
    moved = requests.post(f"{demo.api}/clock", json={"to": morning.isoformat()}, timeout=30)
    moved.raise_for_status()
    return now


def _statement(demo: Demo, day: datetime) -> list[dict[str, str]]:
    """The rows of bills in the utility's file."""
    folder = demo.city.parent / "statements"
    found = [path for path in folder.iterdir() if path.name == f"wechat-{day:%Y-%m-%d}.csv"]
    assert len(found) == 1, sorted(path.name for path in folder.iterdir())
    return _rows(found[0])


def _rows(path: Path) -> list[dict[str, str]]:
    lines = path.read_text("utf-8-sig").splitlines()
    return [row for row in csv.DictReader(lines) if row.get("账单号")]


def _posted(demo: Demo, row: dict[str, str]) -> Decimal:
    """What CSMS has of the line."""
    found = _asked(
        demo,
        "SELECT b.principal + b.late_fee FROM wx_payment p JOIN wx_payment_bill b"
        " ON b.pay_no = p.pay_no WHERE p.channel_txn_no = :txn AND b.bill_no = :bill",
        txn=row["交易流水号"],
        bill=row["账单号"],
    )
    return Decimal(str(found[0][0])).quantize(Decimal("0.01"))


def _owing(demo: Demo, bills: int) -> Owing:
    """Somebody who owes so many bills, at the other end of the city from other tests."""
    found = _asked(
        demo,
        "SELECT a.acct_no, a.owner_name FROM wx_bill b JOIN wx_account a ON a.acct_no = b.acct_no"
        " WHERE b.status = 'open' AND a.owner_name IS NOT NULL AND a.status = 'active'"
        " GROUP BY a.acct_no, a.owner_name HAVING count(*) = :bills ORDER BY a.acct_no DESC",
        bills=bills,
    )
    return Owing(*found[0])


def _asked(demo: Demo, statement: str, **values: object) -> list[tuple[str, ...]]:
    engine = create_engine(f"sqlite:///{demo.city}")
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(statement), values)]
    engine.dispose()
    assert rows
    return rows
