"""缴费: bills of one or more accounts into one order, or a prepayment 预存 where nothing is owed.

It ends with a link to the order's page (web/pay.py): nothing is asked of WeChat or of CSMS before
the citizen opens that. A second 缴费 while an order is open resumes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from backends.ports import (
    Binding,
    OrderDropped,
    OrderPlaced,
    OrderState,
    WhyClosed,
)
from dialogs import accounts, parsers
from dialogs.billing import orders, payable, picking
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Ok, Opening, Step, Turn
from dialogs.engine.readers import confirm, text

LEAST_PREPAID, MOST_PREPAID = Decimal(1), Decimal(5000)
RECEIVED = (OrderState.PAID, OrderState.SETTLED)


def opening(turn: Turn, _: None) -> Go:
    if not turn.policy.takes_payments:
        return Go("closed", then="ways_to_pay")
    if not accounts.mine(turn):
        return accounts.bind_first("pay")
    return _by_the_last(turn)


def resume(turn: Turn, answer: str) -> Go:
    order = turn.ask.orders.order(turn.data["order_no"])
    if order is None or order.state in RECEIVED:
        return _by_the_last(turn)
    if answer == "pay":
        still_open = orders.standing(order, turn.now) == orders.OPEN
        shown = orders.view(turn, order)
        return Go("placed", show=shown) if still_open else _by_the_last(turn)
    if answer == "stop":
        dropped = OrderDropped(turn.openid, order.order_no, WhyClosed.CANCELLED, turn.now)
        return Go("stopped", effects=(dropped,))
    dropped = OrderDropped(turn.openid, order.order_no, WhyClosed.REPLACED, turn.now)
    return replace(_offer(turn, last=""), effects=(dropped,))


def bill_choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    bills = tuple((bill["bill_no"], bill["period"]) for bill in data["bills"])
    return (*bills, (accounts.ALL, ""))


def pick(turn: Turn, chosen: Sequence[str]) -> Go | Bad:
    go = Go("picked", keep=payable.picked(turn.data["bills"], chosen))
    return go if _may_pay(turn, go.keep["bills"]) else Bad("ended")


def prepay_which(turn: Turn, acct_no: str) -> Go:
    account = accounts.chosen(turn, acct_no)
    return Go("chosen", keep={"prepaid": turn.data["accounts"].index(account)})


def prepay_amount(turn: Turn, amount: str) -> Go:
    bill = {
        "bill_no": "",
        "at": turn.data["prepaid"],
        "period": f"{turn.today:%Y-%m}",
        "owed": amount,
        "late_fee": "0.00",
    }
    return Go("given", keep={**payable.picked([bill], [""]), "late_fee_as_of": ""})


def confirmation(turn: Turn, answer: str) -> Go:
    if answer == "stop":
        return Go("stopped")
    picked = [bill for bill in turn.data["bills"] if bill["picked"]]
    if not _may_pay(turn, picked):
        return accounts.not_allowed(turn)
    own = turn.data["accounts"]
    items = tuple(orders.item(own[bill["at"]]["acct_no"], bill) for bill in picked)
    order = orders.new_order(turn, items)
    return Go("placed", effects=(OrderPlaced(order),), show=orders.view(turn, order))


def sum_to_prepay(_: Turn, said: str) -> Ok | Bad:
    read = parsers.amount(said)
    if isinstance(read, Ok) and not LEAST_PREPAID <= Decimal(read.value) <= MOST_PREPAID:
        return Bad("range")
    return read


def _by_the_last(turn: Turn) -> Go:
    """What the citizen's newest order leads to."""
    order = turn.ask.orders.latest(turn.openid)
    last = orders.standing(order, turn.now) if order else ""
    if order and last == orders.OPEN:
        return Go("open", keep=orders.view(turn, order), forget_path=True)
    if last == orders.CHECKING:
        return Go("checking")
    return _offer(turn, last)


def _offer(turn: Turn, last: str) -> Go:
    """What can be paid now. `last`: what became of the order before, '' for nothing to tell."""
    own = accounts.mine(turn, accounts.PAY)
    if not own:
        return accounts.not_allowed(turn)
    unpaid = turn.ask.csms.unpaid_bills([one.acct_no for one in own])
    held = orders.held(turn, unpaid)
    free = [bill for bill in unpaid if bill.bill_no not in held]
    told = {"last": last, "held": payable.being_paid(own, unpaid, held)}
    if not free and (held or last == orders.PAID):
        return Go("waiting", show=told)
    if not free:
        return _prepayment(turn, own, told)
    keep = {**told, **payable.listed(own, free), "alone": len(free) == 1}
    if len(free) == 1:
        picked = payable.picked(keep["bills"], [free[0].bill_no])
        return Go("one", keep={**keep, **picked}, forget_path=True)
    return Go("several", keep=keep, forget_path=True)


def _prepayment(turn: Turn, own: Sequence[Binding], told: Mapping[str, Any]) -> Go:
    found = payable.prepayable(turn, own)
    if not found:
        return Go("nothing_owed", show=told)
    keep = {**told, "accounts": found, "bills": [], "prepaid": 0}
    if len(found) == 1:
        return Go("prepay", keep=keep, forget_path=True)
    return Go("prepay_several", keep=keep, forget_path=True)


def _may_pay(turn: Turn, listed: Sequence[Mapping[str, Any]]) -> bool:
    """A link may have ended since the bills were shown."""
    own = turn.data["accounts"]
    wanted = {own[bill["at"]]["acct_no"] for bill in listed if bill["picked"]}
    return wanted <= {one.acct_no for one in accounts.mine(turn, accounts.PAY)}


_STANDINGS = {
    "open": "resume",
    "checking": "checking",
    "waiting": "waiting",
    "several": "bills",
    "one": "confirm",
    "prepay_several": "prepay_which",
    "prepay": "prepay_amount",
    "nothing_owed": "nothing_owed",
    "not_allowed": "not_allowed",
}
PAY = Dialog(
    name="pay",
    revision=1,
    private=True,
    glance=True,
    opens=Opening(opening, {"closed": "closed", "not_bound": "not_bound", **_STANDINGS}),
    steps={
        "resume": Step(
            reads=confirm("pay", "anew", "stop"),
            decide=resume,
            leads_to={**_STANDINGS, "placed": "placed", "stopped": "stopped"},
        ),
        "bills": Step(
            reads=picking.some_of(bill_choices),
            decide=pick,
            leads_to={"picked": "confirm"},
            refuses=("ended",),
        ),
        "prepay_which": Step(
            reads=accounts.one_of(accounts.PAY),
            decide=prepay_which,
            leads_to={"chosen": "prepay_amount"},
        ),
        "prepay_amount": Step(
            reads=text(sum_to_prepay, reasons=("amount", "range")),
            decide=prepay_amount,
            leads_to={"given": "confirm"},
        ),
        "confirm": Step(
            reads=confirm("pay", "stop"),
            decide=confirmation,
            leads_to={"placed": "placed", "stopped": "stopped", "not_allowed": "not_allowed"},
        ),
    },
    ends={
        "placed": Exit.COMPLETED,
        "checking": Exit.COMPLETED,
        "waiting": Exit.COMPLETED,
        "nothing_owed": Exit.COMPLETED,
        "stopped": Exit.CANCELLED,
        "not_bound": Exit.INTERRUPTED,
        "closed": Exit.INTERRUPTED,
        "not_allowed": Exit.FAILED,
    },
)
