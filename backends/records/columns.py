"""Column types that mean the same on SQLite, PostgreSQL and SQL Server."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.dialects import mssql
from sqlalchemy.types import TypeDecorator, TypeEngine

SHANGHAI = ZoneInfo("Asia/Shanghai")


class UtcTime(TypeDecorator[datetime]):
    """Stored as UTC without a zone, answered aware in Asia/Shanghai."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQL Server's DATETIME knows only every third millisecond."""
        if dialect.name != "mssql":
            return dialect.type_descriptor(DateTime())
        return dialect.type_descriptor(mssql.DATETIME2(6))  # type: ignore[no-untyped-call]

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC).astimezone(SHANGHAI)


def exact_text(length: int) -> TypeEngine[str]:
    """ASCII keys compared byte by byte: SQL Server's usual collations take openids that differ
    only in case for the same."""
    return String(length).with_variant(
        mssql.VARCHAR(length, collation="Latin1_General_BIN2"), "mssql"
    )


LongText = Text().with_variant(mssql.NVARCHAR(None), "mssql")
"""SQL Server's NTEXT is deprecated, and cannot be compared or searched."""


class JsonText(TypeDecorator[Any]):
    """JSON as text, which every database keeps as it is given."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return mssql.NVARCHAR(None) if dialect.name == "mssql" else Text()

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)
