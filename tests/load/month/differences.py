"""Where the three books differ: WeChat beside us, us beside CSMS, refunds beside both. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tests.load.month.books import Books, Item, Order, Payment

# What somebody must have listed, for it happens outside of us. Everything else is nobody's excuse.
MAY_BE_LISTED = frozenset({"csms_extra"})


@dataclass(frozen=True, slots=True)
class Difference:
    """`ours_fen`: by how much it makes WeChat's sum larger than ours; `csms_fen`: our sum larger
    than CSMS's; `back_fen`: what CSMS did not take larger than what was given back."""

    what: str
    key: str
    order_no: str
    said: str
    ours_fen: int = 0
    csms_fen: int = 0
    back_fen: int = 0
    is_listed: bool = False

    @property
    def is_excused(self) -> bool:
        return self.is_listed and self.what in MAY_BE_LISTED


def differences_of(books: Books) -> Iterator[Difference]:
    yield from _wechat_and_we(books)
    yield from _we_and_csms(books)
    yield from _refunds(books)
    yield from _citizens(books)
    yield from _bills(books)


def _wechat_and_we(books: Books) -> Iterator[Difference]:
    trades, paid = books.wechat.trades, books.ours.paid
    for number, trade in trades.items():
        order = paid.get(number)
        if order is None:
            yield Difference("long", number, number, "charged, unknown to us", ours_fen=trade.fen)
        elif trade.fen != order.fen:
            gap = trade.fen - order.fen
            yield Difference("amount_diff", number, number, "another amount", ours_fen=gap)
        elif (trade.transaction_id, trade.openid) != (order.transaction_id, order.openid):
            yield Difference("state_diff", number, number, "another transaction or payer")
    for number in paid.keys() - trades.keys():
        said = "paid with us, not charged"
        yield Difference("short", number, number, said, ours_fen=-paid[number].fen)


def _we_and_csms(books: Books) -> Iterator[Difference]:
    by_transaction: dict[str, list[Payment]] = defaultdict(list)
    for payment in books.city.payments.values():
        by_transaction[payment.transaction_id].append(payment)
    for order in books.ours.paid.values():
        left = by_transaction.pop(order.transaction_id, [])
        for item in order.items:
            yield from _of_item(order, item, left)
        for extra in left:
            yield _extra(extra, order.order_no)
    for payments in by_transaction.values():
        yield from (_extra(payment, "") for payment in payments)


def _extra(payment: Payment, order_no: str) -> Difference:
    said = "posted at CSMS beyond what was paid"
    return Difference("csms_extra", payment.pay_no, order_no, said, csms_fen=-payment.fen)


def _of_item(order: Order, item: Item, left: list[Payment]) -> Iterator[Difference]:
    """Takes its payment out of `left`."""
    key = f"{order.order_no}:{item.bill_no or 'prepay:' + item.acct_no}"
    told = item.posted_fen + item.credited_fen + item.returned_fen
    if not item.is_posted or told != item.fen:
        said = f"{told} of {item.fen} fen are told of"
        yield Difference("csms_unposted", key, order.order_no, said)
    payment = next((one for one in left if _pays(one, item)), None)
    taken_fen = 0
    if payment is not None:
        left.remove(payment)
        taken_fen = payment.fen
        to_bill, to_balance = payment.bills.get(item.bill_no, 0), payment.balance_fen
        meant = (item.posted_fen, item.credited_fen) if item.bill_no else (0, item.posted_fen)
        if (to_bill, to_balance) != meant:
            yield Difference("state_diff", key, order.order_no, "went elsewhere than was told")
    if gap := item.fen - item.returned_fen - taken_fen:
        said = f"CSMS took {taken_fen} fen of {item.fen}"
        yield Difference("csms_unposted", key, order.order_no, said, csms_fen=gap)


def _pays(payment: Payment, item: Item) -> bool:
    """A bill's money that went to the prepaid balance names no bill."""
    if payment.acct_no != item.acct_no:
        return False
    if payment.bills:
        return set(payment.bills) == {item.bill_no}
    is_meant = not item.bill_no or item.credited_fen == payment.balance_fen
    return is_meant and payment.fen == item.posted_fen + item.credited_fen


def _refunds(books: Books) -> Iterator[Difference]:
    returned = Counter[str]()
    for order in books.ours.paid.values():
        returned[order.order_no] += sum(item.returned_fen for item in order.items)
    back = Counter[str]()
    for one in books.wechat.given_back.values():
        back[one.order_no] += one.fen
        ours = books.ours.refunds.get(one.refund_no)
        if ours is None or (ours.fen, ours.state) != (one.fen, "success"):
            yield Difference("refund", one.refund_no, one.order_no, "arrived, not so with us")
    for refund in books.ours.refunds.values():
        arrived = refund.refund_no in books.wechat.given_back
        if refund.state == "success" and not arrived:
            yield Difference("refund", refund.refund_no, refund.order_no, "never arrived")
    for number in returned | back:
        if gap := returned[number] - back[number]:
            said = f"{returned[number]} fen are to go back, {back[number]} did"
            yield Difference("refund", number, number, said, back_fen=gap)


def _citizens(books: Books) -> Iterator[Difference]:
    """Whoever was charged has one receipt, and all they paid for has been answered by CSMS."""
    for number in books.wechat.trades:
        if (count := books.ours.receipts[number]) != 1:
            yield Difference("receipt", number, number, f"{count} receipts for a charge")
    for number, order in books.ours.paid.items():
        if (count := books.ours.handed_over[number]) != len(order.items):
            said = f"{count} payments answered by CSMS for {len(order.items)} items"
            yield Difference("handed_over", number, number, said)


def _bills(books: Books) -> Iterator[Difference]:
    """No bill was posted twice: not by us, not by anybody."""
    for bill in books.city.bills.values():
        if bill.allotted_fen > bill.fen:
            said = f"{bill.allotted_fen} fen for a bill of {bill.fen}"
            yield Difference("posted_twice", bill.bill_no, "", said)
        elif bill.allotted_fen != bill.paid_fen:
            said = f"says {bill.paid_fen} fen, payments say {bill.allotted_fen}"
            yield Difference("bill", bill.bill_no, "", said)
    seen = Counter(bill_no for payment in books.city.payments.values() for bill_no in payment.bills)
    for bill_no, count in seen.items():
        if count > 1:
            yield Difference("posted_twice", bill_no, "", f"{count} payments by WeChat for it")
