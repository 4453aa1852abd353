"""Held against each other: what the ledger says became of each push, and what the platform did."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text

from tests.load.pushes.manner import Manner, window_is_open
from tests.load.pushes.world import Plan, World

TAKEN = ("accepted", "delivered")
# Whether WeChat had it nobody could tell: then it waits where reading it twice does no harm.
UNSURE = ("no_answer", "unsure", "broken")
_ROWS = text("SELECT openid, view_values, state, reason FROM notification")


@dataclass(frozen=True)
class Row:
    openid: str
    period: str
    state: str
    reason: str


def rows(world: World) -> list[Row]:
    with world.records.connect() as connection:
        return [
            Row(openid, json.loads(view)["period"], state, reason)
            for openid, view, state, reason in connection.execute(_ROWS)
        ]


def still_open(world: World) -> int:
    asked = text("SELECT count(*) FROM notification WHERE state IN ('planned', 'claimed')")
    with world.records.connect() as connection:
        return int(connection.execute(asked).scalar_one())


def problems(world: World, plan: Plan) -> list[str]:
    """Empty when every citizen who can be reached got each push exactly once, and each of the
    others' has a reason."""
    carried_out = world.counts()["carried_out"]
    found = list[str]()
    for row in rows(world):
        times = _times(carried_out.get(row.openid, {}), row.period)
        if why := wrong(row, times, plan.manner):
            found.append(f"{row.openid} {row.period} {row.state} {row.reason}, sent {times}: {why}")
    return found


def wrong(row: Row, times: int, manner: Manner) -> str:
    if row.state in TAKEN:
        return "" if times == 1 else "taken, so once is right"
    if row.state != "kept":
        return "neither sent nor kept"
    if not row.reason:
        return "without a reason"
    if _can_be_reached(row.openid, manner) and row.reason not in UNSURE:
        return "could have been reached"
    return "" if times <= (row.reason in UNSURE) else "kept, and yet sent"


def _can_be_reached(openid: str, manner: Manner) -> bool:
    return window_is_open(openid) or not manner.lasting_error(openid)


def _times(contents: Mapping[str, int], period: str) -> int:
    """The period is in the card and in the text."""
    year, month = period.split("-")
    marks = (period, f"{year}年{int(month)}月")
    return sum(times for content, times in contents.items() if any(m in content for m in marks))


def summary(world: World) -> str:
    counts = world.counts()
    states = Counter((row.state, row.reason) for row in rows(world))
    lines = [f"{count:>8,}  {state} {reason}" for (state, reason), count in sorted(states.items())]
    refused = ", ".join(f"{code}: {count}" for code, count in sorted(counts["refused"].items()))
    known = f"{counts['calls']:,} calls, {counts['repeated']} repeated, {counts['lost']} lost"
    return "\n".join([*lines, f"{known}, refused {refused}"])
