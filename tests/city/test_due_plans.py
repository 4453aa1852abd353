"""What is due is found by its day, not by walking through the city."""

import pytest
from sqlalchemy import Connection, Select

from backends.csms import due_queries

GIVEN = {
    "after_no": "B1",
    "on": "2026-11-24",
    "since": "2026-11-19 00:00:00.000000",
}
INDEXES = {
    "bills_due": ["ix_bill_due"],
    "BILLS_OPENED": ["ix_bill_opened"],
    "BILLS_OPENED_WITH": ["ix_bill_opened", "ux_bill_no"],
    "BILLS_OPENED_AFTER": ["ix_bill_opened", "ux_bill_no"],
    "METERS_TO_READ": ["ix_route_calendar_day", "ix_account_route"],
    "VISITS_DUE": ["ix_visit_state"],
    "VISITS_ON": ["ix_visit_day"],
    "SPOT_CHECKS_OPEN": ["ix_spot_check_state"],
}
CLOSING = ("d", "billing_day")
"""One row: the day of the last nightly closing."""


@pytest.mark.parametrize("name", INDEXES)
def test_each_list_is_read_along_its_index(anywhere: Connection, name: str) -> None:
    if anywhere.dialect.name not in ("sqlite", "postgresql"):
        pytest.skip(f"how {anywhere.dialect.name} explains its plans is not read here")
    plan = _plan(anywhere, _statement(name))
    assert [step for step in plan if _is_walk(step)] == []
    if anywhere.dialect.name == "sqlite":
        assert [index for index in INDEXES[name] if index not in "\n".join(plan)] == []


def _statement(name: str) -> Select[tuple[object, ...]]:
    if name == "bills_due":
        return due_queries.bills_due(50)
    statement: Select[tuple[object, ...]] = getattr(due_queries, name).limit(50)
    return statement


def _plan(city: Connection, statement: Select[tuple[object, ...]]) -> list[str]:
    state = statement.compile(city).construct_expanded_state(GIVEN)
    if city.dialect.name == "sqlite":
        explained = f"EXPLAIN QUERY PLAN {state.statement}"
        return [
            row[3] for row in city.exec_driver_sql(explained, tuple(state.positional_parameters))
        ]
    # So small a city is walked through faster than it is searched.
    city.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return [row[0] for row in city.exec_driver_sql(f"EXPLAIN {state.statement}", state.parameters)]


def _is_walk(step: str) -> bool:
    """`anon_` is a page that was found already."""
    words = step.split()
    if "Seq Scan on" in step:
        return words[words.index("on") + 1] not in CLOSING
    return words[0] == "SCAN" and words[1] not in CLOSING and not words[1].startswith("anon_")
