"""What pays through WeChat, on fakes: citizens with phones, the cashier, the worker, and CSMS with
its books."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import cast
from zoneinfo import ZoneInfo

from backends.errors import BackendUnavailable
from backends.ports import (
    CitizenFollowed,
    Notice,
    Order,
    OrderItem,
    OrderState,
    Outbox,
    OutsideEvent,
    Refund,
    RefundState,
    Submission,
    SubmissionKind,
    SubmissionState,
    Transaction,
)
from bot.paying.cashier import Cashier, Ready, Refusal
from bot.paying.following import Following
from bot.paying.refunding import Refunding
from jobs import payment_news
from jobs.deliveries import DeskDown
from jobs.paying import AgreedRefunds, SilentOrders
from tests.fakes import FakeDueLists, FakeGateway, FakeOrders, FakeRefunds, FakeTakings
from tests.fakes.records import FakeRecords
from tests.web.paying import bill

NOON = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
WEI, QIN = "oTESTwei", "oTESTqin"
HOME, SHOP = "3100000017", "3100000025"
SEPTEMBER = OrderItem(HOME, "B09", "2026-09", 4392, 51)
OCTOBER = OrderItem(HOME, "B10", "2026-10", 4300)
OF_THE_SHOP = OrderItem(SHOP, "B12", "2026-10", 12000, 7)
PREPAYMENT = OrderItem(HOME, "", "2026-11", 10000)
OWED = (SEPTEMBER, OCTOBER, OF_THE_SHOP)
SILENCE = BackendUnavailable("wechatpay", 3.0, "no answer", sent=True)


@dataclass
class Books:
    """CSMS: which bills are owed, what it has posted, and how it answers a payment by the contract
    (docs/contracts/csms.md, How CSMS posts). `refuses`: it can post nothing."""

    due: FakeDueLists
    refuses: bool = False
    posted: dict[tuple[str, str, str], dict[str, object]] = field(default_factory=dict)

    def pay_at_counter(self, *items: OrderItem) -> None:
        paid = {item.bill_no for item in items}
        self.due.all_bills = [
            replace(one, paid=one.amount, late_fee=Decimal(0)) if one.bill_no in paid else one
            for one in self.due.all_bills
        ]

    def answer(self, payment: Submission) -> dict[str, object]:
        key = _key(payment)
        if key not in self.posted:
            self.posted[key] = self._post(payment)
        return self.posted[key]

    def was_posted(self, payment: Submission) -> bool:
        return _key(payment) in self.posted

    def _post(self, payment: Submission) -> dict[str, object]:
        payload, zero = payment.payload, "0.00"
        bill_no, amount = payload["bill_no"], payload["amount"]
        owed = any(
            one.bill_no == bill_no and one.owed > 0 and one.status == "open"
            for one in self.due.all_bills
        )
        went = {"posted": zero, "credited": zero, "returned": zero}
        if owed:
            self.pay_at_counter(OrderItem(payment.acct_no, bill_no, payload["period"], 0))
            went["posted"] = amount
        elif not bill_no:
            went["posted"] = amount
        elif payload["surplus"] == "credit":
            went["credited"] = amount
        else:
            went["returned"] = amount
        named = {"transaction_id": payload["transaction_id"], "bill_no": bill_no}
        return {**named, **went, "pay_no": f"P{len(self.posted)}"}


def _key(payment: Submission) -> tuple[str, str, str]:
    payload = payment.payload
    return payload["transaction_id"], payload["bill_no"], payment.acct_no


@dataclass
class Known:
    """What the meaning of an event looks up."""

    records: FakeRecords
    orders: FakeOrders

    def submission(self, number: str) -> Submission | None:
        return self.records.submission(number)

    def order(self, order_no: str) -> Order | None:
        return self.orders.order(order_no)


@dataclass
class House:
    now: datetime = NOON
    surplus: str = "credit"
    looks: bool = True
    owed: tuple[OrderItem, ...] = OWED
    _serials: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.records = FakeRecords([CitizenFollowed(one, NOON) for one in (WEI, QIN)])
        self.orders = FakeOrders(self.records)
        self.refunds = FakeRefunds(self.records)
        self.gateway = FakeGateway(self.clock)
        self.takings = FakeTakings()
        self.due = FakeDueLists(bills=[bill(item) for item in self.owed])
        self.books = Books(self.due)
        self.following = Following(
            self.orders, self.gateway, self.takings, self.surplus, self.clock
        )
        self.cashier = Cashier(
            orders=self.orders,
            gateway=self.gateway,
            takings=self.takings,
            due=self.due,
            following=self.following,
            utility_name="滨河水务",
            clock=self.clock,
            new_nonce=lambda: "nonce",
            may_look=lambda _: self.looks,
        )
        self.refunding = Refunding(self.refunds, self.gateway, self.clock)
        self.silent = SilentOrders(self.orders, self.following, self.clock)
        self.agreed = AgreedRefunds(self.refunds, self.refunding, self.clock)

    def clock(self) -> datetime:
        return self.now

    def later(self, **after: float) -> None:
        self.now += timedelta(**after)

    def places(self, *items: OrderItem, openid: str = WEI) -> str:
        number = f"WD{self.now:%y%m%d%H%M%S}{next(self._serials):010d}"
        order = Order(number, openid, items, self.now, self.now + timedelta(minutes=15))
        self.orders.place(order)
        return number

    def presses(self, order_no: str, openid: str = WEI) -> Ready | Refusal:
        """The button of the order's page."""
        return self.cashier.prepare(order_no, openid)

    def prepares(self, *items: OrderItem, openid: str = WEI) -> str:
        order_no = self.places(*items, openid=openid)
        assert isinstance(self.presses(order_no, openid), Ready)
        return order_no

    def pays(self, order_no: str) -> Transaction:
        """At the pay sheet. Nobody has told us of it yet."""
        return self.gateway.pay(order_no)

    def works(self) -> None:
        """The worker, as long as there is something to be done."""
        for step in (self.silent.step, self.agreed.step):
            try:
                while step():
                    continue
            except DeskDown:
                continue

    def posts(self) -> None:
        """CSMS answers all payments that wait, and its answers are taken in."""
        for payment in self.payments():
            if payment.state is not SubmissionState.QUEUED:
                continue
            if self.books.refuses:
                self.hears("payment_refused", payment, {"text": "查无此户"})
            else:
                self.hears("payment_posted", payment, self.books.answer(payment))

    def hears(self, kind: str, payment: Submission, data: dict[str, object]) -> None:
        event = OutsideEvent(
            next(self._serials), kind, self.now, payment.acct_no, payment.number, "", data
        )
        meaning = payment_news.posted if kind == "payment_posted" else payment_news.refused
        known = cast("Outbox", Known(self.records, self.orders))
        changes = meaning(event, known)
        for item in changes.posted:
            self.orders.post(item.posting, item.refund, self.now)
        for changed in changes.submissions:
            self.records.put(replace(payment, state=changed.state or payment.state))

    def payments(self) -> list[Submission]:
        made = self.records.state.submissions.values()
        return [one for one in made if one.kind is SubmissionKind.PAYMENT]

    def order(self, order_no: str) -> Order:
        found = self.orders.order(order_no)
        assert found is not None
        return found

    def state(self, order_no: str) -> OrderState:
        return self.order(order_no).state

    def receipts(self) -> list[Notice]:
        return [one for one in self.records.planned if one.kind == "payment_received"]

    def proposals(self) -> tuple[Refund, ...]:
        return self.refunds.refunds([RefundState.PROPOSED], 100)

    def locked(self, item: OrderItem) -> tuple[str, ...]:
        return self.takings.locked_by(item.bill_no, self.now)
