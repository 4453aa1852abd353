"""The synthetic city's price lists and late fee as the server's tariff file (docs/tariffs.md)."""

from collections.abc import Iterator, Sequence
from datetime import date

from sandbox.city.late_fee import CITY_RULE, LateFeeRule
from sandbox.city.tariffs import Price, Tariff


def tariff_toml(tariffs: Sequence[Tariff], rule: LateFeeRule = CITY_RULE) -> str:
    blocks = [_block(tariff) for tariff in tariffs]
    since = min((tariff.valid_from for tariff in tariffs), default=date.min)
    return "\n".join(["# 演示城市的水价", *blocks, _late_fee(rule, since)])


def _block(tariff: Tariff) -> str:
    return "\n".join(
        [
            "\n[[tariff]]",
            f'use_class = "{tariff.use_class}"',
            f"valid_from = {tariff.valid_from}",
            f'tier_period = "{tariff.tier_period}"',
            f"upto_m3 = {list(tariff.tier_upto_m3)}",
            *_extension(tariff),
            "[tariff.prices]",
            *_prices(tariff.prices),
            "[tariff.factors]",
            *_factors(tariff.prices),
        ]
    )


def _extension(tariff: Tariff) -> Iterator[str]:
    if extension := tariff.extension:
        per_person = "true" if extension.rule == "per_person" else "false"
        yield (
            f"extension = {{ from_people = {extension.from_people}, "
            f"extra_m3 = {extension.extra_m3}, per_person = {per_person} }}"
        )


def _prices(prices: Sequence[Price]) -> Iterator[str]:
    for item in dict.fromkeys(price.fee_item for price in prices):
        of_item = [price for price in prices if price.fee_item == item]
        listed = ", ".join(_yuan(price.price_e4) for price in of_item)
        whole = of_item[0].tier_no == 0
        yield f"{item} = {listed}" if whole else f"{item} = [{listed}]"


def _factors(prices: Sequence[Price]) -> Iterator[str]:
    factors = {price.fee_item: price.factor_pct for price in prices if price.factor_pct != 100}
    yield from (f"{item} = 0.{pct:02d}" for item, pct in factors.items())


def _late_fee(rule: LateFeeRule, since: date) -> str:
    return "\n".join(
        [
            "\n[[late_fee]]",
            f"valid_from = {since}",
            f"grace_days = {rule.grace_days}",
            f"daily_rate = {_yuan(rule.rate_e4)}",
            f"cap = {rule.cap_pct // 100}.{rule.cap_pct % 100:02d}\n",
        ]
    )


def _yuan(e4: int) -> str:
    return f"{e4 // 10_000}.{e4 % 10_000:04d}"
