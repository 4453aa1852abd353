"""What staff see on their desk: the queue with its photos, the visits, and the events told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, Row, Select, select

from sandbox.city.schema import (
    metadata,
    request_state,
    visit,
    wx_event,
    wx_request,
    wx_request_file,
)
from sandbox.office.errors import NoSuchThing
from sandbox.office.papers import content
from sandbox.office.takings import WAITING

T = metadata.tables
MOST = 200


@dataclass(frozen=True, slots=True)
class QueuedPhoto:
    """`url` is the server's own link, which expires."""

    photo_id: str
    mime: str
    url: str


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A request with what staff compare it with: the account's last reading and its meter."""

    request_no: str
    kind: str
    acct_no: str
    state: str
    remark: str
    created_at: datetime
    payload: Mapping[str, Any]
    owner_name: str
    address: str
    meter_code: str
    last_value: int | None
    last_read_on: date | None
    photos: tuple[QueuedPhoto, ...]


@dataclass(frozen=True, slots=True)
class Dial:
    """What an account's meter showed last; `last_value` in whole m³."""

    acct_no: str
    owner_name: str
    meter_code: str
    digits: int
    last_value: int
    last_read_on: date


@dataclass(frozen=True, slots=True)
class VisitEntry:
    visit_no: str
    acct_no: str
    reason: str
    state: str
    on: date | None
    band: str
    reschedules: int


@dataclass(frozen=True, slots=True)
class ToldEvent:
    event_id: int
    kind: str
    at: datetime
    acct_no: str
    request_no: str
    ext_no: str
    data: Mapping[str, Any]


def queue(
    engine: Engine, *, states: Sequence[str] = (WAITING,), limit: int = MOST
) -> tuple[QueueEntry, ...]:
    """Oldest first; no `states` means all."""
    with engine.connect() as connection:
        rows = connection.execute(_queued(states).limit(limit)).all()
        photos: dict[str, list[QueuedPhoto]] = defaultdict(list)
        listed = wx_request_file.c.request_no.in_([row.request_no for row in rows])
        files = select(wx_request_file).where(listed).order_by(wx_request_file.c.file_no)
        for file in connection.execute(files):
            photos[file.request_no].append(QueuedPhoto(file.photo_id, file.mime, file.url))
    return tuple(_entry(row, tuple(photos[row.request_no])) for row in rows)


def visits(
    engine: Engine, *, states: Sequence[str] = ("booked", "due"), limit: int = MOST
) -> tuple[VisitEntry, ...]:
    """Booked ones by their day, then those due, newest first."""
    order = (visit.c.state, visit.c.slot_on, visit.c.visit_id.desc())
    found = select(visit).where(visit.c.state.in_(states)).order_by(*order).limit(limit)
    with engine.connect() as connection:
        return tuple(
            VisitEntry(
                row.visit_no,
                row.acct_no,
                row.reason,
                row.state,
                row.slot_on,
                row.band or "",
                row.reschedules,
            )
            for row in connection.execute(found)
        )


def dial(engine: Engine, acct_no: str) -> Dial:
    account, meter = T["account"], T["meter"]
    found = (
        select(account, meter.c.barcode, meter.c.digits)
        .join(meter, meter.c.meter_id == account.c.meter_id)
        .where(account.c.acct_no == acct_no)
    )
    with engine.connect() as connection:
        row = connection.execute(found).one_or_none()
    if row is None:
        raise NoSuchThing(f"没有户号 {acct_no}，或它没有在用的水表")
    return Dial(
        acct_no=row.acct_no,
        owner_name=row.owner_name or "",
        meter_code=row.barcode,
        digits=row.digits,
        last_value=row.last_read_l // 1000,
        last_read_on=row.last_read_on,
    )


def events(engine: Engine, *, after: int = 0, limit: int = MOST) -> tuple[ToldEvent, ...]:
    found = select(wx_event).where(wx_event.c.event_id > after).order_by(wx_event.c.event_id)
    with engine.connect() as connection:
        return tuple(
            ToldEvent(
                row.event_id,
                row.kind,
                row.at,
                row.acct_no or "",
                row.request_no or "",
                row.ext_no or "",
                content(row.data),
            )
            for row in connection.execute(found.limit(limit))
        )


def _queued(states: Sequence[str]) -> Select[*tuple[Any, ...]]:
    account, meter = T["account"], T["meter"]
    statement = (
        select(
            wx_request,
            request_state.c.state,
            request_state.c.remark,
            account.c.owner_name,
            account.c.address,
            account.c.last_read_l,
            account.c.last_read_on,
            meter.c.barcode,
        )
        .join(request_state, request_state.c.request_no == wx_request.c.request_no)
        .outerjoin(account, account.c.acct_no == wx_request.c.acct_no)
        .outerjoin(meter, meter.c.meter_id == account.c.meter_id)
        .order_by(wx_request.c.created_at, wx_request.c.request_no)
    )
    return statement.where(request_state.c.state.in_(states)) if states else statement


def _entry(row: Row[Any], photos: tuple[QueuedPhoto, ...]) -> QueueEntry:
    return QueueEntry(
        request_no=row.request_no,
        kind=row.kind,
        acct_no=row.acct_no or "",
        state=row.state,
        remark=row.remark,
        created_at=row.created_at,
        payload=content(row.payload),
        owner_name=row.owner_name or "",
        address=row.address or "",
        meter_code=row.barcode or "",
        last_value=None if row.last_read_l is None else row.last_read_l // 1000,
        last_read_on=row.last_read_on,
        photos=photos,
    )
