"""One bill as it is shown: readings, lines, what is owed until when, and beside the last one."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from backends.ports import Bill, BillLine
from dialogs.billing import history, late_fee, orders, question
from dialogs.engine.definition import Turn

WRITTEN_OFF = "written_off"


def sheet(
    turn: Turn, account: Mapping[str, str], bill: Bill, earlier: Bill | None
) -> dict[str, Any]:
    (asked,) = history.itemised(turn, bill)
    return {
        "account": account,
        "period": bill.period,
        "period_from": bill.period_from,
        "period_to": bill.period_to,
        "days": bill.days,
        "prev_value": bill.prev_value,
        "value": bill.value,
        "volume": bill.volume_m3,
        "estimated": bill.estimated,
        "corrects": bool(bill.corrects_bill_no),
        "lines": [_line(line) for line in asked.lines],
        "lines_sum": sum((line.amount for line in asked.lines), Decimal(0)),
        "earlier": _earlier(account, bill, earlier),
        **_money(turn, bill),
    }


def _line(line: BillLine) -> dict[str, Any]:
    return {
        "fee_item": line.fee_item,
        "tier_no": line.tier_no,
        "volume": line.volume_m3,
        "unit_price": line.unit_price,
        "amount": line.amount,
    }


def _money(turn: Turn, bill: Bill) -> dict[str, Any]:
    written_off = bill.status == WRITTEN_OFF
    open_ = bill.principal_owed > 0 and not written_off
    rule = turn.policy.tariffs.late_fee_at(bill.due_date) if open_ else None
    return {
        "amount": bill.amount,
        "paid": bill.paid,
        "late_fee": bill.late_fee,
        "late_fee_as_of": bill.late_fee_as_of,
        "owed": bill.owed,
        "held": orders.held(turn, [bill]).get(bill.bill_no, "") if open_ else "",
        "settled": bill.owed <= 0,
        "written_off": written_off,
        "due_date": bill.due_date,
        "overdue": bill.due_date < turn.today,
        "late_fee_from": late_fee.first_day(rule, bill.due_date) if rule else None,
        "late_fee_percent": f"{(rule.daily_rate * 100).normalize():f}" if rule else "",
    }


def _earlier(account: Mapping[str, str], bill: Bill, earlier: Bill | None) -> dict[str, Any] | None:
    if earlier is None:
        return None
    difference = bill.amount - earlier.amount
    return {
        "period": earlier.period,
        "higher": difference > 0,
        "difference": abs(difference),
        "ask": question.write(account, bill, higher=difference > 0),
    }
