"""The nightly closing 日终: late fees 违约金 of what is unpaid are brought up to the day."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, bindparam, select

from sandbox.city.late_fee import CITY_RULE, late_fee_fen
from sandbox.city.schema import metadata

T = metadata.tables
Bills = Sequence[Row[*tuple[Any, ...]]]
UNPAID = ("open", "partly")


def is_closed(connection: Connection, today: date) -> bool:
    """The closings up to and with that day are done."""
    return bool(connection.execute(select(T["billing_day"].c.day)).scalar_one() >= today)


def accrue(connection: Connection, today: date) -> None:
    """Late fees never shrink, so what accrued before a part was paid stays. Days never go back."""
    if is_closed(connection, today):
        return
    bills = _late(connection, today)
    if bills:
        _write(connection, bills, today)
    day = T["billing_day"]
    connection.execute(day.update().values(day=today, year_from=today.replace(month=1, day=1)))


def _late(connection: Connection, today: date) -> Bills:
    bill, fee = T["bill"], T["late_fee"]
    return connection.execute(
        select(
            bill.c.bill_id,
            bill.c.due_date,
            (bill.c.amount_fen - bill.c.paid_fen).label("base_fen"),
            fee.c.accrued_fen,
        )
        .outerjoin(fee, fee.c.bill_id == bill.c.bill_id)
        .where(
            bill.c.status.in_(UNPAID),
            bill.c.due_date < today - timedelta(days=CITY_RULE.grace_days),
        )
    ).all()


def _write(connection: Connection, bills: Bills, today: date) -> None:
    """`bills`: all of them are late, and past the days of grace."""
    base = np.array([bill.base_fen for bill in bills], dtype=np.int64)
    days = np.array([(today - bill.due_date).days for bill in bills], dtype=np.int64)
    reached = late_fee_fen(CITY_RULE, base, days).tolist()
    rows = [
        _row(bill, today, max(fen, bill.accrued_fen or 0))
        for bill, fen in zip(bills, reached, strict=True)
    ]
    fee = T["late_fee"]
    grown = [row for bill, row in zip(bills, rows, strict=True) if bill.accrued_fen is not None]
    new = [row for bill, row in zip(bills, rows, strict=True) if bill.accrued_fen is None]
    if grown:
        names = ("to_date", "days", "base_fen", "accrued_fen", "cap_hit")
        of_bill = fee.c.bill_id == bindparam("of_bill")
        changed = fee.update().where(of_bill).values({name: bindparam(name) for name in names})
        kept = ({name: row[name] for name in names} | {"of_bill": row["bill_id"]} for row in grown)
        connection.execute(changed, list(kept))
    if new:
        nothing = {"waived_fen": 0, "paid_fen": 0}
        connection.execute(fee.insert(), [row | nothing for row in new])


def _row(bill: Row[*tuple[Any, ...]], today: date, accrued_fen: int) -> dict[str, Any]:
    from_date = bill.due_date + timedelta(days=CITY_RULE.grace_days + 1)
    return {
        "bill_id": bill.bill_id,
        "from_date": from_date,
        "to_date": today,
        "days": (today - from_date).days + 1,
        "base_fen": bill.base_fen,
        "accrued_fen": accrued_fen,
        "cap_hit": int(accrued_fen >= bill.base_fen),
    }
