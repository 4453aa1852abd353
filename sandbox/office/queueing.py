"""The queue: requests with their photos, and with what staff compare them with."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, func, select

from sandbox.city.schema import metadata, request_state, wx_request, wx_request_file
from sandbox.office.connections import StageReached, stages
from sandbox.office.filings import CONNECTION, documents_of
from sandbox.office.holders import owed_by, real_names
from sandbox.office.papers import content, kind_of
from sandbox.office.private import opened, shown
from sandbox.office.standing import WAITING

T = metadata.tables
MOST = 200


@dataclass(frozen=True, slots=True)
class QueuedPhoto:
    """`url` is the server's own link, which expires; `document` what the citizen says it shows, ''
    where nobody asked."""

    photo_id: str
    mime: str
    url: str
    document: str


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """`private` is masked for the screen. Of the account: its last reading and its meter, whose
    real name is on file ('' for nobody's), and what is owed. `stages`: of a connection."""

    request_no: str
    kind: str
    acct_no: str
    state: str
    remark: str
    created_at: datetime
    payload: Mapping[str, Any]
    private: Mapping[str, str]
    owner_name: str
    address: str
    meter_code: str
    last_value: int | None
    last_read_on: date | None
    real_name: str
    owed: Decimal
    stages: tuple[StageReached, ...]
    photos: tuple[QueuedPhoto, ...]


@dataclass(frozen=True, slots=True)
class _Beside:
    """What belongs to the listed requests, found at once for all of them."""

    files: Mapping[str, Sequence[Row[Any]]]
    real_names: Mapping[str, str]
    owed: Mapping[str, Decimal]
    stages: Mapping[str, tuple[StageReached, ...]]


def queue(
    engine: Engine,
    *,
    states: Collection[str] = (WAITING,),
    kinds: Collection[str] = (),
    limit: int = MOST,
) -> tuple[QueueEntry, ...]:
    """Oldest first; no `states` means all, no `kinds` too."""
    with engine.connect() as connection:
        rows = connection.execute(_queued(states, kinds).limit(limit)).all()
        beside = _beside(connection, rows)
        return tuple(_entry(connection, row, beside) for row in rows)


def _queued(states: Collection[str], kinds: Collection[str]) -> Select[*tuple[Any, ...]]:
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
    if states:
        statement = statement.where(request_state.c.state.in_(states))
    return statement.where(func.lower(wx_request.c.kind).in_(kinds)) if kinds else statement


def _beside(connection: Connection, rows: Sequence[Row[Any]]) -> _Beside:
    numbers = [row.request_no for row in rows]
    accounts = {row.acct_no for row in rows if row.acct_no}
    connections = [row.request_no for row in rows if kind_of(row) == CONNECTION]
    files: dict[str, list[Row[Any]]] = defaultdict(list)
    listed = wx_request_file.c.request_no.in_(numbers)
    for file in connection.execute(
        select(wx_request_file).where(listed).order_by(wx_request_file.c.file_no)
    ):
        files[file.request_no].append(file)
    return _Beside(
        files=files,
        real_names=real_names(connection, accounts),
        owed=owed_by(connection, accounts),
        stages=stages(connection, connections) if connections else {},
    )


def _entry(connection: Connection, row: Row[Any], beside: _Beside) -> QueueEntry:
    payload, acct_no = content(row.payload), row.acct_no or ""
    return QueueEntry(
        request_no=row.request_no,
        kind=row.kind,
        acct_no=acct_no,
        state=row.state,
        remark=row.remark,
        created_at=row.created_at,
        payload=payload,
        private=shown(opened(connection, row.private)),
        owner_name=row.owner_name or "",
        address=row.address or "",
        meter_code=row.barcode or "",
        last_value=None if row.last_read_l is None else row.last_read_l // 1000,
        last_read_on=row.last_read_on,
        real_name=beside.real_names.get(acct_no, ""),
        owed=beside.owed.get(acct_no, Decimal(0)),
        stages=beside.stages.get(row.request_no, ()),
        photos=_photos(beside.files.get(row.request_no, ()), documents_of(payload)),
    )


def _photos(files: Sequence[Row[Any]], documents: Sequence[str]) -> tuple[QueuedPhoto, ...]:
    shows = dict(enumerate(documents))
    return tuple(
        QueuedPhoto(file.photo_id, file.mime, file.url, shows.get(at, ""))
        for at, file in enumerate(files)
    )
