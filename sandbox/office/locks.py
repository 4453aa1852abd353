"""Bills that are about to be paid by WeChat Pay: meanwhile nobody else takes money for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Row, select

from sandbox.city.schema import wx_bill_lock
from sandbox.office.shift import Shift

_LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Lock:
    """What the citizen was asked for, in fen. `released_at` is None while nobody released it."""

    order_no: str
    principal_fen: int
    late_fen: int
    until: datetime
    released_at: datetime | None

    def holds(self, at: datetime) -> bool:
        return at <= self.until and (self.released_at is None or at <= self.released_at)


def locks_on(shift: Shift, bill_nos: Sequence[str]) -> Mapping[str, tuple[Lock, ...]]:
    """Bill → all locks that it ever had; bills without any are left out."""
    rows = shift.connection.execute(
        select(wx_bill_lock).where(wx_bill_lock.c.bill_no.in_(bill_nos))
    ).all()
    released = {(row.order_no, row.bill_no): row.at for row in rows if row.word != _LOCK}
    found: dict[str, tuple[Lock, ...]] = {}
    for row in rows:
        if row.word == _LOCK:
            lock = _lock(row, released.get((row.order_no, row.bill_no)))
            found[row.bill_no] = (*found.get(row.bill_no, ()), lock)
    return found


def locked_until(shift: Shift, bill_nos: Sequence[str]) -> datetime | None:
    """When the last of the bills becomes free; None where all are free now."""
    locks = [lock for of_bill in locks_on(shift, bill_nos).values() for lock in of_bill]
    held = [lock.until for lock in locks if shift.at < lock.until and lock.released_at is None]
    return max(held, default=None)


def _lock(row: Row[*tuple[object, ...]], released_at: datetime | None) -> Lock:
    return Lock(row.order_no, _fen(row.amount), _fen(row.late_fee), row.until, released_at)


def _fen(yuan: Decimal) -> int:
    return int(yuan.scaleb(2))
