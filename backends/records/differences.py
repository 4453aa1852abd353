"""The list of differences between WeChat's trade bills, our orders and CSMS.

A comparison finds anew what it found before; what it does not find again settles itself.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, insert, select, update

from backends.ports import ITSELF, Difference, Listed, Mismatch
from backends.records.pushes.rows import AnyRow
from backends.records.tables import difference
from backends.records.tables_statements import MOST_DETAIL, MOST_NAME

EXPLAINED = "found no more"
LOOKED_UP_AT_ONCE = 500

_KNOWN = select(difference).where(
    difference.c.day == bindparam("day"),
    difference.c.mismatch == bindparam("mismatch"),
    difference.c.diff_key.in_(bindparam("keys", expanding=True)),
)
_IS_OPEN = difference.c.resolved_at.is_(None)
_OPEN = (
    select(difference)
    .where(_IS_OPEN, difference.c.id > bindparam("after"))
    .order_by(difference.c.id)
)
_OF_DAY = (
    select(difference)
    .where(difference.c.day == bindparam("day"))
    .order_by(case((_IS_OPEN, 0), else_=1), difference.c.id)
)
_COUNTS = (
    select(difference.c.mismatch, func.count()).where(_IS_OPEN).group_by(difference.c.mismatch)
)

_Key = tuple[date, str, str]


def note(connection: Connection, run: int, found: Sequence[Difference], now: datetime) -> None:
    wanted = {(one.day, one.mismatch.value, one.key): one for one in found}
    known = _known(connection, list(wanted))
    if new := [_new(one, run, now) for key, one in wanted.items() if key not in known]:
        connection.execute(insert(difference), new)
    for key, row in known.items():
        _see_again(connection, row, wanted[key], run, now)


def settle_unseen(connection: Connection, day: date, run: int, now: datetime) -> None:
    unseen = update(difference).where(difference.c.day == day, _IS_OPEN, difference.c.run < run)
    connection.execute(unseen.values(_resolved(ITSELF, EXPLAINED, now)))


def resolve(connection: Connection, number: int, by: str, why: str, now: datetime) -> bool:
    still_open = update(difference).where(difference.c.id == number, _IS_OPEN)
    return connection.execute(still_open.values(_resolved(by, why, now))).rowcount > 0


def open_ones(connection: Connection, after: int, limit: int) -> tuple[Listed, ...]:
    return tuple(map(_to_listed, connection.execute(_OPEN.limit(limit), {"after": after})))


def of_day(connection: Connection, day: date, limit: int) -> tuple[Listed, ...]:
    return tuple(map(_to_listed, connection.execute(_OF_DAY.limit(limit), {"day": day})))


def counts(connection: Connection) -> Mapping[Mismatch, int]:
    return {Mismatch(name): count for name, count in connection.execute(_COUNTS)}


def _known(connection: Connection, keys: Sequence[_Key]) -> Mapping[_Key, AnyRow]:
    found = dict[_Key, AnyRow]()
    for day, mismatch in dict.fromkeys(key[:2] for key in keys):
        its = [key[2] for key in keys if key[:2] == (day, mismatch)]
        for start in range(0, len(its), LOOKED_UP_AT_ONCE):
            named = {"day": day, "mismatch": mismatch, "keys": its[start:][:LOOKED_UP_AT_ONCE]}
            for row in connection.execute(_KNOWN, named):
                found[row.day, row.mismatch, row.diff_key] = row
    return found


def _see_again(
    connection: Connection, row: AnyRow, found: Difference, run: int, now: datetime
) -> None:
    """Amounts and detail are those of the last look; what a person resolved stays as it was."""
    values = {**_amounts(found), "run": max(run, row.run)}
    by_itself = row.resolved_at is not None and row.resolved_by == ITSELF
    if found.settled and row.resolved_at is None:
        values |= _resolved(ITSELF, found.settled, now)
    elif by_itself and not found.settled:
        values |= {"resolved_at": None, "resolved_by": "", "note": ""}
    elif row.resolved_at is not None:
        values = {"run": values["run"]}
    connection.execute(update(difference).where(difference.c.id == row.id).values(values))


def _new(found: Difference, run: int, now: datetime) -> dict[str, Any]:
    unresolved = {"resolved_at": None, "resolved_by": "", "note": ""}
    return {
        "day": found.day,
        "mismatch": found.mismatch.value,
        "diff_key": found.key,
        "order_no": found.order_no,
        "transaction_id": found.transaction_id,
        "run": run,
        "found_at": now,
        **_amounts(found),
        **(_resolved(ITSELF, found.settled, now) if found.settled else unresolved),
    }


def _amounts(found: Difference) -> dict[str, Any]:
    return {
        "ours_fen": found.ours_fen,
        "theirs_fen": found.theirs_fen,
        "csms_fen": found.csms_fen,
        "detail": found.detail[:MOST_DETAIL],
    }


def _resolved(by: str, why: str, now: datetime) -> dict[str, Any]:
    return {"resolved_at": now, "resolved_by": by[:MOST_NAME], "note": why[:MOST_DETAIL]}


def _to_listed(row: AnyRow) -> Listed:
    found = Difference(
        day=row.day,
        mismatch=Mismatch(row.mismatch),
        key=row.diff_key,
        order_no=row.order_no,
        transaction_id=row.transaction_id,
        ours_fen=row.ours_fen,
        theirs_fen=row.theirs_fen,
        csms_fen=row.csms_fen,
        detail=row.detail,
    )
    return Listed(row.id, found, row.found_at, row.resolved_at, row.resolved_by, row.note)
