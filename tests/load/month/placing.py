"""How orders come to be: said in the chat over the wire, or committed as the chat commits them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from random import Random
from threading import Lock

import requests

from backends.ports import Bill, DueLists, OrderDropped, OrderItem, OrderPlaced, Records, WhyClosed
from backends.ports import Order as PayOrder
from tests.citizen import Citizen
from tests.load.month.people import Payer
from tests.load.month.persisting import again
from tests.load.month.world import Month

LIVES = timedelta(minutes=15)
PREPAYS, MERGES = 0.05, 0.07
MOST_MERGED = 6
MOST_PREPAID_FEN = 20_000
TURNS = 8
LINK = re.compile(r'href="(http[^"]*/pay/(WD\w+)\?[^"]*)"')
ANSWERS = (
    ("缴几笔就回复几个数字", "1"),
    ("请核对", "1"),
    ("想先存一些水费，请选户号", "1"),
    ("想先存一些水费，请回复金额", "88.5"),
    ("请先|正在为您查询|还在处理|上一条", "继续"),
)


@dataclass(frozen=True, slots=True)
class Placed:
    order_no: str
    link: str
    bills: tuple[OrderItem, ...] = ()
    expires_at: datetime | None = None


@dataclass
class Placing:
    """`link`: bot/paying/links.py. `shared` random choices are made one at a time."""

    month: Month
    records: Records
    due: DueLists
    link: Callable[[str, datetime], str]
    rng: Random
    lock: Lock

    def by_talk(self, payer: Payer) -> Placed | None:
        """None when the conversation led to no order."""
        citizen = Citizen(self.month, payer.openid)  # type: ignore[arg-type]
        said = "缴费"
        for _ in range(TURNS):
            try:
                reply = citizen.says(said).text
            except requests.RequestException:
                continue
            if found := LINK.search(reply):
                return Placed(found[2], unescape(found[1]))
            said = next((answer for words, answer in ANSWERS if re.search(words, reply)), "")
            if not said:
                return None
        return None

    def items(self, payer: Payer) -> tuple[OrderItem, ...]:
        """The oldest bill; of some all, up to six; or a prepayment."""
        with self.lock:
            lot, rng_count = self.rng.random(), self.rng.randint(2, MOST_MERGED)
            prepaid_fen = self.rng.randint(100, MOST_PREPAID_FEN)
        owed = () if lot < PREPAYS else self.due.still_owed(payer.acct_nos)
        if not owed:
            period = f"{self.month.now():%Y-%m}"
            return (OrderItem(payer.acct_nos[0], "", period, prepaid_fen),)
        count = rng_count if lot > 1 - MERGES else 1
        return tuple(map(_item, owed[:count]))

    def by_effect(
        self, payer: Payer, items: tuple[OrderItem, ...], expires_at: datetime | None = None
    ) -> Placed:
        now = self.month.now()
        until = expires_at or now + LIVES
        with self.lock:
            number = f"WD{now:%y%m%d%H%M%S}{self.rng.randrange(10**10):010d}"
        placed = OrderPlaced(PayOrder(number, payer.openid, items, now, until))
        again(lambda: self.records.commit([placed]))
        return Placed(number, self.link(number, until), items, until)

    def drop(self, payer: Payer, order_no: str) -> None:
        dropped = OrderDropped(payer.openid, order_no, WhyClosed.CANCELLED, self.month.now())
        again(lambda: self.records.commit([dropped]))


def _item(bill: Bill) -> OrderItem:
    late_fee_fen = int((bill.late_fee * 100).to_integral_value())
    principal_fen = int((bill.principal_owed * 100).to_integral_value())
    return OrderItem(bill.acct_no, bill.bill_no, bill.period, principal_fen, late_fee_fen)
