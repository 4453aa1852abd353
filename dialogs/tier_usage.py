"""阶梯用量: how far an account is in its tiers, what water costs there, when the next one comes."""

from decimal import Decimal
from typing import Any

from backends.ports import TierUsage
from dialogs.billing import bill_accounts
from dialogs.billing.bill_accounts import Account
from dialogs.billing.forecast import forecast
from dialogs.billing.tariff import all_in
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn


def opening(turn: Turn, _: None) -> Go:
    return bill_accounts.choose(turn, "tier_usage", _shown)


def which(turn: Turn, answer: str) -> Go:
    return _shown(turn, bill_accounts.chosen(turn, answer))


def _shown(turn: Turn, account: Account) -> Go:
    usage = turn.ask.csms.tier_usage(account["acct_no"])
    if usage is None:
        return Go("unknown", show={"account": account, "hotline": turn.policy.hotline})
    view = {
        "account": account,
        "used": usage.used_m3,
        "since": usage.since,
        "as_of": usage.as_of,
        "by_month": usage.tier_period == "month",
    }
    if usage.tier1_upto_m3 is None:
        price = _price(turn, usage, 1)
        return Go("one_price", show={**view, "use_class": usage.use_class, "price": price})
    bounds = [upto for upto in (usage.tier1_upto_m3, usage.tier2_upto_m3) if upto is not None]
    return Go("tiers", show={**view, **_tiers(turn, usage, bounds)})


def _tiers(turn: Turn, usage: TierUsage, bounds: list[Decimal]) -> dict[str, Any]:
    """A full tier is over: the next cubic metre is of the next one."""
    tier = 1 + sum(usage.used_m3 >= upto for upto in bounds)
    upto = bounds[tier - 1] if tier <= len(bounds) else None
    return {
        "tier": tier,
        "upto": upto,
        "left": None if upto is None else upto - usage.used_m3,
        "price": _price(turn, usage, tier),
        "next_price": None if upto is None else _price(turn, usage, tier + 1),
        "forecast": None if upto is None else _forecast(turn, usage, upto),
    }


def _forecast(turn: Turn, usage: TierUsage, upto: Decimal) -> dict[str, Any] | None:
    """A day that has gone by since the last reading is said as one that has."""
    found = forecast(usage, upto)
    if found is None or found.ends < turn.today:
        return None
    return {
        "on": found.on,
        "passed": found.on is not None and found.on <= turn.today,
        "ends": found.ends,
        "by_end": found.by_end_m3,
    }


def _price(turn: Turn, usage: TierUsage, tier: int) -> Decimal | None:
    tariff = turn.policy.tariffs.at(usage.use_class, turn.today)
    return all_in(tariff, tier) if tariff else None


TIER_USAGE = Dialog(
    name="tier_usage",
    revision=1,
    private=True,
    opens=Opening(
        opening,
        {
            "not_bound": "not_bound",
            "readers_only": "readers_only",
            "several": "which",
            "tiers": "tiers",
            "one_price": "one_price",
            "unknown": "unknown",
        },
    ),
    steps={
        "which": Step(
            reads=bill_accounts.one_of(),
            decide=which,
            leads_to={"tiers": "tiers", "one_price": "one_price", "unknown": "unknown"},
        ),
    },
    ends={
        "tiers": Exit.COMPLETED,
        "one_price": Exit.COMPLETED,
        "unknown": Exit.COMPLETED,
        "readers_only": Exit.COMPLETED,
        "not_bound": Exit.INTERRUPTED,
    },
)
