"""Asks a city: rows of a statement, and the accounts planted for a case."""

import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, String, create_engine, select, text, type_coerce

from sandbox.city.schema import metadata


def rows(city: Connection, statement: str, **values: object) -> list[Row[Any]]:
    return list(city.execute(text(statement), values))


def value(city: Connection, statement: str, **values: object) -> Any:
    return city.execute(text(statement), values).scalar_one()


def planted(city: Connection, case: str) -> list[str]:
    statement = 'SELECT acct_no FROM city_plant WHERE "case" = :name ORDER BY acct_no'
    found = [row.acct_no for row in rows(city, statement, name=case)]
    assert found, f"nothing planted for {case}"
    return found


def digest(url: str, tables: Iterable[str] = metadata.tables) -> dict[str, str]:
    """A fingerprint of each table: the same for the same rows, in whatever order they lie."""
    engine = create_engine(url)
    prints = {}
    with engine.connect() as connection:
        for name in tables:
            columns = metadata.tables[name].columns
            found = connection.execute(select(*(type_coerce(c, String) for c in columns)))
            lines = sorted(repr(tuple(row)) for row in found)
            prints[name] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    engine.dispose()
    return prints
