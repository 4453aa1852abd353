"""`Desk` of the ports over the exchange database: requests go in as rows, events come out as rows.

Constructed by the worker through `open_csms_desk`; safe to share between threads. Writes nothing
but new rows of `wx_request` and `wx_request_file`.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import Connection, insert

from backends.csms import request_queries as queries
from backends.csms.cells import AnyRow, code, given, local, moment, text
from backends.csms.fitting import SYSTEM, check, does_not_fit
from backends.csms.private import fernet_of, sealed
from backends.csms.request_tables import request, request_file
from backends.database import Database, open_database
from backends.errors import Rejected
from backends.ports import OutsideEvent, Receipt, Request

UNREADABLE = "unreadable"
"""The kind of an event whose data is no JSON object: the cursor has to go on past it."""


def open_csms_desk(
    url: str, *, pool_size: int, statement_timeout_s: float, key: str = ""
) -> "SqlCsmsDesk":
    """Without a key, requests with private values are refused: see `hand_over`."""
    database = open_database(
        SYSTEM,
        url,
        pool_size=pool_size,
        statement_timeout_s=statement_timeout_s,
        owned=True,
        existing=True,
    )
    return SqlCsmsDesk(database, fernet_of(key) if key else None)


class SqlCsmsDesk:
    def __init__(self, database: Database, fernet: Fernet | None) -> None:
        self._database = database
        self._fernet = fernet

    def hand_over(self, asked: Request) -> Receipt:
        """A request with private values and no key to seal them with is Rejected: it waits for an
        operator, for it must neither be lost nor arrive in clear."""
        row, files = _request_row(asked, self._sealed(asked)), _file_rows(asked)

        def append(connection: Connection) -> None:
            known = connection.execute(queries.KNOWN, {"request_no": asked.number}).first()
            if known is not None:
                return
            connection.execute(insert(request), row)
            if files:
                connection.execute(insert(request_file), files)

        self._database.write(append)
        return Receipt()

    def events(self, after: int, limit: int) -> Sequence[OutsideEvent]:
        statement = queries.EVENTS.limit(limit)
        return self._database.read(
            lambda connection: [
                _to_event(row) for row in connection.execute(statement, {"after": after})
            ]
        )

    def ping(self) -> None:
        def probe(connection: Connection) -> None:
            for statement in queries.PROBES:
                connection.execute(statement).all()

        self._database.read(probe)

    def close(self) -> None:
        self._database.close()

    def _sealed(self, asked: Request) -> str | None:
        if not asked.private:
            return None
        if self._fernet is None:
            raise Rejected(SYSTEM, "no_key", "private values need WATERDESK_CSMS_KEY")
        try:
            return sealed(self._fernet, asked.private)
        except ValueError:
            pass
        # Outside the handler: the error there quotes what was to be sealed.
        raise does_not_fit(request, "private")


def _request_row(asked: Request, private: str | None) -> dict[str, Any]:
    row = {
        "request_no": asked.number,
        "kind": str(asked.kind),
        "acct_no": asked.acct_no or None,
        "about": asked.about or None,
        "payload": _json(asked.payload),
        "created_at": local(asked.at),
        "private": private,
    }
    check(request, row)
    return row


def _file_rows(asked: Request) -> list[dict[str, Any]]:
    rows = [
        {
            "request_no": asked.number,
            "file_no": position,
            "photo_id": file.photo_id,
            "sha256": file.sha256,
            "mime": file.mime,
            "size_bytes": file.size_bytes,
            "url": file.url,
        }
        for position, file in enumerate(asked.files, start=1)
    ]
    for row in rows:
        check(request_file, row)
    return rows


def _json(payload: Mapping[str, Any]) -> str:
    """As people at CSMS can read it."""
    try:
        written = json.dumps(dict(payload), ensure_ascii=False, allow_nan=False)
        written.encode()
    except (TypeError, ValueError):
        written = ""
    if not written:
        raise does_not_fit(request, "payload")
    return written


def _to_event(row: AnyRow) -> OutsideEvent:
    data = _object(row.data)
    return OutsideEvent(
        event_id=int(given(row.event_id)),
        kind=UNREADABLE if data is None else code(row.kind),
        at=moment(row.at),
        acct_no=text(row.acct_no) or "",
        request_no=text(row.request_no) or "",
        ext_no=text(row.ext_no) or "",
        data=data or {},
    )


def _object(written: str | None) -> dict[str, Any] | None:
    """Fractions stay the text they were: amounts are money, and no float. What could not be kept
    as JSON again (NaN, half a character) is none."""
    try:
        read = json.loads(written or "", parse_float=str)
        json.dumps(read, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None
