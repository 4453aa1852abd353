"""为什么比上期高: the difference of a bill to the one before, part by part, with the arithmetic.

Asked for by the link under a bill, which names the bill (`question`), or in the citizen's words.
"""

from decimal import Decimal
from typing import Any

from backends.ports import Bill
from dialogs.billing import bill_accounts, history, question
from dialogs.billing.bill_accounts import Account
from dialogs.billing.comparison import Comparison, Itemised, compare
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn


def opening(turn: Turn, _: None) -> Go:
    asked = question.read(turn.inbound.word)
    chosen = bill_accounts.choose(turn, "bill_change", _shown, {"period": asked.period})
    if asked.tail and chosen.outcome == "several":
        fit = [a for a in chosen.keep["accounts"] if a["acct_no"].endswith(asked.tail)]
        if len(fit) == 1:
            return _explained(turn, fit[0], asked.period)
    return chosen


def which(turn: Turn, answer: str) -> Go:
    return _explained(turn, bill_accounts.chosen(turn, answer), turn.data["period"])


def _shown(turn: Turn, account: Account) -> Go:
    return _explained(turn, account, question.read(turn.inbound.word).period)


def _explained(turn: Turn, account: Account, period: str) -> Go:
    found = history.bills(turn, account["acct_no"])
    bill = next((one for one in found if period in ("", one.period)), None)
    if bill is None:
        return Go("no_bills", show={"account": account, "period": period})
    earlier = history.before(bill, found)
    if earlier is None:
        return Go("first_bill", show={"account": account, "period": bill.period})
    before, after = history.itemised(turn, earlier, bill)
    return Go("explained", show={"account": account, **_view(before, after)})


def _view(before: Itemised, after: Itemised) -> dict[str, Any]:
    compared = compare(before, after)
    return {
        "before": _bill(before.bill, compared.per_day_before),
        "after": _bill(after.bill, compared.per_day_after),
        "mean": compared.mean_before,
        "difference": compared.difference,
        "parts": _parts(compared),
        "moved": [
            {"tier_no": one.tier_no, "before": one.before_m3, "after": one.after_m3}
            for one in compared.moved
        ],
        "repriced": [
            {
                "fee_item": one.fee_item,
                "tier_no": one.tier_no,
                "before": one.before,
                "after": one.after,
            }
            for one in compared.repriced
        ],
        "notes": [note.value for note in compared.notes],
    }


def _bill(bill: Bill, per_day: Decimal) -> dict[str, Any]:
    return {
        "period": bill.period,
        "amount": bill.amount,
        "volume": bill.volume_m3,
        "days": bill.days,
        "per_day": per_day,
    }


def _parts(compared: Comparison) -> list[dict[str, Any]]:
    """Templates have no arithmetic: the size, and which way it goes."""
    return [
        {
            "cause": part.cause.value,
            "more": part.amount > 0,
            "amount": abs(part.amount),
            "more_water": part.volume_m3 > 0,
            "volume": abs(part.volume_m3),
        }
        for part in compared.parts
    ]


BILL_CHANGE = Dialog(
    name="bill_change",
    revision=1,
    private=True,
    hears=question.PATTERN,
    opens=Opening(
        opening,
        {
            "not_bound": "not_bound",
            "readers_only": "readers_only",
            "several": "which",
            "explained": "explained",
            "first_bill": "first_bill",
            "no_bills": "no_bills",
        },
    ),
    steps={
        "which": Step(
            reads=bill_accounts.one_of(),
            decide=which,
            leads_to={
                "explained": "explained",
                "first_bill": "first_bill",
                "no_bills": "no_bills",
            },
        ),
    },
    ends={
        "explained": Exit.COMPLETED,
        "first_bill": Exit.COMPLETED,
        "no_bills": Exit.COMPLETED,
        "readers_only": Exit.COMPLETED,
        "not_bound": Exit.INTERRUPTED,
    },
)
