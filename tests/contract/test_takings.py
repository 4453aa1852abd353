"""Bills that are being paid are locked at CSMS, and what it has posted is read: the adapter on each
database, and the double."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, Select, create_engine, delete, select
from sqlalchemy.dialects.mssql import pyodbc

from backends.csms import takings_queries as queries
from backends.csms.takings import SqlTakings, open_takings
from backends.errors import Rejected
from backends.ports import Order, OrderItem, Taking, Takings
from tests.contract.city import COMPANY, LIN, SHANGHAI
from tests.contract.exchange import publish
from tests.contract.exchange_schema import bill_locks, paid_bills, payments
from tests.fakes import FakeTakings

new_dialect: Callable[[], Any] = pyodbc.dialect
AT = datetime(2026, 11, 22, 9, 30, 5, tzinfo=SHANGHAI)
MIDNIGHT = datetime(2026, 11, 22, tzinfo=SHANGHAI)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
BILL = OrderItem(LIN, "B20261001000000171", "2026-10", 5670)
LATE = OrderItem(LIN, "B20260901000000171", "2026-09", 10, 115)
PREPAYMENT = OrderItem(COMPANY, "", "2026-11", 10000)
ORDER = Order("WD261122093005ABCDEF0123", "o1", (BILL, LATE, PREPAYMENT), AT, AT + 900 * SECOND)


def taking(pay_no: str, transaction_id: str, paid_at: datetime, **changes: Any) -> Taking:
    posted = Taking(
        pay_no=pay_no,
        transaction_id=transaction_id,
        acct_no=LIN,
        bill_no=f"B{pay_no}",
        period="2026-10",
        principal_fen=5670,
        late_fee_fen=115,
        amount_fen=5785,
        paid_at=paid_at,
        state="paid",
    )
    return replace(posted, **changes)


NOTHING_BILLED = {"bill_no": "", "period": "", "principal_fen": 0, "late_fee_fen": 0}
TAKEN = (
    taking("P9", "4200-b", MIDNIGHT),
    taking("P1", "4200-b", MIDNIGHT, acct_no=COMPANY, **NOTHING_BILLED),
    taking("P5", "4200-a", MIDNIGHT + 8 * SECOND, amount_fen=9999, state="refunded"),
    taking("P3", "4200-c", MIDNIGHT - SECOND),
    taking("P4", "4200-d", MIDNIGHT + DAY - SECOND, state="reversed"),
    taking("P2", "4200-e", MIDNIGHT + DAY),
    taking("P7", "4200-f", MIDNIGHT + 8 * SECOND),
)
BEFORE = taking("P0", "", MIDNIGHT + SECOND)
"""Of before the platform took payments: no number."""


@pytest.fixture(scope="module")
def exchange(shared_database_url: str) -> Iterator[Engine]:
    publish(shared_database_url, (), (), mobiles={})
    engine = create_engine(shared_database_url)
    with engine.begin() as connection:
        connection.execute(payments.insert(), [_paid(one) for one in TAKEN])
        elsewhere = taking("P6", "4200-a", MIDNIGHT + SECOND)
        connection.execute(payments.insert(), _paid(elsewhere) | {"channel": "alipay"})
        connection.execute(payments.insert(), _paid(BEFORE) | {"channel_txn_no": None})
        connection.execute(paid_bills.insert(), [_billed(one) for one in TAKEN if one.bill_no])
    yield engine
    engine.dispose()


def _paid(one: Taking) -> dict[str, object]:
    return {
        "pay_no": one.pay_no,
        "acct_no": one.acct_no,
        "channel": "wechat_account",
        "amount": Decimal(one.amount_fen).scaleb(-2),
        "paid_at": one.paid_at.replace(tzinfo=None),
        "state": one.state,
        "channel_txn_no": one.transaction_id,
    }


def _billed(one: Taking) -> dict[str, object]:
    return {
        "pay_no": one.pay_no,
        "bill_no": one.bill_no,
        "period": one.period,
        "principal": Decimal(one.principal_fen).scaleb(-2),
        "late_fee": Decimal(one.late_fee_fen).scaleb(-2),
    }


@pytest.fixture
def sql_takings(exchange: Engine) -> Iterator[SqlTakings]:
    with exchange.begin() as connection:
        connection.execute(delete(bill_locks))
    with closing(_open(exchange)) as opened:
        yield opened


def _open(exchange: Engine) -> SqlTakings:
    url = exchange.url.render_as_string(hide_password=False)
    return open_takings(url, pool_size=2, statement_timeout_s=20)


def locks(exchange: Engine) -> list[dict[str, Any]]:
    ordered = select(bill_locks).order_by(bill_locks.c.word, bill_locks.c.bill_no)
    with exchange.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(ordered)]


class TakingsContract:
    def test_what_csms_posted_is_found_by_wechat_s_number(self, takings: Takings) -> None:
        crowd = [f"4300-{number}" for number in range(1200)]
        found = takings.of_transactions(
            [*crowd, "4200-b", "4200-a", "4200-b", "", "x" * 99, "水\0"]
        )
        assert found == {"4200-b": (TAKEN[1], TAKEN[0]), "4200-a": (TAKEN[2],)}
        assert takings.of_transactions([]) == {}

    @pytest.mark.parametrize("limit", [1, 2, 3, 50])
    def test_a_day_s_payments_are_walked_in_the_order_they_were_paid(
        self, takings: Takings, limit: int
    ) -> None:
        found, after = list[Taking](), ""
        while page := takings.between(MIDNIGHT, MIDNIGHT + DAY, after, limit):
            assert len(page) <= limit
            found += page
            after = page[-1].pay_no
        assert [one.pay_no for one in found] == ["P1", "P9", "P5", "P7", "P4"]
        assert set(found) <= set(TAKEN)

    def test_a_day_without_payments_has_none(self, takings: Takings) -> None:
        assert takings.between(MIDNIGHT - 9 * DAY, MIDNIGHT - 8 * DAY, "", 10) == ()


class TestFakeTakings(TakingsContract):
    @pytest.fixture
    def takings(self) -> Takings:
        return FakeTakings((*TAKEN, BEFORE))

    def test_bills_are_locked_until_the_order_expires_or_is_released(self) -> None:
        takings = FakeTakings()
        takings.release(ORDER, AT)
        takings.lock(ORDER, AT)
        assert takings.locked_by(BILL.bill_no, AT) == (ORDER.order_no,)
        assert takings.locked_by(BILL.bill_no, ORDER.expires_at) == ()
        assert takings.locked_by("", AT) == ()
        takings.release(ORDER, AT)
        takings.lock(ORDER, AT)
        assert takings.locked_by(BILL.bill_no, AT) == ()


class TestSqlTakings(TakingsContract):
    @pytest.fixture
    def takings(self, sql_takings: SqlTakings) -> Takings:
        return sql_takings

    def test_each_bill_of_an_order_is_locked_with_its_amounts(
        self, takings: SqlTakings, exchange: Engine
    ) -> None:
        takings.lock(ORDER, AT)
        older, newer = locks(exchange)
        assert newer == {
            "order_no": ORDER.order_no,
            "bill_no": BILL.bill_no,
            "word": "lock",
            "amount": Decimal("56.70"),
            "late_fee": Decimal("0.00"),
            "at": datetime(2026, 11, 22, 9, 30, 5),  # noqa: DTZ001 - as CSMS keeps it
            "until": datetime(2026, 11, 22, 9, 45, 5),  # noqa: DTZ001
        }
        assert (older["amount"], older["late_fee"]) == (Decimal("0.10"), Decimal("1.15"))

    def test_a_prepayment_locks_nothing(self, takings: SqlTakings, exchange: Engine) -> None:
        takings.lock(replace(ORDER, items=(PREPAYMENT,)), AT)
        takings.release(replace(ORDER, items=(PREPAYMENT,)), AT)
        assert locks(exchange) == []

    def test_locking_again_changes_nothing(self, takings: SqlTakings, exchange: Engine) -> None:
        takings.lock(replace(ORDER, items=(BILL,)), AT)
        (first,) = locks(exchange)
        later = replace(ORDER, expires_at=ORDER.expires_at + DAY)
        takings.lock(later, AT + SECOND)
        assert first in locks(exchange)
        assert len(locks(exchange)) == 2

    def test_a_release_is_one_row_more_for_each_locked_bill(
        self, takings: SqlTakings, exchange: Engine
    ) -> None:
        takings.release(ORDER, AT)
        assert locks(exchange) == []
        takings.lock(ORDER, AT)
        locked = locks(exchange)
        for _ in range(2):
            takings.release(ORDER, AT + SECOND)
        at = (AT + SECOND).replace(tzinfo=None)
        assert locks(exchange) == [*locked, *({**r, "word": "release", "at": at} for r in locked)]

    def test_orders_do_not_touch_each_other_s_locks(
        self, takings: SqlTakings, exchange: Engine
    ) -> None:
        other = replace(ORDER, order_no="WD0")
        for order in (ORDER, other):
            takings.lock(order, AT)
        takings.release(other, AT)
        released = {row["order_no"] for row in locks(exchange) if row["word"] == "release"}
        assert released == {"WD0"}

    def test_of_many_workers_at_once_one_locks_and_all_succeed(
        self, takings: SqlTakings, exchange: Engine
    ) -> None:
        others = [_open(exchange) for _ in range(3)]
        with ThreadPoolExecutor(8) as pool:
            done = [pool.submit(one.lock, ORDER, AT) for one in (takings, *others) * 4]
            done += [pool.submit(one.release, ORDER, AT) for one in others]
        for one in others:
            one.close()
        assert [job.exception() for job in done] == [None] * len(done)
        assert len([row for row in locks(exchange) if row["word"] == "lock"]) == 2

    @pytest.mark.parametrize("change", [{"order_no": "W" * 33}, {"order_no": "水"}])
    def test_what_does_not_fit_is_refused_and_nothing_is_locked(
        self, takings: SqlTakings, exchange: Engine, change: dict[str, Any]
    ) -> None:
        with pytest.raises(Rejected, match=r"wx_bill_lock\.order_no"):
            takings.lock(replace(ORDER, **change), AT)
        assert locks(exchange) == []

    def test_it_is_seen_whether_the_tables_are_there(self, takings: SqlTakings) -> None:
        takings.ping()


@pytest.mark.parametrize(
    "statement",
    [
        queries.LOCKS,
        queries.OF_TRANSACTIONS,
        queries.first(9),
        queries.at_the_same_moment(9),
        queries.later(9),
        *queries.PROBES,
    ],
)
def test_the_statements_are_sql_server_s_too(statement: Select[Any]) -> None:
    written = str(statement.compile(dialect=new_dialect()))
    assert "LIMIT" not in written
    assert "OFFSET" not in written


@pytest.mark.parametrize("statement", [queries.first(9), queries.later(9)])
def test_a_page_of_payments_walks_an_index(exchange: Engine, statement: Select[Any]) -> None:
    if exchange.dialect.name != "sqlite":
        pytest.skip("the plan is SQLite's")
    given = {"since": AT, "until": AT, "after_no": "P1"}
    bound = statement.params(
        {name: given[name] for name in statement.compile().params if name in given}
    )
    written = bound.compile(exchange, compile_kwargs={"literal_binds": True})
    with exchange.connect() as connection:
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}")]
    assert any("cis_payment_day (channel=? AND paid_at>" in step for step in steps)
    # Of the page alone, with its bills.
    assert len([step for step in steps if "TEMP B-TREE" in step]) == 1
