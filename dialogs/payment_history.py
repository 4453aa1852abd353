"""缴费记录: what was paid on an account in two years, newest first, and for which bills."""

from typing import Any

from backends.ports import Payment
from dialogs.billing import bill_accounts, history
from dialogs.billing.bill_accounts import Account
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn


def opening(turn: Turn, _: None) -> Go:
    return bill_accounts.choose(turn, "payment_history", _shown)


def which(turn: Turn, answer: str) -> Go:
    return _shown(turn, bill_accounts.chosen(turn, answer))


def _shown(turn: Turn, account: Account) -> Go:
    since = history.months_ago(turn.today, 12 * history.YEARS)
    payments = turn.ask.csms.payments(account["acct_no"], since)
    if not payments:
        return Go("none_yet", show={"account": account})
    views = [_view(payment) for payment in payments]
    return Go("shown", show={"account": account, "payments": views})


def _view(payment: Payment) -> dict[str, Any]:
    return {
        "paid_at": payment.paid_at,
        "amount": payment.amount,
        "channel": payment.channel,
        "state": payment.state,
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
