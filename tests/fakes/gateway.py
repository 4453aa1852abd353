"""WeChat Pay in memory: orders that a citizen may `pay`, refunds that WeChat may `finish`."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from backends.errors import (
    BackendUnavailable,
    NoStatement,
    Rejected,
    StatementNotReady,
)
from backends.ports import (
    Order,
    Refund,
    RefundStanding,
    RefundStatus,
    TradeState,
    Transaction,
)
from tests.fakes.switches import Switches

SYSTEM = "wechatpay"


@dataclass(slots=True)
class Trade:
    order: Order
    description: str
    transaction: Transaction
    refunds: list[str] = field(default_factory=list)


class FakeGateway(Switches):
    """`fail_with` is WeChat away: nothing is done. `lose_answers(n)`: the next n calls are carried
    out, and nobody hears of it. `behind`: numbers of paid orders whose query does not know it yet.
    `refund_code`: every new refund is refused with it. `bills`: what `trade_bill` gives of a day;
    `unready`: days whose bill is being made."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__()
        self.trades: dict[str, Trade] = {}
        self.refunds: dict[str, RefundStanding] = {}
        self.behind: set[str] = set()
        self.refund_code = ""
        self.bills: dict[date, bytes] = {}
        self.unready: set[date] = set()
        self._clock = clock
        self._lost = 0
        self._lock = threading.RLock()

    def lose_answers(self, count: int = 1) -> None:
        self._lost = count

    def pay(self, order_no: str, openid: str = "") -> Transaction:
        """By who placed it, or by somebody else. ValueError when WeChat would not let them."""
        with self._lock:
            trade = self.trades[order_no]
            if self._now(trade).state is not TradeState.NOTPAY:
                raise ValueError(f"{order_no} cannot be paid any more")
            trade.transaction = replace(
                trade.transaction,
                state=TradeState.SUCCESS,
                transaction_id=f"42000{len(self.trades):05}{order_no[-18:]}",
                openid=openid or trade.order.openid,
                paid_at=self._clock(),
            )
            return trade.transaction

    def finish(self, refund_no: str, status: RefundStatus = RefundStatus.SUCCESS) -> RefundStanding:
        """A refund that is PROCESSING."""
        with self._lock:
            done = status is RefundStatus.SUCCESS
            at = self._clock() if done else None
            standing = replace(self.refunds[refund_no], status=status, succeeded_at=at)
            self.refunds[refund_no] = standing
            return standing

    def prepay(self, order: Order, description: str) -> str:
        with self._call():
            trade = self.trades.get(order.order_no)
            if trade is None:
                transaction = Transaction(order.order_no, TradeState.NOTPAY, order.amount_fen)
                self.trades[order.order_no] = Trade(order, description, transaction)
            elif _asked(trade.order, trade.description) != _asked(order, description):
                raise Rejected(SYSTEM, "OUT_TRADE_NO_USED", "other values")
            elif self._now(trade).paid:
                raise Rejected(SYSTEM, "ORDERPAID", "paid")
            elif self._now(trade).state is TradeState.CLOSED:
                raise Rejected(SYSTEM, "ORDER_CLOSED", "closed")
            return f"wx{order.order_no}"

    def payment_call(self, prepay_id: str, now: datetime, nonce: str) -> Mapping[str, str]:
        return {
            "appId": "wx0123456789abcdef",
            "timeStamp": str(int(now.timestamp())),
            "nonceStr": nonce,
            "package": f"prepay_id={prepay_id}",
            "signType": "RSA",
            "paySign": "c2lnbmVk",
        }

    def query(self, order_no: str) -> Transaction | None:
        with self._call():
            trade = self.trades.get(order_no)
            if trade is None:
                return None
            if order_no in self.behind:
                return Transaction(order_no, TradeState.NOTPAY, trade.order.amount_fen)
            return self._now(trade)

    def close(self, order_no: str) -> None:
        with self._call():
            trade = self.trades.get(order_no)
            if trade is None:
                raise Rejected(SYSTEM, "ORDER_NOT_EXIST", "unknown")
            if trade.transaction.paid:
                raise Rejected(SYSTEM, "ORDERPAID", "paid")
            trade.transaction = replace(trade.transaction, state=TradeState.CLOSED)

    def refund(self, refund: Refund) -> RefundStanding:
        with self._call():
            known = self.refunds.get(refund.refund_no)
            if known is not None:
                return _the_same(known, refund)
            if self.refund_code:
                raise Rejected(SYSTEM, self.refund_code, "as the test wants it")
            trade = self.trades.get(refund.order_no)
            if trade is None or not trade.transaction.paid:
                raise Rejected(SYSTEM, "RESOURCE_NOT_EXISTS", "no such payment")
            self._check_rest(trade, refund)
            trade.refunds.append(refund.refund_no)
            trade.transaction = replace(trade.transaction, state=TradeState.REFUND)
            standing = RefundStanding(
                refund.refund_no,
                refund.order_no,
                f"50000{len(self.refunds):05}{refund.refund_no[-18:]}",
                RefundStatus.PROCESSING,
                refund.amount_fen,
                refund.total_fen,
            )
            self.refunds[refund.refund_no] = standing
            return standing

    def refund_standing(self, refund_no: str) -> RefundStanding | None:
        with self._call():
            return self.refunds.get(refund_no)

    def trade_bill(self, day: date) -> AbstractContextManager[Iterator[bytes]]:
        with self._call():
            if day in self.unready:
                raise StatementNotReady(day)
            if day not in self.bills:
                raise NoStatement(day)
            plain = self.bills[day]
        return nullcontext(plain[at : at + 65_536] for at in range(0, len(plain), 65_536))

    @contextmanager
    def _call(self) -> Iterator[None]:
        self._obey()
        with self._lock:
            yield
            if self._lost:
                self._lost -= 1
                raise BackendUnavailable(SYSTEM, 0.0, "the answer was lost", sent=True)

    def _now(self, trade: Trade) -> Transaction:
        over = self._clock() >= trade.order.expires_at
        if over and trade.transaction.state is TradeState.NOTPAY:
            return replace(trade.transaction, state=TradeState.CLOSED)
        return trade.transaction

    def _check_rest(self, trade: Trade, refund: Refund) -> None:
        given = sum(
            self.refunds[number].amount_fen
            for number in trade.refunds
            if self.refunds[number].status is not RefundStatus.CLOSED
        )
        total = trade.order.amount_fen
        if refund.total_fen != total or given + refund.amount_fen > total:
            raise Rejected(SYSTEM, "INVALID_REQUEST", "more than is left")


def _asked(order: Order, description: str) -> tuple[object, ...]:
    return order.openid, order.amount_fen, order.items, order.expires_at, description


def _the_same(known: RefundStanding, refund: Refund) -> RefundStanding:
    asked = (refund.order_no, refund.amount_fen, refund.total_fen)
    if (known.order_no, known.amount_fen, known.total_fen) != asked:
        raise Rejected(SYSTEM, "INVALID_REQUEST", "the same number with other values")
    return known
