"""docs/payment.md draws the states of orders and refunds as the code has them. The doubles stand
for it: contract tests hold them to the databases."""

import re
from collections.abc import Callable, Iterator, Mapping

from backends.ports import Order, OrderState, Refund, RefundState, RefundStatus, WhyClosed
from tests.contract.orders import (
    LATER,
    OCTOBER,
    Till,
    fake_till,
    posting,
    refund,
    standing,
    transaction,
)
from tests.contract.requests import MINUTE, NOON
from tests.shape.conftest import ROOT

PAGE = (ROOT / "docs" / "payment.md").read_text(encoding="utf-8")
Way = tuple[str, str, str]


def section(heading: str) -> str:
    return PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]


def drawn(heading: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^    (\w+) --> (\w+)$", section(heading), re.MULTILINE))


def tabled(heading: str) -> list[Way]:
    row = r"^\| (\w+) \| (\w+) \| `(\w+)` \| .+ \|$"
    return re.findall(row, section(heading), re.MULTILINE)


def asked(till: Till) -> Order:
    placed = till.place(1, OCTOBER)
    assert till.orders.hold(placed.order_no, NOON) == ()
    assert till.orders.asking(placed.order_no, NOON)
    return till.now(placed)


def closing(till: Till) -> Order:
    prepared = till.prepare(1, OCTOBER)
    till.orders.drop(prepared.order_no, WhyClosed.CANCELLED, LATER)
    return till.now(prepared)


def closed(till: Till) -> Order:
    prepared = till.prepare(1, OCTOBER)
    till.close(prepared)
    return till.now(prepared)


def settled(till: Till) -> Order:
    paid = till.pay(1, OCTOBER)
    till.orders.post(posting(paid, OCTOBER), None, LATER)
    return till.now(paid)


ORDERS: tuple[Callable[[Till], Order], ...] = (
    lambda till: till.place(1, OCTOBER),
    asked,
    lambda till: till.prepare(1, OCTOBER),
    closing,
    closed,
    lambda till: till.pay(1, OCTOBER),
    settled,
)
CHANGES: Mapping[str, Callable[[Till, Order], object]] = {
    "prepaid": lambda till, of: till.orders.prepaid(of.order_no, "prepay-2", LATER),
    "drop": lambda till, of: till.orders.drop(of.order_no, WhyClosed.CANCELLED, LATER),
    "closed": lambda till, of: till.orders.closed(of.order_no, LATER),
    "paid": lambda till, of: till.orders.paid(transaction(of), (), None, LATER),
    "post": lambda till, of: till.orders.post(posting(of, OCTOBER), None, LATER),
}


def ways_of_orders() -> Iterator[Way]:
    for make in ORDERS:
        for name, change in CHANGES.items():
            till = fake_till()
            before = make(till)
            change(till, before)
            if (state := till.state(before)) is not before.state:
                yield before.state.value, state.value, name


def test_orders_go_the_ways_that_are_drawn_and_no_other() -> None:
    found = set(ways_of_orders())
    assert sorted(tabled("States of an order")) == sorted(found)
    assert drawn("States of an order") == {(before, after) for before, after, _ in found}
    assert {state for way in found for state in way[:2]} == {state.value for state in OrderState}


def refund_in(till: Till, state: RefundState) -> Refund:
    paid = till.pay(1, OCTOBER)
    made = refund(paid, state=RefundState.PROPOSED)
    assert till.refunds.propose(made)
    if state is RefundState.PROPOSED:
        return made
    if state is RefundState.REFUSED:
        assert till.refunds.refuse("R1", "ben", LATER)
        return till.refund()
    assert till.refunds.ask("R1", "ann", LATER)
    if state is RefundState.ASKED:
        return till.refund()
    assert till.refunds.approve("R1", "ben", LATER)
    if state is not RefundState.APPROVED:
        said = standing(made, RefundStatus(state.value.upper()))
        assert till.refunds.heard(said, None, LATER, wait=MINUTE)
    return till.refund()


def decisions() -> Iterator[tuple[str, Callable[[Till, Refund], object]]]:
    yield "ask", lambda till, of: till.refunds.ask(of.refund_no, "cai", LATER)
    yield "approve", lambda till, of: till.refunds.approve(of.refund_no, "cai", LATER)
    yield "refuse", lambda till, of: till.refunds.refuse(of.refund_no, "cai", LATER)
    for status in RefundStatus:
        yield (
            "heard",
            lambda till, of, status=status: till.refunds.heard(  # type: ignore[misc]
                standing(of, status), None, LATER, wait=MINUTE
            ),
        )


def ways_of_refunds() -> Iterator[Way]:
    for state in RefundState:
        for name, decide in decisions():
            till = fake_till()
            before = refund_in(till, state)
            decide(till, before)
            if (now := till.refund().state) is not state:
                yield state.value, now.value, name


def test_refunds_go_the_ways_that_are_drawn_and_no_other() -> None:
    found = set(ways_of_refunds())
    assert sorted(tabled("States of a refund")) == sorted(found)
    assert drawn("States of a refund") == {(before, after) for before, after, _ in found}
    assert {state for way in found for state in way[:2]} == {state.value for state in RefundState}
