"""Days' trade bills and the list of differences: the same in memory as on each database."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.dialects.mssql import pyodbc

from backends.ports import ITSELF, Difference, Listed, Mismatch, Statements, Totals, TradeRow
from backends.records import differences, statement_rows
from backends.records.statements import NEWEST, open_statements
from backends.records.tables import statement_row
from tests.contract.requests import MINUTE, NOON
from tests.fakes import FakeStatements
from tests.reconciling.bills import given_back, paid

DAY = date(2026, 11, 25)
NEXT = DAY + timedelta(days=1)
LONG_AGO = DAY - timedelta(days=99)
FILE = "a" * 40
ROWS = (
    paid("WD3", 4392, row_no=1),
    paid("WD1", 500, row_no=2),
    given_back("WD1", "R1", 200, row_no=3),
    paid("WD2", 7, row_no=4),
)
TOTALS = Totals(3, 4899, 1, 200)
LONG = Difference(DAY, Mismatch.LONG, "WD9", "WD9", "4200WD9", theirs_fen=500, detail="没有订单")
SHORT = Difference(DAY, Mismatch.SHORT, "WD8", "WD8", ours_fen=7)


def staged(statements: Statements, day: date = DAY, rows: tuple[TradeRow, ...] = ROWS) -> None:
    statements.begin(day, FILE, TOTALS)
    assert statements.stage(day, FILE, 0, rows)


def numbers(rows: tuple[TradeRow, ...]) -> list[tuple[str, int]]:
    return [(row.order_no, row.row_no) for row in rows]


def listed(statements: Statements) -> dict[str, Listed]:
    return {one.difference.key: one for one in statements.differences(DAY, 10)}


class StatementsContract:
    def test_a_bill_is_taken_over_in_portions_each_once(self, statements: Statements) -> None:
        assert statements.statement(DAY) is None
        begun = statements.begin(DAY, FILE, TOTALS)
        assert (begun.totals, begun.staged, begun.is_staged) == (TOTALS, 0, False)
        assert statements.stage(DAY, FILE, 0, ROWS[:3])
        assert not statements.stage(DAY, FILE, 0, ROWS[:3])
        assert not statements.stage(DAY, "b" * 40, 3, ROWS[3:])
        assert statements.begin(DAY, FILE, TOTALS).staged == 3
        assert statements.stage(DAY, FILE, 3, ROWS[3:])
        assert statements.begin(DAY, FILE, TOTALS).is_staged
        assert statements.page(DAY, "", 9) == tuple(
            sorted(ROWS, key=lambda row: (row.order_no, row.row_no))
        )

    def test_pages_hold_all_rows_of_an_order(self, statements: Statements) -> None:
        staged(statements)
        first = statements.page(DAY, "", 2)
        assert numbers(first) == [("WD1", 2), ("WD1", 3), ("WD2", 4)]
        assert numbers(statements.page(DAY, "WD2", 2)) == [("WD3", 1)]
        assert statements.page(DAY, "WD3", 2) == ()
        assert statements.page(NEXT, "", 2) == ()

    def test_another_file_of_the_day_takes_the_place_of_the_first(
        self, statements: Statements
    ) -> None:
        staged(statements)
        statements.matched(DAY, statements.next_run(DAY), NOON)
        again = statements.begin(DAY, "b" * 40, Totals(1, 5))
        assert (again.staged, again.matched_at, again.run) == (0, None, 1)
        assert statements.stage(DAY, "b" * 40, 0, [paid("WD7", 5, row_no=1)])
        assert numbers(statements.page(DAY, "", 9)) == [("WD7", 1)]

    def test_what_was_paid_or_given_back_is_found_by_its_number(
        self, statements: Statements
    ) -> None:
        staged(statements)
        assert statements.paid_orders([DAY, NEXT], ["WD1", "WD3", "WD8"]) == {"WD1", "WD3"}
        assert statements.paid_orders([NEXT], ["WD1"]) == frozenset()
        assert statements.paid_transactions([DAY], ["4200WD2", "4200WD8"]) == {"4200WD2"}
        assert statements.refunded(["R1", "R2"]) == {"R1"}
        for nothing in (statements.paid_orders([DAY], []), statements.refunded([])):
            assert nothing == frozenset()

    def test_rows_go_when_they_have_served_and_refunds_later(self, statements: Statements) -> None:
        for day in (LONG_AGO, DAY, NEXT):
            staged(statements, day)
        for _ in range(9):
            if not statements.forget(
                payments_before=NEXT, refunds_before=LONG_AGO + timedelta(days=1)
            ):
                break
        assert [len(statements.page(day, "", 9)) for day in (LONG_AGO, DAY, NEXT)] == [0, 1, 4]
        assert statements.refunded(["R1"]) == {"R1"}
        again = statements.begin(DAY, FILE, TOTALS)
        assert (again.staged, again.is_staged) == (0, False)
        staged(statements)
        assert len(statements.page(DAY, "", 9)) == 4

    def test_a_difference_is_listed_once_and_settles_when_it_is_found_no_more(
        self, statements: Statements
    ) -> None:
        staged(statements)
        first = statements.next_run(DAY)
        statements.note(first, [LONG, SHORT], NOON)
        statements.matched(DAY, first, NOON)
        assert statements.counts() == {Mismatch.LONG: 1, Mismatch.SHORT: 1}
        second = statements.next_run(DAY)
        assert second == first + 1
        statements.note(second, [replace(LONG, theirs_fen=501)], NOON + MINUTE)
        statements.matched(DAY, second, NOON + MINUTE)
        found = listed(statements)
        assert (found["WD9"].difference, found["WD9"].found_at) == (
            replace(LONG, theirs_fen=501),
            NOON,
        )
        assert (found["WD8"].resolved_by, found["WD8"].resolved_at) == (ITSELF, NOON + MINUTE)
        assert statements.counts() == {Mismatch.LONG: 1}
        assert [one.difference.key for one in statements.differences(DAY, 10)] == ["WD9", "WD8"]

    def test_what_was_settled_at_once_is_never_open(self, statements: Statements) -> None:
        staged(statements)
        statements.note(1, [replace(LONG, settled="taken in")], NOON)
        (one,) = statements.differences(DAY, 10)
        assert (one.difference, one.note, one.resolved_by) == (LONG, "taken in", ITSELF)
        assert statements.open_differences(0, 10) == ()
        statements.note(2, [LONG], NOON + MINUTE)
        (again,) = statements.open_differences(0, 10)
        assert (again.found_at, again.resolved_by, again.note) == (NOON, "", "")
        statements.note(3, [replace(LONG, settled="taken in")], NOON + MINUTE)
        assert statements.counts() == {}

    def test_what_a_person_resolved_stays_so(self, statements: Statements) -> None:
        staged(statements)
        statements.note(1, [LONG, SHORT], NOON)
        first, second = statements.open_differences(0, 10)
        assert statements.open_differences(first.difference_id, 10) == (second,)
        assert statements.resolve(first.difference_id, "wang", "已核对", NOON + MINUTE)
        assert not statements.resolve(first.difference_id, "li", "", NOON + MINUTE)
        assert not statements.resolve(999, "li", "", NOON)
        statements.note(2, [LONG, SHORT], NOON + 2 * MINUTE)
        statements.matched(DAY, 2, NOON + 2 * MINUTE)
        kept = listed(statements)["WD9"]
        assert (kept.resolved_by, kept.note) == ("wang", "已核对")
        assert statements.counts() == {Mismatch.SHORT: 1}

    def test_of_two_comparisons_at_once_none_settles_what_the_other_sees(
        self, statements: Statements
    ) -> None:
        staged(statements)
        first, second = statements.next_run(DAY), statements.next_run(DAY)
        statements.note(second, [LONG], NOON)
        statements.note(first, [LONG], NOON)
        statements.matched(DAY, first, NOON)
        statements.matched(DAY, second, NOON)
        assert statements.counts() == {Mismatch.LONG: 1}

    def test_days_are_known_newest_first_and_those_that_are_done(
        self, statements: Statements
    ) -> None:
        for day in (DAY, NEXT):
            statements.begin(day, "", Totals())
        statements.matched(DAY, statements.next_run(DAY), NOON)
        newest, older = statements.statements(5)
        assert (newest.day, older.day, older.matched_at) == (NEXT, DAY, NOON)
        assert newest.is_staged
        assert statements.statements(1) == (newest,)
        assert statements.matched_days(DAY) == {DAY}
        assert statements.matched_days(NEXT) == frozenset()

    def test_numbers_that_differ_only_in_case_are_two(self, statements: Statements) -> None:
        rows = (paid("wd1", 1, row_no=1), paid("WD1", 2, row_no=2))
        statements.begin(DAY, FILE, Totals(2, 3))
        assert statements.stage(DAY, FILE, 0, rows)
        assert statements.paid_orders([DAY], ["wd1"]) == {"wd1"}


class TestInMemory(StatementsContract):
    @pytest.fixture
    def statements(self) -> FakeStatements:
        return FakeStatements()


class TestInSql(StatementsContract):
    @pytest.fixture
    def statements(self, upgraded_url: str) -> Iterator[Statements]:
        with closing(open_statements(upgraded_url, pool_size=2, statement_timeout_s=20)) as opened:
            yield opened


def test_many_rows_go_in_portions(upgraded_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_rows, "GONE_AT_ONCE", 2)
    with closing(open_statements(upgraded_url, pool_size=1, statement_timeout_s=20)) as statements:
        staged(statements)
        assert statements.forget(NEXT, LONG_AGO)
        kept = statements.statement(DAY)
        assert kept is not None
        while statements.forget(NEXT, LONG_AGO):
            pass
        assert numbers(statements.page(DAY, "", 9)) == [("WD1", 3)]


def test_the_statements_compile_for_sql_server() -> None:
    for statement in (
        *(NEWEST.limit(3), statement_rows._last_of_page(5), statement_rows._PAGE),
        *(statement_rows._BEYOND, differences._OPEN.limit(2), differences._OF_DAY.limit(2)),
    ):
        assert str(statement.compile(dialect=pyodbc.dialect()))  # type: ignore[no-untyped-call]


def test_only_payments_and_refunds_that_are_needed_remain(upgraded_url: str) -> None:
    with closing(open_statements(upgraded_url, pool_size=1, statement_timeout_s=20)) as statements:
        staged(statements, LONG_AGO)
        while statements.forget(NEXT, NEXT):
            pass
    engine = create_engine(upgraded_url)
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(statement_row)).scalar() == 0
    engine.dispose()
