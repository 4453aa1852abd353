"""Reading the control API's requests: what does not fit is a BadRequest in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import request

from sandbox.clock import SHANGHAI


class BadRequest(ValueError):
    pass


def body() -> Mapping[str, Any]:
    """The JSON object of the request; none at all counts as empty."""
    if not request.get_data():
        return {}
    parsed = request.get_json(force=True, silent=True)
    if not isinstance(parsed, dict):
        raise BadRequest("the body must be a JSON object")
    return parsed


def text(name: str, default: str = "") -> str:
    value = body().get(name, default)
    if not isinstance(value, str):
        raise BadRequest(f"{name} must be text")
    return value


def moment(name: str) -> datetime:
    """ISO 8601; without an offset, as an input of a page gives it, it is Shanghai's. ValueError."""
    entered = datetime.fromisoformat(text(name))
    return entered if entered.tzinfo else entered.replace(tzinfo=SHANGHAI)


def number(value: object, name: str, low: float, high: float) -> float:
    if not isinstance(value, int | float) or not low <= value <= high:
        raise BadRequest(f"{name} must be a number from {low:g} to {high:g}")
    return float(value)


def number_in_query(name: str, default: float, high: float) -> float:
    try:
        value = float(request.args.get(name, default))
    except ValueError as error:
        raise BadRequest(f"{name} must be a number") from error
    return number(value, name, 0, high)
