"""The utility's file: one row for each bill, the same to the byte, adding up to WeChat's bill."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from tests.reconciling.bills import NOON, given_back, paid
from tests.reconciling.world import (
    DAY,
    NEXT_MORNING,
    NOVEMBER,
    OCTOBER,
    OF_THE_SHOP,
    PREPAYMENT,
    World,
)

GOLDEN = Path(__file__).with_name("golden.csv")


def many_things(world: World) -> None:
    """One of each kind of row."""
    merged = world.pays(OCTOBER, NOVEMBER, PREPAYMENT)
    credited = world.pays_unposted(replace(OCTOBER, bill_no="B20"))
    world.post(credited, B20=4443)
    returned = world.pays_unposted(replace(OCTOBER, bill_no="B21"))
    world.posted(returned, returned.items[0], 0, 0, 4443)
    world.now += timedelta(hours=1)
    world.pays_unposted(replace(NOVEMBER, bill_no="B22"))
    missed = world.prepares(OF_THE_SHOP)
    world.gateway.pay(missed.order_no)
    differs = world.pays(replace(NOVEMBER, bill_no="B23"))
    rows = {row.order_no: row for row in world.rows(DAY)}
    world.gives_back(merged, 4443, "B10")
    world.gives_back(merged, 100)
    world.bill(
        DAY,
        replace(rows[differs.order_no], amount_fen=4000),
        paid("W2099", 500),
        given_back("W2098", "CONSOLE1", 300),
        without=differs.order_no,
    )


def test_each_bill_has_its_row(world: World) -> None:
    many_things(world)
    world.reconcile()
    assert world.paper() == GOLDEN.read_bytes().decode("utf-8-sig")


def test_it_adds_up_to_wechat_s_bill(world: World) -> None:
    many_things(world)
    world.reconcile()
    kept = world.statements.statement(DAY)
    assert kept is not None
    *rows, total = world.rows_of_paper()
    items = [row for row in rows if row[0] != "小计"]
    money = sum(Decimal(row[7]) for row in items)
    assert money == Decimal(kept.totals.paid_fen - kept.totals.refunded_fen) / 100
    assert Decimal(total[7]) == money
    assert total[1] == f"{len(items)}笔"
    for row in rows:
        assert Decimal(row[5]) + Decimal(row[6]) == Decimal(row[7])


def test_excel_and_sha256sum_can_read_it(world: World) -> None:
    many_things(world)
    world.reconcile()
    raw = (world.folder / "wechat-2026-11-25.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\r\n")
    beside = (world.folder / "wechat-2026-11-25.csv.sha256").read_text()
    assert beside == f"{hashlib.sha256(raw).hexdigest()}  wechat-2026-11-25.csv\n"


def test_what_was_posted_since_shows_in_a_later_edition(world: World) -> None:
    order = world.pays_unposted()
    world.bill()
    world.reconcile()
    assert world.rows_of_paper()[0][-2:] == ["", "未销账"]
    world.post(order)
    world.reconcile(NEXT_MORNING + timedelta(hours=5))
    assert world.rows_of_paper()[0][-2:] == [world.takings.taken[0].pay_no, "已销账"]
    assert order.paid_at == NOON
