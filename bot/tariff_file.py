"""The utility's price lists and late-fee rules: WATERDESK_TARIFF_FILE, a TOML file, into values.

Every mistake is named, in words for whoever edits the file; a file with one is refused as a whole,
since a wrong price is worse than none. docs/tariffs.md explains the format.
"""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot import tariff_faults
from dialogs.billing.tariff import Extension, LateFeeRule, Price, Tariff, Tariffs

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


class TariffFileError(Exception):
    """The file cannot be used. `problems`: one line each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_tariffs(path: Path | None) -> Tariffs:
    """Empty without a file; TariffFileError names everything that is wrong with one."""
    if path is None:
        return Tariffs()
    table = _read(path)
    problems = list(tariff_faults.problems(table))
    if problems:
        raise TariffFileError(*(f"{path.name}：{why}" for why in problems))
    return Tariffs(
        tariffs=tuple(_tariff(entry) for entry in table.get("tariff", [])),
        late_fees=tuple(_late_fee(entry) for entry in table.get("late_fee", [])),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except FileNotFoundError as error:
        raise TariffFileError(
            f"{path}：没有这个文件；请检查 WATERDESK_TARIFF_FILE，不用水价文件就把它留空"
        ) from error
    except OSError as error:
        raise TariffFileError(f"{path}：打不开（{type(error).__name__}），请检查权限") from error
    except UnicodeDecodeError as error:
        raise TariffFileError(f"{path.name}：不是 UTF-8 编码，请另存为 UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        where = f"第{place[1]}行第{place[2]}个字附近" if place else "文件末尾"
        raise TariffFileError(
            f"{path.name}：{where}写法有误，请检查引号、方括号和逗号（{error}）"
        ) from error


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
