"""What all tables of the platform's own database share: names of constraints, types of keys."""

from sqlalchemy import BigInteger, Integer, MetaData

from backends.records.columns import exact_text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

OPENID = exact_text(64)
ACCT_NO = exact_text(20)
BIG_KEY = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in a column declared INTEGER."""
