from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.tariff_file import TariffFileError, read_tariffs
from dialogs.billing.tariff import Extension, LateFeeRule, Price, Tariff, Tariffs
from sandbox.city.presets import PUBLISHED, city_tariffs
from sandbox.city_tariff_file import tariff_toml
from tests.billing.presets import presets

GOOD = """
[[tariff]]
use_class = "RES"
valid_from = 2013-08-01
tier_period = "year"
upto_m3 = [220, 300]
extension = { from_people = 5, extra_m3 = 100, per_person = false }
[tariff.prices]
WATER = [1.92, 3.30, 4.30]
SEWAGE = 1.7
[tariff.factors]
SEWAGE = 0.9

[[tariff]]
use_class = "RES"
valid_from = 2026-06-01
tier_period = "year"
upto_m3 = []
[tariff.prices]
WATER = [3]

[[late_fee]]
valid_from = 2013-08-01
grace_days = 15
daily_rate = 0.0005
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tariffs.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_good_file_becomes_values_and_no_price_a_float(file: Path) -> None:
    first = Tariff(
        use_class="RES",
        valid_from=date(2013, 8, 1),
        tier_period="year",
        upto_m3=(Decimal(220), Decimal(300)),
        prices=(
            Price("WATER", 1, Decimal("1.92")),
            Price("WATER", 2, Decimal("3.30")),
            Price("WATER", 3, Decimal("4.30")),
            Price("SEWAGE", 0, Decimal("1.7"), Decimal("0.9")),
        ),
        extension=Extension(5, Decimal(100), per_person=False),
    )
    second = Tariff("RES", date(2026, 6, 1), "year", (), (Price("WATER", 1, Decimal(3)),))
    rule = LateFeeRule(date(2013, 8, 1), 15, Decimal("0.0005"), Decimal(1))
    read = read_tariffs(file)
    assert read == Tariffs((first, second), (rule,))
    assert all(type(price.unit_price) is Decimal for t in read.tariffs for price in t.prices)


def test_without_a_file_there_are_no_tariffs() -> None:
    assert read_tariffs(None) == Tariffs()


MISTAKES = [
    ('use_class = "RES"', 'use_class = "HOME"', "第1个 [[tariff]] use_class 写的是 HOME"),
    ('tier_period = "year"', 'tier_period = "day"', "tier_period 写的是 day，能写的是 year、month"),
    ("valid_from = 2013-08-01", 'valid_from = "2013-08-01"', "valid_from 要写成日期，不加引号"),
    ("valid_from = 2013-08-01", "valid_from = 2013-08-01T00:00:00", "valid_from 要写成日期"),
    ("[220, 300]", "[300, 220]", "upto_m3 要一个比一个大，现在是 300、220"),
    ("[220, 300]", "[220, 220]", "upto_m3 要一个比一个大"),
    ("[220, 300]", "[-1, 300]", "upto_m3 里的上限要大于 0"),
    ("[220, 300]", '["220", 300]', "upto_m3 要写成各阶梯上限的列表"),
    ("[220, 300]", "[220, 300, 400]", "upto_m3 最多写 2 个上限"),
    ("[220, 300]", "[220]", "prices 的 WATER 写了 3 个单价，阶梯有 2 级，要一样多"),
    ("upto_m3 = [220, 300]\n", "", "缺少 upto_m3"),
    ("1.92", "-1.92", "prices 的 WATER 不能小于 0"),
    ("SEWAGE = 1.7", 'SEWAGE = "1.7"', "prices 的 SEWAGE 要写一个数"),
    ("SEWAGE = 1.7", "SEWAGE = nan", "prices 的 SEWAGE 要写一个数"),
    ("SEWAGE = 1.7", "SEWAGE = true", "prices 的 SEWAGE 要写一个数"),
    ("SEWAGE = 1.7", "DRAIN = 1.7", "prices 里不认识 DRAIN，能写的是 WATER、SEWAGE"),
    ("SEWAGE = 1.7", "REFUSE = 1.7", "factors 的 SEWAGE 在 prices 里没有单价"),
    ("SEWAGE = 0.9", "SEWAGE = 90", "factors 的 SEWAGE 要大于 0、不大于 1"),
    ("WATER = [1.92, 3.30, 4.30]", "", "prices 里缺少 WATER"),
    ("from_people = 5", "from_people = 0", "from_people 要写整数，至少是 1"),
    ("extra_m3 = 100", "extra_m3 = -100", "extra_m3 要大于 0"),
    ("per_person = false", "per_person = 0", "per_person 要写 true 或 false"),
    (", per_person = false", "", "extension 缺少 per_person"),
    ("extension = {", "extensions = {", "不认识 extensions，能写的是"),
    ("{ from_people = 5, extra_m3 = 100, per_person = false }", "100", "extension 要写成 {"),
    ("valid_from = 2026-06-01", "valid_from = 2013-08-01", "从 2013-08-01 起已经写过一份"),
    ("valid_from = 2026-06-01", "valid_from = 2012-01-01", "早于上一份的 2013-08-01"),
    ("grace_days = 15", "grace_days = 1.5", "grace_days 要写 0 到 366 的整数"),
    ("grace_days = 15", "grace_days = -1", "第1个 [[late_fee]] grace_days"),
    ("daily_rate = 0.0005", "daily_rate = 0.05", "daily_rate 要在 0 和 0.01 之间"),
    ("daily_rate = 0.0005", "daily_rate = 0.0005\ncap = 100", "cap 要大于 0、不大于 1"),
    ("daily_rate = 0.0005\n", "", "缺少 daily_rate"),
    ("[[late_fee]]", "[late_fee]", "late_fee 要写成 [[late_fee]]（两层方括号）"),
    ("[[late_fee]]", "[[latefee]]", "不认识 latefee；能写的是"),
    ("[tariff.prices]", "[prices]", "缺少 prices"),
    ("[220, 300]", "[220, 300", "写法有误"),
]


@pytest.mark.parametrize(("right", "wrong", "why"), MISTAKES)
def test_a_mistake_is_named_and_the_file_refused(
    file: Path, right: str, wrong: str, why: str
) -> None:
    assert right in GOOD
    file.write_text(GOOD.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(TariffFileError) as refused:
        read_tariffs(file)
    assert why in str(refused.value)
    where = ("tariffs.toml：", "tariffs.toml:")
    assert all(line.startswith(where) for line in refused.value.problems)


def test_every_mistake_is_named_at_once(file: Path) -> None:
    text = GOOD.replace("1.92", "-1.92").replace("[220, 300]", "[300, 220]")
    file.write_text(text.replace("grace_days = 15", "grace_days = -1"), encoding="utf-8")
    with pytest.raises(TariffFileError) as refused:
        read_tariffs(file)
    assert len(refused.value.problems) == 3


def test_a_file_without_price_lists_is_refused(file: Path) -> None:
    file.write_text("# nothing yet", encoding="utf-8")
    with pytest.raises(TariffFileError, match="至少要写一份价目"):
        read_tariffs(file)


def test_a_file_that_is_not_there_or_not_utf_8_is_refused(file: Path) -> None:
    with pytest.raises(TariffFileError, match="没有这个文件"):
        read_tariffs(file.with_name("other.toml"))
    with pytest.raises(TariffFileError, match="打不开"):
        read_tariffs(file.parent)
    file.write_bytes("# 水价".encode("gbk"))
    with pytest.raises(TariffFileError, match="不是 UTF-8"):
        read_tariffs(file)


def test_the_shipped_presets_are_those_of_the_city_down_to_the_last_price(tmp_path: Path) -> None:
    """Two that were written apart from each other."""
    path = tmp_path / "city.toml"
    for theirs, ours in zip(PUBLISHED, presets(tmp_path).values(), strict=True):
        path.write_text(tariff_toml([theirs]), encoding="utf-8")
        assert read_tariffs(path).tariffs == (ours,)


def test_the_synthetic_citys_own_prices_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "city.toml"
    theirs = city_tariffs(date(2026, 6, 1))
    path.write_text(tariff_toml(theirs), encoding="utf-8")
    read = read_tariffs(path)
    assert len(read.tariffs) == len(theirs) == 8
    assert read.late_fees == (LateFeeRule(date(2013, 8, 1), 15, Decimal("0.0005")),)
