"""With the indexes that docs/contracts/csms.md asks for, no statement walks through a table."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Select, create_engine

from backends.csms import due_queries, holder_queries, meter_queries, queries, request_queries
from tests.contract.city import ACCOUNTS, BILLS, DETAILS, MOBILES
from tests.contract.exchange import publish

GIVEN = {
    "acct_no": "0100000017",
    "acct_nos": ["0100000017", "0100000025"],
    "bill_nos": ["B1", "B2"],
    "since_period": "2025-11",
    "since": "2026-01-01",
    "request_no": "W1",
    "after": 7,
    "after_no": "B1",
    "on": "2026-10-25",
}
STATEMENTS = {
    f"{module.__name__.split('.')[-1]} {name} {position}": statement
    for module in (queries, meter_queries, holder_queries, request_queries)
    for name, value in vars(module).items()
    for position, statement in enumerate(value if isinstance(value, tuple) else (value,))
    if isinstance(statement, Select) and not name.startswith("_")
}
LISTS = {
    "BILLS_DUE": due_queries.bills_due(50),
    **{
        name: statement.limit(50)
        for name, statement in vars(due_queries).items()
        if isinstance(statement, Select) and not name.startswith("_")
    },
}
STATEMENTS |= {f"due_queries {name}": statement for name, statement in LISTS.items()}
SORTED_FROM_AN_INDEX = [f"due_queries {name}" for name in LISTS if name != "BILLS_DUE"]


@pytest.fixture(scope="module")
def exchange(shared_database_url: str) -> Iterator[Connection]:
    publish(shared_database_url, ACCOUNTS, BILLS, mobiles=MOBILES, details=DETAILS)
    engine = create_engine(shared_database_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_no_statement_is_overlooked() -> None:
    assert len(STATEMENTS) == 39


@pytest.mark.parametrize("name", STATEMENTS)
def test_each_statement_probes_indexes(exchange: Connection, name: str) -> None:
    walked = {"sqlite": _walked_by_sqlite, "postgresql": _walked_by_postgresql}
    if exchange.dialect.name not in walked:
        pytest.skip(f"how {exchange.dialect.name} explains its plans is not read here")
    assert walked[exchange.dialect.name](exchange, STATEMENTS[name]) == []


@pytest.mark.parametrize("name", SORTED_FROM_AN_INDEX)
def test_what_is_due_comes_in_the_order_of_its_index(exchange: Connection, name: str) -> None:
    """Sorting would read all that is due that day for each page of it."""
    if exchange.dialect.name != "sqlite":
        pytest.skip("in tables as small as these PostgreSQL may find sorting cheaper")
    steps = [r.detail for r in _explained(exchange, "EXPLAIN QUERY PLAN", STATEMENTS[name])]
    assert [step for step in steps if "B-TREE" in step] == []


def _walked_by_sqlite(exchange: Connection, statement: Select[*tuple[Any, ...]]) -> list[str]:
    steps = [row.detail for row in _explained(exchange, "EXPLAIN QUERY PLAN", statement)]
    assert any(step.startswith("SEARCH") for step in steps)
    return [step for step in steps if re.match("SCAN (wx|cis)_", step)]


def _walked_by_postgresql(exchange: Connection, statement: Select[*tuple[Any, ...]]) -> list[str]:
    """In tables as small as these it would walk, had it the choice."""
    exchange.exec_driver_sql("SET enable_seqscan = off")
    steps = [row[0] for row in _explained(exchange, "EXPLAIN", statement)]
    conditions = [step for step in steps if "Index Cond" in step]
    assert conditions, steps
    return [step for step in steps if "Seq Scan" in step]


def _explained(exchange: Connection, how: str, statement: Select[*tuple[Any, ...]]) -> list[Any]:
    state = statement.compile(exchange).construct_expanded_state(GIVEN)
    named = state.positiontup is None
    values: Any = state.parameters if named else tuple(state.positional_parameters)
    return list(exchange.exec_driver_sql(f"{how} {state.statement}", values))
