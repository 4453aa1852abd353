"""Whatever happens in whatever order, every fen that WeChat charged is posted, credited, or given
back, and nothing is posted twice."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from backends.errors import BackendError, BackendUnavailable
from backends.ports import Order, OrderItem, OrderState, RefundState, RefundStatus, WhyClosed
from bot.paying.agreeing import Agreeing
from bot.paying.cashier import Ready
from bot.paying.following import PAID
from jobs.deliveries import DeskDown
from tests.paying.house import HOME, PREPAYMENT, QIN, SHOP, SILENCE, WEI, House

BILLS = tuple(
    OrderItem(acct_no, f"{acct_no}-{month}", f"2026-{month}", 4000 + 100 * month, month)
    for acct_no in (HOME, SHOP)
    for month in (10, 11, 12)
)
ITEMS = (*BILLS, PREPAYMENT)
ORDERS = st.integers(0, 3)
CSMS_AWAY = BackendUnavailable("csms", 3.0)


class Payments(RuleBasedStateMachine):
    """Citizens at their phones, WeChat, CSMS, the counter, the worker and staff, none of whom waits
    for the others."""

    def __init__(self) -> None:
        super().__init__()
        self.placed: list[tuple[str, str]] = []
        self.sheets: list[str] = []

    @initialize(surplus=st.sampled_from(["credit", "refund"]))
    def open(self, surplus: str) -> None:
        self.house = House(surplus=surplus, owed=BILLS)
        house = self.house
        self.agreeing = Agreeing(house.orders, house.refunds, house.clock, lambda: "")

    def one(self, place: int) -> tuple[str, str]:
        """(order, who placed it), one of the newest."""
        return self.placed[-1 - place % len(self.placed)] if self.placed else ("", "")

    @rule(
        items=st.sets(st.sampled_from(ITEMS), min_size=1, max_size=3),
        openid=st.sampled_from([WEI, QIN]),
        goes_on=st.sampled_from(["placed", "pressed", "paid", "told", "told twice"]),
    )
    def place(self, items: set[OrderItem], openid: str, goes_on: str) -> None:
        order_no = self.house.places(*sorted(items, key=lambda one: one.key), openid=openid)
        self.placed.append((order_no, openid))
        if goes_on == "placed":
            return
        self.press(0)
        if goes_on != "pressed" and order_no in self.sheets:
            self.pay(0, goes_on != "paid")
        if goes_on == "told twice":
            self.notify(0)

    @rule(place=ORDERS)
    def press(self, place: int) -> None:
        order_no, openid = self.one(place)
        if isinstance(self.house.presses(order_no, openid), Ready):
            self.sheets.append(order_no)

    @rule(sheet=ORDERS, is_told=st.booleans())
    def pay(self, sheet: int, is_told: bool) -> None:
        """Whoever has the pay sheet open may pay as long as WeChat lets them."""
        if not self.sheets:
            return
        try:
            paid = self.house.pays(self.sheets[-1 - sheet % len(self.sheets)])
        except ValueError:
            return
        if is_told:
            self.house.following.took(paid)

    @rule(sheet=ORDERS)
    def notify(self, sheet: int) -> None:
        order_no = self.sheets[-1 - sheet % len(self.sheets)] if self.sheets else ""
        trade = self.house.gateway.trades.get(order_no)
        if trade and trade.transaction.paid:
            self.house.following.took(trade.transaction)

    @rule(place=ORDERS)
    def cancel(self, place: int) -> None:
        self.house.orders.drop(self.one(place)[0], WhyClosed.CANCELLED, self.house.now)

    @rule(place=ORDERS)
    def look(self, place: int) -> None:
        self.house.cashier.look(*self.one(place))

    @rule(place=ORDERS)
    def another_worker_looks(self, place: int) -> None:
        if order := self.house.orders.order(self.one(place)[0]):
            try:
                self.house.following.follow(order)
            except BackendError:
                return

    @rule()
    def work(self) -> None:
        for step in (self.house.silent.step, self.house.agreed.step):
            try:
                step()
            except DeskDown:
                continue

    @rule(seconds=st.sampled_from([1, 5, 30, 60, 300, 900, 3600]))
    def wait(self, seconds: int) -> None:
        self.house.later(seconds=seconds)

    @rule(what=st.sampled_from(["wechat", "locks", "bills", "posting", "answers"]))
    def something_fails(self, what: str) -> None:
        house = self.house
        match what:
            case "wechat":
                house.gateway.fail_with(SILENCE)
            case "locks":
                house.takings.fail_with(CSMS_AWAY)
            case "bills":
                house.due.fail_with(CSMS_AWAY)
            case "posting":
                house.books.refuses = True
            case "answers":
                house.gateway.lose_answers(1)

    @rule()
    def all_is_well_again(self) -> None:
        house = self.house
        house.gateway.lose_answers(0)
        for other_side in (house.gateway, house.takings, house.due):
            other_side.fail_with(None)
        house.books.refuses = False

    @rule(place=ORDERS, behind=st.booleans())
    def wechat_is_behind(self, place: int, behind: bool) -> None:
        (self.house.gateway.behind.add if behind else self.house.gateway.behind.discard)(
            self.one(place)[0]
        )

    @rule(item=st.sampled_from(BILLS))
    def counter(self, item: OrderItem) -> None:
        """The bank's debit may overtake a lock too."""
        self.house.books.pay_at_counter(item)

    @rule()
    def post(self) -> None:
        self.house.posts()

    @rule()
    def say_it_again(self) -> None:
        for payment in self.house.payments():
            if self.house.books.was_posted(payment):
                self.house.hears("payment_posted", payment, self.house.books.answer(payment))

    @rule(ended=st.sampled_from(RefundStatus))
    def staff_agree_and_wechat_refunds(self, ended: RefundStatus) -> None:
        for refund in self.house.proposals():
            assert self.agreeing.second(refund.refund_no, by="ann")
            assert not self.agreeing.approve(refund.refund_no, by="Ann")
            assert self.agreeing.approve(refund.refund_no, by="ben")
        for refund in self.house.refunds.refunds([RefundState.PROCESSING], 100):
            self.house.refunding.told(self.house.gateway.finish(refund.refund_no, ended))

    @invariant()
    def no_bill_is_posted_twice(self) -> None:
        posted = Counter(
            answer["bill_no"]
            for answer in self.house.books.posted.values()
            if answer["bill_no"] and answer["posted"] != "0.00"
        )
        assert all(count == 1 for count in posted.values())

    @invariant()
    def a_paid_order_has_a_payment_for_each_item_and_one_receipt(self) -> None:
        paid = [one for one in self.orders() if one.state in PAID]
        assert len(self.house.payments()) == sum(len(one.items) for one in paid)
        assert Counter(one.key for one in self.house.receipts()) == {
            one.order_no: 1 for one in paid
        }

    def orders(self) -> list[Order]:
        return [self.house.order(number) for number, _ in self.placed]

    def teardown(self) -> None:
        """All are there again, and a day goes by."""
        house = self.house
        self.all_is_well_again()
        house.gateway.behind.clear()
        for _ in range(4):
            house.works()
            house.posts()
            house.later(hours=2)
        for order in self.orders():
            trade = house.gateway.trades.get(order.order_no)
            if trade and trade.transaction.paid:
                self.every_fen_is_accounted_for(order.order_no, trade.transaction.amount_fen)
            else:
                assert order.state is OrderState.CLOSED

    def every_fen_is_accounted_for(self, order_no: str, charged_fen: int) -> None:
        assert self.house.state(order_no) is OrderState.SETTLED
        postings = self.house.orders.postings_of([order_no])[order_no]
        went = sum(one.posted_fen + one.credited_fen + one.returned_fen for one in postings)
        assert went == charged_fen
        refunds = self.house.refunds.refunds_of([order_no]).get(order_no, ())
        assert sum(one.amount_fen for one in refunds) == sum(one.returned_fen for one in postings)


Payments.TestCase.settings = settings(
    max_examples=120, stateful_step_count=50, deadline=None, derandomize=True
)
TestPayments = Payments.TestCase
