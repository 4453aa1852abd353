"""Of payment orders nothing is kept longer than it must be, and nothing shorter: on each
database."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import Engine, create_engine, func, select

from backends.ports import Expiring, OrderState, Purged, WhyClosed
from backends.records.retention import SqlRetention, open_retention
from backends.records.tables import metadata, pay_item
from tests.contract.orders import (
    END,
    LATER,
    NOVEMBER,
    OCTOBER,
    OF_THE_SHOP,
    PREPAYMENT,
    Till,
    posting,
    refund,
    sql_till,
    transaction,
)
from tests.contract.requests import HOUR, NOON, QIN, SECOND, WEI
from tests.contract.test_orders_statements import elsewhere
from tests.contract.test_outbox_statements import Seen, watch

YEARS = 3 * 365 * 24 * HOUR


@pytest.fixture
def till(upgraded_url: str) -> Iterator[Till]:
    with sql_till(upgraded_url) as till:
        yield till


@pytest.fixture
def retention(upgraded_url: str) -> Iterator[SqlRetention]:
    with closing(open_retention(upgraded_url, pool_size=1, statement_timeout_s=5)) as retention:
        yield retention


@pytest.fixture
def engine(upgraded_url: str) -> Iterator[Engine]:
    engine = create_engine(upgraded_url)
    yield engine
    engine.dispose()


def test_what_was_never_paid_goes_with_its_items_once_it_is_closed(
    till: Till, retention: SqlRetention, engine: Engine
) -> None:
    closed, young = till.place(1, OCTOBER, NOVEMBER), till.place(5, OCTOBER)
    for one in (closed, young):
        till.orders.drop(one.order_no, WhyClosed.CANCELLED, LATER)
    waiting, prepared = till.place(2), till.prepare(3, OF_THE_SHOP)
    paid = till.pay(4, PREPAYMENT)
    before = young.placed_at
    assert retention.due(Expiring.UNPAID_ORDERS, before) == 1
    assert retention.purge(Expiring.UNPAID_ORDERS, before, 10) == Purged(1)
    assert retention.purge(Expiring.UNPAID_ORDERS, before, 10) == Purged(0)
    kept = [one.order_no for one in (young, waiting, prepared, paid)]
    assert sorted(till.orders.of_numbers([closed.order_no, *kept])) == sorted(kept)
    with engine.connect() as connection:
        items = connection.execute(select(func.count()).select_from(pay_item)).scalar_one()
    assert items == sum(len(one.items) for one in (young, waiting, prepared, paid))


def test_who_paid_is_forgotten_in_the_end_and_what_was_paid_is_not(
    till: Till, retention: SqlRetention
) -> None:
    mine = till.pay(1, OCTOBER)
    till.orders.post(posting(mine, OCTOBER), refund(mine), LATER)
    other = till.prepare(2, NOVEMBER, openid=QIN)
    till.orders.paid(transaction(other, paid_at=END), (), None, END)
    assert retention.due(Expiring.PAYERS, LATER) == 1
    assert retention.purge(Expiring.PAYERS, LATER, 10) == Purged(1)
    assert retention.purge(Expiring.PAYERS, LATER, 10) == Purged(0)
    assert till.now(mine) == replace(mine, openid="", state=OrderState.SETTLED)
    assert till.refund() == refund(mine, openid="")
    assert till.orders.latest(WEI) is None
    assert till.now(other).openid == QIN
    assert till.orders.paid_between(NOON, END + SECOND, "", 9) == (till.now(mine), till.now(other))


def test_looking_for_what_is_due_costs_the_same_however_much_is_kept(
    upgraded_url: str, engine: Engine, retention: SqlRetention
) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite counts its steps")
    steps = []
    for count in (20, 2_000):
        with engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
        elsewhere(engine, count)
        retention.purge(Expiring.PAYERS, NOON, count)
        seen = Seen()
        with closing(open_retention(upgraded_url, pool_size=1, statement_timeout_s=5)) as opened:
            watch(opened._database.engine, seen)
            for what in (Expiring.UNPAID_ORDERS, Expiring.PAYERS):
                assert opened.due(what, NOON - YEARS) == 0
                opened.purge(what, NOON - YEARS, 5)
            assert opened.purge(Expiring.PAYERS, NOON, 5) == Purged(0)
        steps.append(seen.steps.total())
    assert steps[1] < steps[0] * 1.1
