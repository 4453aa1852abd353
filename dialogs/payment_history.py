"""缴费记录: what was paid on an account in two years, newest first, and for which bills."""

from decimal import Decimal
from typing import Any

from backends.ports import Payment
from dialogs.billing import bill_accounts, history, orders
from dialogs.billing.bill_accounts import Account
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn


def opening(turn: Turn, _: None) -> Go:
    return bill_accounts.choose(turn, "payment_history", _shown)


def which(turn: Turn, answer: str) -> Go:
    return _shown(turn, bill_accounts.chosen(turn, answer))


def _shown(turn: Turn, account: Account) -> Go:
    since = history.months_ago(turn.today, 12 * history.YEARS)
    payments = turn.ask.csms.payments(account["acct_no"], since)
    unpaid = turn.ask.csms.unpaid_bills([account["acct_no"]])
    arriving = orders.paid_of(turn, account["acct_no"], unpaid)
    if not payments and not arriving:
        return Go("none_yet", show={"account": account})
    views = [_view(payment) for payment in payments]
    coming = [{"paid_at": at, "amount": amount} for at, amount in arriving.items()]
    return Go("shown", show={"account": account, "payments": views, "coming": coming})


def _view(payment: Payment) -> dict[str, Any]:
    """`spare`: what went to the prepaid balance 预存 and not to a bill."""
    to_bills = sum((bill.principal + bill.late_fee for bill in payment.bills), Decimal(0))
    return {
        "paid_at": payment.paid_at,
        "amount": payment.amount,
        "channel": payment.channel,
        "state": payment.state,
        "spare": max(payment.amount - to_bills, Decimal(0)),
        "bills": [
            {"period": bill.period, "principal": bill.principal, "late_fee": bill.late_fee}
            for bill in payment.bills
        ],
    }


PAYMENT_HISTORY = Dialog(
    name="payment_history",
    revision=1,
    private=True,
    opens=Opening(
        opening,
        {
            "not_bound": "not_bound",
            "readers_only": "readers_only",
            "several": "which",
            "shown": "payments",
            "none_yet": "none_yet",
        },
    ),
    steps={
        "which": Step(
            reads=bill_accounts.one_of(),
            decide=which,
            leads_to={"shown": "payments", "none_yet": "none_yet"},
        ),
    },
    ends={
        "payments": Exit.COMPLETED,
        "none_yet": Exit.COMPLETED,
        "readers_only": Exit.COMPLETED,
        "not_bound": Exit.INTERRUPTED,
    },
)
