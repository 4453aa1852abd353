"""A payment through WeChat Pay as the server hands it over, read into a value."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sandbox.office.papers import content, is_code
from sandbox.office.shift import office_time

PAYMENT = "payment"
CREDIT, REFUND = "credit", "refund"
_YUAN = re.compile(r"\d{1,10}\.\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class PaymentPaper:
    """Money of one item, in fen. An empty `bill_no` is a prepayment 预存. `paid_at` is Shanghai's,
    without a zone. `surplus`: credit or refund, for what a bill does not take."""

    transaction_id: str
    order_no: str
    bill_no: str
    principal_fen: int
    late_fen: int
    paid_at: datetime
    surplus: str

    @property
    def amount_fen(self) -> int:
        return self.principal_fen + self.late_fen


def payment_paper(payload: str) -> PaymentPaper | None:
    """None for what cannot be read, or does not add up."""
    told = content(payload)
    numbers = [told.get("transaction_id"), told.get("order_no"), told.get("bill_no") or "-"]
    principal, late, amount = (_fen(told.get(n)) for n in ("principal", "late_fee", "amount"))
    paid_at, surplus = _moment(told.get("paid_at")), told.get("surplus")
    if not all(is_code(number) for number in numbers) or surplus not in (CREDIT, REFUND):
        return None
    if principal is None or late is None or paid_at is None:
        return None
    if amount != principal + late or not amount:
        return None
    bill_no = told.get("bill_no") or ""
    if late and not bill_no:
        return None
    return PaymentPaper(
        told["transaction_id"], told["order_no"], bill_no, principal, late, paid_at, surplus
    )


def _fen(written: object) -> int | None:
    if not isinstance(written, str) or not _YUAN.fullmatch(written):
        return None
    return int(Decimal(written).scaleb(2))


def _moment(written: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return office_time(at).replace(microsecond=0) if at.tzinfo else None
