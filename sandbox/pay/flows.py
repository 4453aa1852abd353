"""The lines of a day's fund flow 资金账单: what came into the merchant's account and went out of
it, in the order of time, with the balance after each."""

import sqlite3
from collections.abc import Iterator

from sandbox.pay import bill_words
from sandbox.pay.bill_entries import Span
from sandbox.pay.bill_words import fee_fen, line, moment, yuan
from sandbox.pay.merchant import Merchant

_MOVES = """SELECT at, number, voucher, amount_fen, back FROM (
SELECT paid_at AS at, transaction_id AS number, out_trade_no AS voucher, total_fen AS amount_fen,
    0 AS back FROM trade WHERE paid_at IS NOT NULL
UNION ALL SELECT succeeded_at, refund_id, out_refund_no, amount_fen, 1 FROM refund
    WHERE succeeded_at IS NOT NULL) WHERE at >= ? AND at < ? ORDER BY at, number"""


def flow_lines(db: sqlite3.Connection, span: Span, merchant: Merchant) -> Iterator[str]:
    counted = _Counted(_balance_before(db, span))
    yield bill_words.FLOW
    for at, number, voucher, amount_fen, back in db.execute(_MOVES, (span.since, span.until)):
        fee, sign = fee_fen(amount_fen), -1 if back else 1
        names = ("退款", "退还交易手续费") if back else ("交易", "扣除交易手续费")
        for name, moved_fen in zip(names, (sign * amount_fen, -sign * fee), strict=True):
            if moved_fen == 0:
                continue
            balance_fen = counted.move(moved_fen)
            yield line(
                [
                    moment(at),
                    number,
                    f"{number}{0 if name == names[0] else 1}",
                    name,
                    name,
                    "收入" if moved_fen > 0 else "支出",
                    yuan(abs(moved_fen)),
                    yuan(balance_fen),
                    merchant.mchid,
                    "",
                    voucher,
                ]
            )
    yield bill_words.FLOW_TOTALS
    yield line(counted.values())


class _Counted:
    def __init__(self, balance_fen: int) -> None:
        self._balance_fen = balance_fen
        self._in: list[int] = [0, 0]
        self._out: list[int] = [0, 0]

    def move(self, fen: int) -> int:
        """The balance afterwards."""
        side = self._in if fen > 0 else self._out
        side[0] += 1
        side[1] += abs(fen)
        self._balance_fen += fen
        return self._balance_fen

    def values(self) -> list[str]:
        (came, came_fen), (went, went_fen) = self._in, self._out
        return [f"{came + went}.0", f"{came}.0", yuan(came_fen), f"{went}.0", yuan(went_fen)]


def _balance_before(db: sqlite3.Connection, span: Span) -> int:
    moves = db.execute(_MOVES, (0.0, span.since))
    return sum((amount - fee_fen(amount)) * (-1 if back else 1) for *_, amount, back in moves)
