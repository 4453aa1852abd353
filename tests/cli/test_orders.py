"""`waterdesk orders` and `waterdesk refunds`: what staff see of payments, and how two of them give
money back."""

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from backends.ports import Order, OrderItem, OrderPlaced, Posting, Refund, RefundState, Transaction
from backends.ports.payments import TradeState, WhyRefund
from backends.records.adapter import open_records
from backends.records.orders import SqlOrders, open_orders
from backends.records.refunds import SqlRefunds, open_refunds
from bot.cli import app
from tests.service import AES_KEY
from tests.upgraded import upgraded_sqlite

WEI = "oTESTwei"
NUMBER, OTHER = "WD261122120000A1B2C3D4E5", "WD261122120001A1B2C3D4E5"
OCTOBER = OrderItem("3100000017", "B10", "2026-10", 4392, 51)
NOVEMBER = OrderItem("3100000025", "B11", "2026-11", 120000)


@dataclass
class Office:
    orders: SqlOrders
    refunds: SqlRefunds
    environment: dict[str, str]

    def types(self, *words: str, exits: int = 0) -> str:
        done = CliRunner().invoke(app, words, env=self.environment)
        assert done.exit_code == exits, done.output
        return done.output

    def asks(self, *more: str, exits: int = 0) -> str:
        words = ("refunds", "ask", NUMBER, "--by", "Ann", *more)
        return self.types(*words, exits=exits)

    def posts_the_rest(self) -> None:
        posted = Posting(NUMBER, NOVEMBER.key, 120000, 0, 0, "P2", 2)
        assert self.orders.post(posted, None, datetime.now(ZoneInfo("Asia/Shanghai")))

    def waiting(self) -> Refund:
        (found,) = self.refunds.refunds(list(RefundState), 10)
        return found


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.chdir(tmp_path)
    url = upgraded_sqlite(tmp_path / "own.sqlite3")
    settings = {
        "WECHAT_APPID": "wx0123456789abcdef",
        "WECHAT_SECRET": "s" * 32,
        "WECHAT_TOKEN": "watertoken",
        "WECHAT_AES_KEY": AES_KEY,
        "CSMS_URL": "sqlite://",
        "DATABASE_URL": url,
    }
    environment = {**os.environ, **{f"WATERDESK_{key}": one for key, one in settings.items()}}
    with (
        closing(open_records(url, pool_size=1, statement_timeout_s=5)) as records,
        closing(open_orders(url, pool_size=1, statement_timeout_s=5)) as orders,
        closing(open_refunds(url, pool_size=1, statement_timeout_s=5)) as refunds,
    ):
        now = datetime.now(ZoneInfo("Asia/Shanghai"))
        lives = timedelta(minutes=15)
        paid = Order(NUMBER, WEI, (OCTOBER, NOVEMBER), now, now + lives)
        records.commit([OrderPlaced(paid), OrderPlaced(Order(OTHER, WEI, (OCTOBER,), now, now))])
        told = Transaction(NUMBER, TradeState.SUCCESS, paid.amount_fen, "42000017", WEI, now)
        assert orders.paid(told, (), None, now)
        posted = Posting(NUMBER, OCTOBER.key, 4443, 0, 0, "P1", 1)
        assert orders.post(posted, None, now)
        yield Office(orders, refunds, environment)


def test_the_list_shows_what_was_paid_today_and_how_many_orders_there_are(office: Office) -> None:
    heading, line, *counts = office.types("orders", "list").splitlines()
    assert heading.split()[:3] == ["order", "state", "yuan"]
    assert line.split()[:3] == [NUMBER, "paid", "1,244.43"]
    assert line.endswith("2 of 31*****017, 31*****025")
    assert [counted.split()[:2] for counted in counts] == [["paid", "1"], ["placed", "1"]]
    assert NUMBER in office.types("orders", "list", "--unposted")


def test_an_order_is_shown_with_what_csms_has_made_of_each_item(office: Office) -> None:
    shown = office.types("orders", "show", NUMBER.lower())
    assert "transaction  42000017" in shown
    assert "item B10 2026-10 of 31*****017: 44.43 yuan\n    posted 44.43 (P1)" in shown
    assert "item B11 2026-11 of 31*****025: 1,200.00 yuan\n    not posted" in shown
    for private in (WEI, OCTOBER.acct_no, NOVEMBER.acct_no):
        assert private not in shown
    assert "no order WD0" in office.types("orders", "show", "WD0", exits=1)


def test_a_refund_needs_two_of_the_staff(office: Office) -> None:
    office.posts_the_rest()
    assert "1,244.43 yuan" in office.asks("--reason", "重复缴费")
    number = office.waiting().refund_no
    for same in ("Ann", " ann "):
        refused = office.types("refunds", "approve", number, "--by", same, exits=1)
        assert "somebody else" in refused
    assert "goes to WeChat" in office.types("refunds", "approve", number, "--by", "Ben")
    refund = office.waiting()
    assert (refund.state, refund.why, refund.asked_by, refund.approved_by) == (
        RefundState.APPROVED,
        WhyRefund.STAFF,
        "ann",
        "ben",
    )
    listed = office.types("refunds", "list")
    assert "重复缴费; asked by ann; decided by ben" in listed
    assert number in office.types("orders", "show", NUMBER)


def test_a_refund_of_one_bill_or_amount_never_comes_to_more_than_was_paid(office: Office) -> None:
    reason = ("--reason", "多缴")
    office.asks("--bill", "B10", *reason)
    assert office.waiting().amount_fen == 4443
    office.posts_the_rest()
    assert "at most 0.00" in office.asks("--bill", "B10", *reason, exits=1)
    assert "at most 1200.00" in office.asks("--amount", "1200.01", *reason, exits=1)
    assert "not in the order" in office.asks("--bill", "B99", *reason, exits=1)
    office.asks("--amount", "1200", *reason)
    assert "at most 0.00" in office.asks(*reason, exits=1)


@pytest.mark.parametrize("what", [(), ("--bill", "B11"), ("--amount", "1")])
def test_money_that_csms_will_still_post_is_not_given_back(
    office: Office, what: tuple[str, ...]
) -> None:
    assert "not posted" in office.asks(*what, "--reason", "多缴", exits=1)
    assert office.refunds.refunds(list(RefundState), 10) == ()
    office.posts_the_rest()
    office.asks(*what, "--reason", "多缴")


@pytest.mark.parametrize("amount", ["0", "0.001", "-1", "1,000", "all"])
def test_an_amount_is_yuan_and_more_than_nothing(office: Office, amount: str) -> None:
    office.asks("--amount", amount, "--reason", "多缴", exits=2)


@pytest.mark.parametrize("reason", ["", "   ", "水" * 27])
def test_a_refund_has_a_reason_that_fits_what_wechat_shows(office: Office, reason: str) -> None:
    assert "reason" in office.asks("--reason", reason, exits=1)


def test_an_unpaid_order_has_nothing_to_give_back(office: Office) -> None:
    words = ("refunds", "ask", OTHER, "--by", "ann", "--reason", "多缴")
    assert "not paid" in office.types(*words, exits=1)


def test_a_proposal_of_the_system_is_asked_for_by_its_number_or_refused(office: Office) -> None:
    for number in ("R1", "R2"):
        proposed = Refund(
            refund_no=number,
            key=number,
            order_no=NUMBER,
            bill_no="B10",
            amount_fen=100,
            total_fen=124443,
            why=WhyRefund.SURPLUS,
            reason="多缴",
            openid=WEI,
            state=RefundState.PROPOSED,
            made_at=datetime.now(ZoneInfo("Asia/Shanghai")),
        )
        assert office.refunds.propose(proposed)
    assert "somebody else" in office.types("refunds", "ask", "R1", "--by", "ann")
    assert "goes to WeChat" in office.types("refunds", "approve", "R1", "--by", "ben")
    assert "is refused" in office.types("refunds", "refuse", "R2", "--by", "ann")
    assert "decided already" in office.types("refunds", "refuse", "R2", "--by", "ann", exits=1)
    assert "R2" in office.types("refunds", "list", "--state", "refused")
    assert "no refund is closed" in office.types("refunds", "list", "--state", "closed")
    office.types("refunds", "list", "--state", "lost", exits=2)
    office.types("refunds", "approve", "R1", "--by", " ", exits=2)
