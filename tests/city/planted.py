"""Rows of the accounts planted for a case."""

from typing import Any

from sqlalchemy import Connection, Row, select

from sandbox.city.schema import metadata
from tests.city.reading import planted

T = metadata.tables


def bills_of(city: Connection, case: str) -> list[Row[Any]]:
    (acct_no,) = planted(city, case)
    statement = select(T["bill"]).where(T["bill"].c.acct_no == acct_no)
    return list(city.execute(statement.order_by(T["bill"].c.period, T["bill"].c.bill_no)))


def readings_of(city: Connection, case: str) -> list[Row[Any]]:
    (acct_no,) = planted(city, case)
    statement = select(T["reading"]).where(T["reading"].c.acct_no == acct_no)
    return list(city.execute(statement.order_by(T["reading"].c.period)))


def account_of(city: Connection, case: str) -> Row[Any]:
    (acct_no,) = planted(city, case)
    return city.execute(select(T["account"]).where(T["account"].c.acct_no == acct_no)).one()
