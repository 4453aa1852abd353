"""More open bills than a city has: a month of payments needs something to pay."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select

from sandbox.city.schema import metadata

T = metadata.tables
AT_ONCE = 1000
MOST_EACH = 8
LEAST_FEN, MOST_FEN = 1_200, 24_000
# From before the first day to after the last: late fees begin, and grow, in the midst of it.
DUE_FROM, DUE_UNTIL = -12, 45


def open_bills(city: Engine, each: int, today: date, rng: Random) -> list[str]:
    """`each` new bills, eight at the most, for each account in use, of last month. Answers the
    accounts."""
    with city.begin() as connection:
        models = _models(connection)
        bill_id = int(connection.scalar(select(func.max(T["bill"].c.bill_id))) or 0)
        period = f"{today.replace(day=1) - timedelta(days=1):%Y%m}"
        rows = []
        for model in models:
            for number in range(2, 2 + min(each, MOST_EACH)):
                bill_id += 1
                bill_no = f"B{period}{model['acct_no']}{number}"
                rows.append({**model, **_own(bill_id, bill_no, today, rng)})
        for start in range(0, len(rows), AT_ONCE):
            connection.execute(insert(T["bill"]), rows[start : start + AT_ONCE])
    return [model["acct_no"] for model in models]


def _models(connection: Connection) -> list[dict[str, Any]]:
    """The newest bill of each account, to be like."""
    bill, account = T["bill"], T["account"]
    newest = select(func.max(bill.c.bill_id)).group_by(bill.c.acct_no)
    found = (
        select(bill)
        .join(account, account.c.acct_no == bill.c.acct_no)
        .where(bill.c.bill_id.in_(newest), account.c.status == "active")
        .order_by(bill.c.acct_no)
    )
    return [dict(row) for row in connection.execute(found).mappings()]


def _own(bill_id: int, bill_no: str, today: date, rng: Random) -> dict[str, Any]:
    return {
        "bill_id": bill_id,
        "bill_no": bill_no,
        "period": f"{bill_no[1:5]}-{bill_no[5:7]}",
        "amount_fen": rng.randint(LEAST_FEN, MOST_FEN),
        "paid_fen": 0,
        "opened_at": datetime.combine(today, time(2)),
        "due_date": today + timedelta(days=rng.randint(DUE_FROM, DUE_UNTIL)),
        "status": "open",
        "is_estimated": 0,
        "corrects_bill_id": None,
    }
