"""What the website says of the water of one plant or point on its latest day. It is never judged
here: “all well” needs a value and the website's own word for every item.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from backends.ports import QualityValue

KINDS = ("plant", "network", "tap")
GOOD, EXCEEDED, INCOMPLETE = "good", "exceeded", "incomplete"


def points(values: Iterable[QualityValue]) -> list[list[QualityValue]]:
    """The values by plant and kind: finished water first, then as it reaches the tap."""
    ordered = sorted(values, key=_order)
    return [list(group) for _, group in groupby(ordered, key=_order)]


def name(report: Sequence[QualityValue]) -> str:
    """Tells the points apart; survives a new day."""
    return f"{report[0].plant}/{report[0].kind}"


def verdict(report: Sequence[QualityValue]) -> str:
    if any(one.ok is False for one in report):
        return EXCEEDED
    return GOOD if all(map(_is_whole, report)) else INCOMPLETE


def whole(report: Sequence[QualityValue]) -> dict[str, Any]:
    return {
        "plant": report[0].plant,
        "kind": report[0].kind,
        "on": report[0].on.isoformat(),
        "verdict": verdict(report),
        "exceeded": [one.item for one in report if one.ok is False],
        "missing": [one.item for one in report if not one.value],
        "unsaid": [one.item for one in report if one.value and one.ok is None],
        "lines": [_line(one) for one in report],
        "url": next((one.source_url for one in report if one.source_url), ""),
    }


def _line(value: QualityValue) -> dict[str, Any]:
    return {
        "item": value.item,
        "value": value.value,
        "unit": value.unit,
        "limit": value.limit,
        "exceeded": value.ok is False,
    }


def _is_whole(value: QualityValue) -> bool:
    return bool(value.value) and value.ok is True


def _order(value: QualityValue) -> tuple[str, int]:
    return value.plant, KINDS.index(value.kind)
