"""The utility's price lists and late-fee rules: WATERDESK_TARIFF_FILE, a TOML file, into values.

Every mistake is named, in words for whoever edits the file; a file with one is refused as a whole,
since a wrong price is worse than none. docs/tariffs.md explains the format.
"""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot import staff_file, tariff_faults
from bot.staff_file import StaffFileError
from dialogs.billing.tariff import Extension, LateFeeRule, Price, Tariff, Tariffs


class TariffFileError(StaffFileError):
    """A tariff file that cannot be used."""


def read_tariffs(path: Path | None) -> Tariffs:
    """Empty without a file; TariffFileError names everything that is wrong with one."""
    if path is None:
        return Tariffs()
    remedy = "请检查 WATERDESK_TARIFF_FILE，不用水价文件就把它留空"
    table = staff_file.read_toml(path, TariffFileError, when_missing=remedy)
    problems = list(tariff_faults.problems(table))
    if problems:
        raise TariffFileError(*(f"{path.name}：{why}" for why in problems))
    return Tariffs(
        tariffs=tuple(_tariff(entry) for entry in table.get("tariff", [])),
        late_fees=tuple(_late_fee(entry) for entry in table.get("late_fee", [])),
    )


def _tariff(entry: Mapping[str, Any]) -> Tariff:
    prices, factors = list[Price](), entry.get("factors", {})
    for item, price in entry["prices"].items():
        listed = enumerate(price, start=1) if isinstance(price, list) else [(0, price)]
        factor = Decimal(factors.get(item, 1))
        prices += (Price(item, tier_no, Decimal(one), factor) for tier_no, one in listed)
    extension = entry.get("extension")
    return Tariff(
        use_class=entry["use_class"],
        valid_from=entry["valid_from"],
        tier_period=entry["tier_period"],
        upto_m3=tuple(Decimal(upto) for upto in entry["upto_m3"]),
        prices=tuple(prices),
        extension=_extension(extension) if extension else None,
    )


def _extension(entry: Mapping[str, Any]) -> Extension:
    return Extension(entry["from_people"], Decimal(entry["extra_m3"]), entry["per_person"])


def _late_fee(entry: Mapping[str, Any]) -> LateFeeRule:
    return LateFeeRule(
        valid_from=entry["valid_from"],
        grace_days=entry["grace_days"],
        daily_rate=Decimal(entry["daily_rate"]),
        cap=Decimal(entry.get("cap", 1)),
    )
