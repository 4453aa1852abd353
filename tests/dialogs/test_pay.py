"""缴费 told twice places one order; it remembers little; several are picked in whatever way."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from backends.ports import BindingChanged, OrderPlaced, Role
from bot.wording.pages import MAX_BYTES
from bot.wording.render import Renderer
from dialogs.billing.picking import positions
from dialogs.engine import record, steps
from dialogs.engine.house import House
from dialogs.engine.record import MAX_BYTES as MAX_RECORD_BYTES
from dialogs.engine.record import Frame, Record
from tests.fakes import FakeCsms, FakeOrders, FakeRecords
from tests.shape import walk
from tests.shape.conftest import (  # noqa: F401 - fixtures
    contract,
    files,
    renderer,
    shipped,
)
from tests.shape.meter_worlds import bound
from tests.shape.walk import World
from tests.town import ACCOUNTS, BILLS, OWES_ONE, OWES_SEVERAL, town_csms


def begun(house: House, world: World, *answers: str) -> Frame:
    frame = steps.begin(house, "pay", walk.moment(world), {}).frame
    for number, said in enumerate(answers):
        assert frame is not None
        frame = steps.answer(house, frame, walk.moment(world, said, number)).frame
    assert frame is not None
    return frame


def world_of(records: FakeRecords) -> World:
    return World(town_csms(), records, orders=FakeOrders(records))


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=13)])
def test_a_confirmation_that_is_run_again_places_the_same_order(
    shipped: House,  # noqa: F811 - a fixture
    renderer: Renderer,  # noqa: F811 - a fixture
    later: timedelta,
) -> None:
    records = FakeRecords([bound(OWES_SEVERAL)])
    world = world_of(records)
    frame = begun(shipped, world, "全部")
    moment = walk.moment(world, "1", 99)
    first = steps.answer(shipped, frame, moment)
    records.commit(first.effects)
    away = replace(world, csms=FakeCsms())
    again = steps.answer(shipped, frame, replace(moment, now=moment.now + later, ask=away))
    records.commit(again.effects)
    assert again.effects == first.effects
    assert renderer.text(again.parts[0]) == renderer.text(first.parts[0])
    (placed,) = first.effects
    assert isinstance(placed, OrderPlaced)
    assert world.orders.latest(walk.CITIZEN) == placed.order
    assert placed.order.amount_fen == 13319
    assert len(placed.order.order_no) == 24
    assert placed.order.expires_at - placed.order.placed_at == timedelta(minutes=15)


def test_two_summaries_confirmed_in_one_second_are_two_orders(
    shipped: House,  # noqa: F811 - a fixture
) -> None:
    world = world_of(FakeRecords([bound(OWES_ONE)]))
    numbers = set()
    for run in ("a", "b"):
        frame = replace(begun(shipped, world), run_id=run)
        (placed,) = steps.answer(shipped, frame, walk.moment(world, "1", 7)).effects
        assert isinstance(placed, OrderPlaced)
        numbers.add(placed.order.order_no)
    assert len(numbers) == 2


def test_twenty_bills_of_ten_accounts_fit_into_the_record_and_into_a_message(
    shipped: House,  # noqa: F811 - a fixture
    renderer: Renderer,  # noqa: F811 - a fixture
) -> None:
    numbers = [f"31000009{n:02d}" for n in range(10)]
    bills = [
        replace(
            BILLS[0],
            bill_no=f"{acct_no}{n:022d}",  # VARCHAR(32)
            acct_no=acct_no,
            amount=Decimal("9999999.99"),
            late_fee=Decimal("99999.99"),
        )
        for acct_no in numbers
        for n in range(3)
    ]
    accounts = [replace(ACCOUNTS[0], acct_no=number) for number in numbers]
    records = FakeRecords([bound(*numbers, role=Role.PAYER)])
    records.commit(
        BindingChanged(walk.CITIZEN, number, walk.NOW, nickname=f"爸妈家的房{n:02d}")
        for n, number in enumerate(numbers)
    )
    orders = FakeOrders(records)
    world = World(FakeCsms(accounts, bills), records, orders=orders)
    for answers in ((), ("全部",)):
        frame = begun(shipped, world, *answers)
        assert len(frame.data["bills"]) == 20
        assert len(record.to_json(Record(frame=frame)).encode()) < MAX_RECORD_BYTES
        pages = renderer.message([steps.ask_again(shipped, frame)])
        assert all(len(page.encode()) <= MAX_BYTES for page in pages)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1 3", [1, 3]),
        ("1,3", [1, 3]),
        ("3、1", [1, 3]),
        ("1. 3", [1, 3]),
        ("1到3", [1, 2, 3]),
        ("3 - 1", [1, 2, 3]),
        ("1至2和4", [1, 2, 4]),
        ("一和三", [1, 3]),
        ("第1个和第3个", [1, 3]),
        ("我要缴1和2", [1, 2]),
        ("1 1", [1]),
        ("13", [13]),
        ("1 0", []),
        ("1到", []),
        ("1-2-3", []),
        ("1.5元", []),
        ("2026年5月", []),
        ("", []),
        ("1 " * 50, []),
    ],
)
def test_positions_are_read_as_people_type_them(said: str, meant: list[int]) -> None:
    assert positions(said) == meant
