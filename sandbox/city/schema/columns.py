"""The kinds of column the city's tables are made of, and the MetaData that holds the tables.

Money is whole fen and volume whole litres: sums and tier arithmetic stay exact on SQLite too, which
has no decimal type. The views (views.py) show yuan and m³. Times are local (Asia/Shanghai).
"""

from datetime import date, datetime

from sqlalchemy import CHAR, Column, Date, DateTime, Integer, MetaData, String, Unicode

metadata = MetaData()


def key(name: str) -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


def whole(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null)


def word(name: str, length: int = 16, *, null: bool = False) -> Column[str]:
    return Column(name, String(length), nullable=null)


def text(name: str, length: int, *, null: bool = False) -> Column[str]:
    return Column(name, Unicode(length), nullable=null)


def acct() -> Column[str]:
    return Column("acct_no", CHAR(10), nullable=False)


def day(name: str, *, null: bool = False) -> Column[date]:
    return Column(name, Date, nullable=null)


def moment(name: str) -> Column[datetime]:
    return Column(name, DateTime, nullable=False)


def char(name: str, length: int) -> Column[str]:
    return Column(name, CHAR(length), nullable=False)
