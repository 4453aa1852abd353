"""What the office's routes share: entries out of a body, answers into JSON, the time."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine

from sandbox.context import here
from sandbox.control_body import body, text
from sandbox.office.errors import BadEntry

EngineFactory = Callable[[], Engine]


def now() -> datetime:
    return here().world.clock.moment()


def whole(name: str, default: int | None = None) -> int:
    value = body().get(name, default)
    if type(value) is not int:
        raise BadEntry(f"{name} 应为整数")
    return value


def day(name: str) -> date | None:
    """None where nothing was entered."""
    entered = text(name)
    try:
        return date.fromisoformat(entered) if entered else None
    except ValueError:
        raise BadEntry(f"{name} 应为日期，如 2026-12-01") from None


def as_object(value: Any) -> dict[str, Any]:
    found = plain(value)
    assert isinstance(found, dict)  # noqa: S101 - of a dataclass
    return found


def plain(value: Any) -> Any:
    """Dataclasses as JSON: amounts and volumes as text, times as CSMS keeps them."""
    if hasattr(value, "__dataclass_fields__"):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
