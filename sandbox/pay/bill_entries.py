"""What was traded on a day: payments by their day, refunds by the day on which they succeeded, and
what the switches make wrong of it."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sandbox.pay.faults import PayFaults

_TRADE = "t.transaction_id, t.out_trade_no, t.openid, t.paid_at, t.description, t.attach"
# Not by time: WeChat's rows are not either.
_PAYMENTS = f"""SELECT {_TRADE}, t.total_fen FROM trade t WHERE t.paid_at >= ? AND t.paid_at < ?
ORDER BY t.transaction_id"""  # noqa: S608 - our own names
_REFUNDS = f"""SELECT {_TRADE}, t.total_fen, r.refund_id, r.out_refund_no, r.amount_fen, r.channel,
r.made_at, r.succeeded_at FROM refund r JOIN trade t ON t.out_trade_no = r.out_trade_no
WHERE r.succeeded_at >= ? AND r.succeeded_at < ? ORDER BY r.refund_id"""  # noqa: S608
_EARLIER = f"""SELECT {_TRADE}, t.total_fen FROM trade t WHERE t.paid_at < ?
ORDER BY t.paid_at DESC LIMIT 1"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Back:
    """The part of an entry that makes it a refund."""

    refund_id: str
    out_refund_no: str
    amount_fen: int
    channel: str
    made_at: float
    succeeded_at: float


@dataclass(frozen=True, slots=True)
class Entry:
    transaction_id: str
    out_trade_no: str
    openid: str
    paid_at: float
    description: str
    attach: str
    total_fen: int
    back: Back | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A day in seconds: from its beginning to the next one's."""

    since: float
    until: float


def entries(
    db: sqlite3.Connection, span: Span, faults: PayFaults, *, payments: bool, refunds: bool
) -> Iterator[Entry]:
    if payments:
        yield from _spoilt(_payments(db, span), span, faults)
    if refunds:
        yield from _refunds(db, span)
        if faults.bill_foreign_refund:
            yield from _foreign_refund(db, span)


def _payments(db: sqlite3.Connection, span: Span) -> Iterator[Entry]:
    for row in db.execute(_PAYMENTS, (span.since, span.until)):
        yield Entry(*row)


def _refunds(db: sqlite3.Connection, span: Span) -> Iterator[Entry]:
    for row in db.execute(_REFUNDS, (span.since, span.until)):
        values = tuple(row)
        yield replace(Entry(*values[:7]), back=Back(*values[7:]))


def _spoilt(payments: Iterator[Entry], span: Span, faults: PayFaults) -> Iterator[Entry]:
    for number, entry in enumerate(payments):
        if faults.bill_row_missing and number == 0:
            continue
        off = faults.bill_amount_differs and number == 1
        kept = replace(entry, total_fen=entry.total_fen + 1) if off else entry
        yield replace(kept, attach=f"{kept.attach},1") if faults.bill_comma else kept
    if faults.bill_row_extra:
        stamp = f"{int(span.since)}"
        yield Entry(
            f"42000000000000{stamp}0000", f"FOREIGN{stamp}", "", span.since, "水费", "", 1234
        )


def _foreign_refund(db: sqlite3.Connection, span: Span) -> Iterator[Entry]:
    """Of an earlier day's order, made by nobody we know of."""
    row = db.execute(_EARLIER, (span.since,)).fetchone()
    if row is not None:
        entry, stamp = Entry(*row), f"{int(span.since)}"
        part = Back(f"503{stamp}", f"FOREIGN{stamp}", 1, "ORIGINAL", span.since, span.since)
        yield replace(entry, back=part)
