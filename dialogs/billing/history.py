"""The bills of an account over two years, and the one before each."""

from collections.abc import Sequence
from datetime import date

from backends.ports import Bill
from dialogs.billing.comparison import Itemised
from dialogs.engine.definition import Turn

YEARS = 2
MOST_BILLS = 24  # what a dialog can remember, and a citizen look through


def bills(turn: Turn, acct_no: str) -> tuple[Bill, ...]:
    """Newest first; of the last two years and the month before them, to compare with."""
    since = months_ago(turn.today, 12 * YEARS + 1)
    return turn.ask.csms.bills(acct_no, f"{since.year}-{since.month:02d}")


def listed(turn: Turn, found: Sequence[Bill]) -> Sequence[Bill]:
    since = months_ago(turn.today, 12 * YEARS)
    first = f"{since.year}-{since.month:02d}"
    return [bill for bill in found if bill.period >= first][:MOST_BILLS]


def before(bill: Bill, found: Sequence[Bill]) -> Bill | None:
    """The bill whose period ended before this one's began; another one of the same period (an
    additional charge) is nothing to compare with."""
    earlier = [other for other in found if other.period_to < bill.period_from]
    return max(earlier, key=lambda other: (other.period_to, other.bill_no), default=None)


def itemised(turn: Turn, *found: Bill) -> tuple[Itemised, ...]:
    lines = turn.ask.csms.bill_lines([bill.bill_no for bill in found])
    return tuple(Itemised(bill, lines.get(bill.bill_no, ())) for bill in found)


def months_ago(day: date, months: int) -> date:
    """The first of that month."""
    month = day.year * 12 + day.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)
