"""The three books as they were found: what WeChat Pay charged and gave back, what we have of it,
what CSMS has. Each is read from its own tables, by nobody's code but this."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

PAID = frozenset({"paid", "settled"})


@dataclass(frozen=True, slots=True)
class Trade:
    """Paid, at WeChat."""

    order_no: str
    transaction_id: str
    openid: str
    fen: int


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A refund that has arrived, at WeChat."""

    refund_no: str
    order_no: str
    fen: int


@dataclass(frozen=True, slots=True)
class Item:
    """Of an order of ours; nothing is posted, credited or returned until CSMS says so."""

    order_no: str
    acct_no: str
    bill_no: str
    fen: int
    posted_fen: int = 0
    credited_fen: int = 0
    returned_fen: int = 0
    is_posted: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    order_no: str
    transaction_id: str
    openid: str
    fen: int
    state: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Refund:
    refund_no: str
    order_no: str
    bill_no: str
    fen: int
    state: str


@dataclass(frozen=True, slots=True)
class Payment:
    """At CSMS. `bills`: what went to each of them; `balance_fen`: to the prepaid balance."""

    pay_no: str
    transaction_id: str
    acct_no: str
    fen: int
    bills: Mapping[str, int]
    balance_fen: int


@dataclass(frozen=True, slots=True)
class Bill:
    """At CSMS. `fen` is what may be paid of it, principal and late fee; `paid_fen` what it says was
    paid, `allotted_fen` what all payments together gave it."""

    bill_no: str
    fen: int
    paid_fen: int
    allotted_fen: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A difference that reconciliation has found."""

    mismatch: str
    key: str
    order_no: str
    is_settled: bool


@dataclass(frozen=True, slots=True)
class WeChat:
    trades: Mapping[str, Trade]
    given_back: Mapping[str, GivenBack]


@dataclass(frozen=True, slots=True)
class Ours:
    """`receipts` and `handed_over` by order number: receipts planned for the citizen who paid, and
    payments that CSMS was given, whose answer is there."""

    orders: Mapping[str, Order]
    refunds: Mapping[str, Refund]
    receipts: Counter[str]
    handed_over: Counter[str]
    listed: tuple[Listed, ...]

    @property
    def paid(self) -> Mapping[str, Order]:
        return {number: one for number, one in self.orders.items() if one.state in PAID}


@dataclass(frozen=True, slots=True)
class City:
    payments: Mapping[str, Payment]
    bills: Mapping[str, Bill]


@dataclass(frozen=True, slots=True)
class Books:
    wechat: WeChat
    ours: Ours
    city: City
