"""Every amount the chat shows is the city's own: 10,000 random bills of the four published price
lists, charged by the city's arithmetic (whole litres and fen, written apart from ours), laid out
behind the port and asked for in the chat. Every number of the reply is compared.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pytest

from backends.ports import Bill, BillLine
from bot.wording.render import Renderer
from bot.wording.words import read_values
from dialogs.billing.tariff import Tariff, bounds, charges, split
from dialogs.engine import steps
from dialogs.engine.house import House
from sandbox.city import tariffs as theirs
from sandbox.city.presets import PUBLISHED
from tests.billing.presets import presets
from tests.fakes import FakeCsms, FakeRecords
from tests.shape import walk
from tests.shape.conftest import TEMPLATES, contract, files, renderer, shipped
from tests.shape.meter_worlds import bound
from tests.town import ACCOUNTS, OWES_ONE

__all__ = ["contract", "files", "renderer", "shipped"]  # fixtures of the shipped house

BILLS, SEED = 10_000, 20_261_122
NUMBER = r"(-?\d+(?:\.\d+)?)"
LINE = re.compile(rf"^· (\S+)(?: 第(\d)阶梯)? {NUMBER}立方米×{NUMBER}元＝{NUMBER}元$", re.MULTILINE)
SUM = re.compile(rf"^合计 {NUMBER}元$", re.MULTILINE)
OWED = re.compile(rf"^应缴 {NUMBER}元，", re.MULTILINE)
VOLUME = re.compile(rf"^水表 (\d+)→(\d+)，用水{NUMBER}立方米$", re.MULTILINE)
BESIDE = re.compile(rf"^比上期（\S+）(多|少) {NUMBER}元。$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Charged:
    """A bill in the city's whole litres and fen."""

    city: str
    volume_l: int
    before_l: int
    people: int
    months: int
    lines: tuple[theirs.Line, ...]

    @property
    def amount_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)


def drawn() -> Iterator[Charged]:
    rng = random.Random(SEED)
    for _ in range(BILLS):
        tariff = rng.choice(PUBLISHED)
        # Whole m³ as dials have them, litres as smart meters do; few bills are large.
        volume_l = int(rng.triangular(0, 200_000, 15_000))
        if rng.random() < 0.5:
            volume_l = volume_l // 1000 * 1000
        before_l = rng.randrange(500_000) if tariff.tier_period == "year" else 0
        people, months = rng.randint(1, 9), rng.choice((1, 1, 2))
        upto = theirs.bounds_l(tariff, theirs.extra_m3(tariff, people), months)
        lines = theirs.lines(tariff, theirs.split(volume_l, before_l, upto))
        yield Charged(tariff.city, volume_l, before_l, people, months, lines)


@cache
def all_drawn() -> tuple[Charged, ...]:
    return tuple(drawn())


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tariff]:
    return presets(tmp_path_factory.mktemp("tariffs"))


def test_our_own_arithmetic_charges_every_line_as_the_city_does(
    published: dict[str, Tariff],
) -> None:
    for one in all_drawn():
        tariff = published[one.city]
        volume, before = Decimal(one.volume_l) / 1000, Decimal(one.before_l) / 1000
        ours = charges(tariff, split(volume, before, bounds(tariff, one.people, one.months)))
        assert ours == laid_out(one.lines), one


def test_every_number_the_chat_shows_is_the_citys(shipped: House, renderer: Renderer) -> None:
    previous_fen = 0
    items = read_values(TEMPLATES)["fee_item"]
    for one in all_drawn():
        text = in_the_chat(shipped, renderer, one, previous_fen)
        shown = [(item, int(tier or 0), *numbers) for item, tier, *numbers in LINE.findall(text)]
        assert [(i, t, litres(q), e4(p), fen(a)) for i, t, q, p, a in shown] == [
            (items[line.fee_item], line.tier_no, line.quantity_l, line.price_e4, line.amount_fen)
            for line in one.lines
        ], (one, text)
        assert [fen(found) for found in SUM.findall(text)] == [one.amount_fen]
        assert [fen(found) for found in OWED.findall(text)] == [one.amount_fen] * bool(one.lines)
        assert [litres(volume) for *_, volume in VOLUME.findall(text)] == [one.volume_l]
        difference = one.amount_fen - previous_fen
        told = [fen(a) if way == "多" else -fen(a) for way, a in BESIDE.findall(text)]
        assert told == [difference] * bool(difference)
        read = 2 * len(one.lines) + 1 + bool(one.lines) + bool(difference)
        assert text.count("元") == read, "an amount is shown that was not compared"
        previous_fen = one.amount_fen


def in_the_chat(house: House, renderer: Renderer, one: Charged, previous_fen: int) -> str:
    """The reply to 账单, where this is the newest bill and the one before was of that amount."""
    bill, before = a_bill(1, one.amount_fen, one.volume_l), a_bill(0, previous_fen, 12_000)
    lines = {bill.bill_no: laid_out(one.lines)}
    csms = FakeCsms([ACCOUNTS[0]], [bill, before], lines=lines)
    world = walk.World(csms, FakeRecords([bound(OWES_ONE)]))
    moved = steps.begin(house, "latest_bill", walk.moment(world), {})
    return "\n".join(renderer.message(moved.parts))


def a_bill(number: int, amount_fen: int, volume_l: int) -> Bill:
    starts = date(2026, 9, 1) + timedelta(days=30 * number)
    return Bill(
        bill_no=f"B{number}",
        acct_no=OWES_ONE,
        period=f"2026-{9 + number:02d}",
        period_from=starts,
        period_to=starts + timedelta(days=29),
        prev_value=1000,
        value=1000 + volume_l // 1000,
        volume_m3=Decimal(volume_l) / 1000,
        amount=Decimal(amount_fen) / 100,
        paid=Decimal("0.00"),
        late_fee=Decimal("0.00"),
        late_fee_as_of=date(2026, 11, 21),
        opened_on=starts + timedelta(days=30),
        due_date=date(2026, 12, 5),
        status="open",
        estimated=False,
        corrects_bill_no="",
    )


def laid_out(lines: tuple[theirs.Line, ...]) -> tuple[BillLine, ...]:
    """As CSMS's view has them: NUMERIC(10,3), NUMERIC(8,4), NUMERIC(12,2)."""
    return tuple(
        BillLine(
            line.fee_item,
            line.tier_no,
            Decimal(line.quantity_l).scaleb(-3),
            Decimal(line.price_e4).scaleb(-4),
            Decimal(line.amount_fen).scaleb(-2),
        )
        for line in lines
    )


def litres(shown: str) -> int:
    return whole(Decimal(shown) * 1000)


def e4(shown: str) -> int:
    return whole(Decimal(shown) * 10_000)


def fen(shown: str) -> int:
    return whole(Decimal(shown) * 100)


def whole(value: Decimal) -> int:
    assert value == int(value), value
    return int(value)


def test_the_draw_reaches_every_city_every_tier_and_no_water_at_all() -> None:
    reached = {(one.city, line.fee_item, line.tier_no) for one in all_drawn() for line in one.lines}
    for tariff in PUBLISHED:
        for price in tariff.prices:
            assert (tariff.city, price.fee_item, price.tier_no) in reached
    assert any(one.volume_l == 0 for one in all_drawn())
    assert any(one.volume_l % 1000 for one in all_drawn())
    assert len(all_drawn()) == BILLS
