"""Posts 销账 what was paid by WeChat Pay: to the bill, to the prepaid balance 预存, or back to who
paid. Each item of a transaction once (docs/contracts/csms.md)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from sandbox.city.late_fee import CITY_RULE, late_fee_fen
from sandbox.city.schema import metadata, posting
from sandbox.office.books import (
    Income,
    Owed,
    Share,
    owed_on,
    payment_number,
    settle_bill,
    top_up,
    write_payment,
)
from sandbox.office.errors import Refused
from sandbox.office.locks import Lock, locks_on
from sandbox.office.night import UNPAID
from sandbox.office.payment_paper import CREDIT, PaymentPaper, payment_paper
from sandbox.office.shift import Shift
from sandbox.office.standing import settle

T = metadata.tables
CHANNEL = "wechat_account"
POSTED = "posted"
_STOPPED, _ACTIVE, _CLOSED = "stopped_arrears", "active", "closed"


@dataclass(frozen=True, slots=True)
class Posted:
    """In fen; the three add up to what was paid. `pay_no` is '' where nothing was taken."""

    posted_fen: int
    credited_fen: int
    returned_fen: int
    pay_no: str
    restores: bool


def post_payment(shift: Shift, row: Row[Any]) -> str:
    paper = payment_paper(row.payload)
    if paper is None:
        raise Refused("payment_refused", "营业系统读不出这笔缴费，没有入账，会退回给您")
    done = _before(shift, row.acct_no, paper) or _post(shift, row.acct_no, paper)
    data: dict[str, Any] = {
        "transaction_id": paper.transaction_id,
        "bill_no": paper.bill_no,
        "posted": _yuan(done.posted_fen),
        "credited": _yuan(done.credited_fen),
        "returned": _yuan(done.returned_fen),
        "pay_no": done.pay_no,
    }
    if done.restores:
        data["restores"] = True
    shift.tell(
        "payment_posted",
        data,
        acct_no=row.acct_no,
        request_no=row.request_no,
        ext_no=done.pay_no or None,
    )
    settle(shift, row.request_no, POSTED)
    return POSTED


def _before(shift: Shift, acct_no: str, paper: PaymentPaper) -> Posted | None:
    row = shift.connection.execute(select(posting).where(*_key(acct_no, paper))).one_or_none()
    if row is None:
        return None
    pay_no = payment_number(row.pay_id) if row.pay_id is not None else ""
    sums = (row.posted_fen, row.credited_fen, row.returned_fen)
    return Posted(*sums, pay_no, bool(row.restores))


def _key(acct_no: str, paper: PaymentPaper) -> tuple[ColumnElement[bool], ...]:
    return (
        posting.c.transaction_id == paper.transaction_id,
        posting.c.acct_no == acct_no,
        posting.c.bill_no == paper.bill_no,
    )


def _post(shift: Shift, acct_no: str, paper: PaymentPaper) -> Posted:
    status = _status(shift, acct_no)
    bill = _bill(shift, acct_no, paper)
    share = _share(shift, bill, paper) if bill else Share(0, 0)
    to_bill = share.principal_fen + share.late_fen
    rest = paper.amount_fen - to_bill
    # What a bill leaves goes where the citizen's utility wants it; a prepayment is meant for there.
    to_balance = rest if status != _CLOSED and (bill is None or paper.surplus == CREDIT) else 0
    pay_id, pay_no = _write(shift, acct_no, paper, to_bill + to_balance)
    if bill and to_bill:
        settle_bill(shift, bill, share, pay_id)
    if to_balance:
        top_up(shift, acct_no, to_balance, pay_id)
    posted, credited = (to_bill, to_balance) if bill else (to_balance, 0)
    restores = status == _STOPPED and _restore(shift, acct_no)
    done = Posted(posted, credited, rest - to_balance, pay_no, restores)
    _remember(shift, acct_no, paper, done, pay_id)
    return done


def _status(shift: Shift, acct_no: str) -> str:
    account = T["account"]
    found = select(account.c.status).where(account.c.acct_no == acct_no)
    status = shift.connection.execute(found).scalar_one_or_none()
    if status is None:
        raise Refused("payment_refused", "营业系统里没有这个户号，没有入账，会退回给您")
    return str(status)


def _bill(shift: Shift, acct_no: str, paper: PaymentPaper) -> Owed | None:
    """None for a prepayment."""
    if not paper.bill_no:
        return None
    bill = T["bill"]
    found = owed_on(shift, bill.c.bill_no == paper.bill_no, bill.c.acct_no == acct_no)
    if not found:
        raise Refused("payment_refused", "营业系统里没有这张账单，没有入账，会退回给您")
    return found[0]


def _share(shift: Shift, bill: Owed, paper: PaymentPaper) -> Share:
    """At the amounts that were locked; without a lock at those of the day it was paid. Late fee
    that came later is let off, for who paid cannot help how long it took to be posted."""
    if bill.status not in UNPAID:
        return Share(0, 0)
    lock = _lock(shift, paper)
    late = min(lock.late_fen, bill.late_fen) if lock else _late_then(shift, bill, paper)
    principal = min(paper.principal_fen, bill.principal_fen)
    waived = bill.late_fen - late if principal == bill.principal_fen else 0
    return Share(principal, min(paper.late_fen, late), waived)


def _lock(shift: Shift, paper: PaymentPaper) -> Lock | None:
    locks = locks_on(shift, (paper.bill_no,)).get(paper.bill_no, ())
    held = (one for one in locks if one.order_no == paper.order_no and one.holds(paper.paid_at))
    return next(held, None)


def _late_then(shift: Shift, bill: Owed, paper: PaymentPaper) -> int:
    """What is left of the late fee, without what has accrued since the day it was paid."""
    now, then = (
        late_fee_fen(CITY_RULE, bill.principal_fen, (day - bill.due_date).days)
        for day in (shift.today, paper.paid_at.date())
    )
    return max(bill.late_fen - max(now - then, 0), 0)


def _write(shift: Shift, acct_no: str, paper: PaymentPaper, taken_fen: int) -> tuple[int, str]:
    if not taken_fen:
        return 0, ""
    income = Income(acct_no, CHANNEL, taken_fen, paper.paid_at, paper.transaction_id)
    return write_payment(shift, income)


def _restore(shift: Shift, acct_no: str) -> bool:
    """Supply comes back once nothing is owed."""
    bill, account = T["bill"], T["account"]
    if owed_on(shift, bill.c.acct_no == acct_no, bill.c.status.in_(UNPAID)):
        return False
    shift.connection.execute(
        account.update()
        .where(account.c.acct_no == acct_no)
        .values(status=_ACTIVE, updated_at=shift.at)
    )
    return True


def _remember(shift: Shift, acct_no: str, paper: PaymentPaper, done: Posted, pay_id: int) -> None:
    shift.connection.execute(
        posting.insert().values(
            transaction_id=paper.transaction_id,
            acct_no=acct_no,
            bill_no=paper.bill_no,
            posted_fen=done.posted_fen,
            credited_fen=done.credited_fen,
            returned_fen=done.returned_fen,
            pay_id=pay_id or None,
            restores=int(done.restores),
            at=shift.at,
        )
    )


def _yuan(fen: int) -> str:
    return str(Decimal(fen).scaleb(-2))
