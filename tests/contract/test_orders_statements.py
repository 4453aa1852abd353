"""Every statement on payment orders and refunds: it compiles for SQL Server, and it costs no more
when a hundred times as much is paid or closed."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, insert, text
from sqlalchemy.dialects.mssql import pyodbc

from backends.ports import (
    CitizenErased,
    Order,
    OrderDropped,
    OrderState,
    RefundState,
    RefundStatus,
    WhyClosed,
)
from backends.records.adapter import open_records
from backends.records.orders import open_orders
from backends.records.payments.rows import from_items, from_order, from_refund
from backends.records.refunds import open_refunds
from backends.records.tables import citizen, metadata, pay_item, pay_order, pay_refund
from tests.contract.orders import (
    LATER,
    NOVEMBER,
    OCTOBER,
    OF_THE_SHOP,
    PREPAYMENT,
    Till,
    order,
    payment,
    posting,
    receipt,
    refund,
    standing,
    transaction,
)
from tests.contract.requests import HOUR, MINUTE, NOON, QIN, SECOND, WEI
from tests.contract.test_outbox_statements import Seen, watch

MONTH = 30 * 24 * HOUR
WALKED = r"(Seq Scan on|SCAN) (pay_order|pay_item|pay_hold|pay_refund)\b"


def everything(till: Till) -> None:
    """Each method of both ports and each effect on orders, so that each statement is seen."""
    mine = till.prepare(1, OCTOBER, NOVEMBER)
    other = till.place(2, OCTOBER, OF_THE_SHOP)
    assert till.orders.hold(other.order_no, NOON)
    dropped = till.prepare(3, PREPAYMENT)
    till.records.commit([OrderDropped(WEI, dropped.order_no, WhyClosed.CANCELLED, LATER)])
    till.orders.closed(dropped.order_no, LATER)
    till.orders.look_again(mine.order_no, LATER)
    till.orders.drop(mine.order_no, WhyClosed.EXPIRED, LATER)
    payments = [payment(mine, item, serial) for serial, item in enumerate(mine.items, 1)]
    for _ in range(2):
        till.orders.paid(transaction(mine), payments, receipt(mine), LATER)
    look(till, mine)
    pay_back(till, mine)
    till.records.commit([CitizenErased(QIN, LATER)])


def look(till: Till, mine: Order) -> None:
    till.orders.latest(WEI)
    assert len(till.orders.in_flight([OCTOBER.key, PREPAYMENT.key])) == 1
    till.orders.to_ask_about(LATER + HOUR, 5)
    till.orders.unposted(LATER, "", 5)
    till.orders.paid_between(NOON - HOUR, NOON + HOUR, "", 5)
    till.orders.of_numbers([mine.order_no])
    till.orders.postings_of([mine.order_no])
    till.orders.counts(NOON)


def pay_back(till: Till, mine: Order) -> None:
    wanted = refund(mine, amount_fen=10)
    till.orders.post(posting(mine, OCTOBER), wanted, LATER)
    till.orders.post(posting(mine, NOVEMBER), None, LATER)
    till.refunds.propose(refund(mine, "R2", amount_fen=10))
    till.refunds.refuse("R2", "ma", LATER)
    till.refunds.ask("R1", "lu", LATER)
    till.refunds.approve("R1", "ma", LATER)
    till.refunds.failed("R1", "busy", now=LATER, wait=MINUTE)
    till.refunds.to_send(LATER + MINUTE, 5)
    for status in (RefundStatus.PROCESSING, RefundStatus.PROCESSING, RefundStatus.SUCCESS):
        till.refunds.heard(standing(wanted, status), receipt(mine), LATER, wait=MINUTE)
    till.refunds.refund("R1")
    till.refunds.refunds_of([mine.order_no])
    till.refunds.refunds([RefundState.PROPOSED, RefundState.ASKED], 5)
    till.refunds.succeeded_between(LATER, LATER + HOUR, "", 5)


def elsewhere(engine: Engine, count: int) -> None:
    """So many orders of a month ago, settled or closed, with refunds that have succeeded."""
    past = [old(serial) for serial in range(count)]
    refunds = [from_refund(given_back(one)) for one in past if one.paid_at]
    with engine.begin() as connection:
        people = [{"openid": one.openid, "first_seen_at": NOON} for one in past]
        people += [{"openid": who, "first_seen_at": NOON} for who in (WEI, QIN)]
        connection.execute(insert(citizen), people)
        connection.execute(insert(pay_order), [from_order(one) for one in past])
        posted = {"posted_at": NOON - MONTH}
        items = [{**item, **posted} for one in past for item in from_items(one)]
        connection.execute(insert(pay_item), items)
        connection.execute(insert(pay_refund), refunds)


def old(serial: int) -> Order:
    at = NOON - MONTH - serial * SECOND
    item = replace(OCTOBER, bill_no=f"OLD{serial}")
    past = order(serial, item, order_no=f"WC{serial:022d}", openid=f"o{serial:06d}")
    past = replace(past, placed_at=at, expires_at=at + HOUR, asked_at=at)
    if serial % 3 == 0:
        return replace(past, state=OrderState.CLOSED)
    return replace(past, state=OrderState.SETTLED, transaction_id=f"41{serial}", paid_at=at)


def given_back(one: Order) -> Any:
    made = {"state": RefundState.SUCCESS, "amount_fen": 1, "made_at": NOON - MONTH}
    return refund(one, f"R{one.order_no}", **made)


@pytest.fixture
def engine(upgraded_url: str) -> Iterator[Engine]:
    engine = create_engine(upgraded_url)
    yield engine
    engine.dispose()


def run(url: str) -> Seen:
    seen = Seen()
    with (
        closing(open_records(url, pool_size=1, statement_timeout_s=5)) as records,
        closing(open_orders(url, pool_size=1, statement_timeout_s=5)) as orders,
        closing(open_refunds(url, pool_size=1, statement_timeout_s=5)) as refunds,
    ):
        for port in (records, orders, refunds):
            watch(port._database.engine, seen)
        everything(Till(records, orders, refunds))
    return seen


def test_every_statement_compiles_for_sql_server(upgraded_url: str, engine: Engine) -> None:
    elsewhere(engine, 3)
    built = run(upgraded_url).built
    assert len(built) > 50
    dialect: Any = pyodbc.dialect()  # type: ignore[no-untyped-call]
    dialect.server_version_info = (11, 0)
    dialect._setup_version_attributes()
    for statement in built.values():
        compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        for foreign in (" LIMIT ", "OFFSET", "ROW_NUMBER", "RETURNING", "ON CONFLICT", "FOR UPD"):
            assert foreign not in str(compiled).upper()


def test_no_statement_takes_more_steps_when_much_more_is_long_done(
    upgraded_url: str, engine: Engine
) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite counts its steps; PostgreSQL's plans are read below")
    elsewhere(engine, 20)
    short = run(upgraded_url).steps
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    elsewhere(engine, 1_000)
    long = run(upgraded_url).steps
    assert len(short) > 50
    assert short.keys() == long.keys()
    grown = {sql: (short[sql], long[sql]) for sql in short if long[sql] > short[sql] + 60}
    assert grown == {}


def test_no_statement_reads_a_table_from_end_to_end(upgraded_url: str, engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("PostgreSQL tells its plan; SQLite's steps are counted above")
    elsewhere(engine, 1_000)
    sent = run(upgraded_url).sent
    assert len(sent) > 40
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        for sql, parameters in sent.items():
            one = parameters[0] if isinstance(parameters, list) else parameters
            plan = connection.exec_driver_sql(f"EXPLAIN {sql}", one).scalars().all()
            # What a handful of open orders hold stands on one page.
            assert not re.search(WALKED, str(plan).replace("Seq Scan on pay_hold", "")), sql
