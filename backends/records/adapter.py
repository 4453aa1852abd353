"""`Records` of the ports over the platform's own database: effects in, frozen values out.

Constructed in bot/app.py through `open_records`; safe to share between threads and workers.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select

from backends.database import Database, open_database
from backends.ports import BillType, Binding, Effect, Photo, ProofFactor, Role, Submission
from backends.ports.prints import same_picture
from backends.records import effects as effect_rows
from backends.records import queries, submission_rows


def open_records(url: str, *, pool_size: int, statement_timeout_s: float) -> "SqlRecords":
    return SqlRecords(
        open_database(
            "records", url, pool_size=pool_size, statement_timeout_s=statement_timeout_s, owned=True
        )
    )


class SqlRecords:
    def __init__(self, database: Database) -> None:
        self._database = database

    def bindings(self, openid: str) -> tuple[Binding, ...]:
        return self._database.read(
            lambda connection: tuple(
                to_binding(row)
                for row in connection.execute(queries.ACTIVE_BINDINGS, {"openid": openid})
            )
        )

    def owner_exists(self, acct_no: str, *, other_than: str) -> bool:
        return self._count(queries.OTHER_OWNERS, acct_no=acct_no, other_than=other_than) > 0

    def has_consent(self, openid: str, purpose: str, version: int) -> bool:
        return self._count(queries.CONSENTS, openid=openid, purpose=purpose, version=version) > 0

    def failed_proofs(self, openid: str, since: datetime) -> int:
        return self._count(queries.FAILED_PROOFS, openid=openid, since=since)

    def is_following(self, openid: str) -> bool:
        """Whether pushes may be sent: known here and not unsubscribed."""
        return self._count(queries.FOLLOWING, openid=openid) > 0

    def submission(self, number: str) -> Submission | None:
        return next(iter(self._submissions(submission_rows.SUBMISSION, number=number)), None)

    def submissions(self, openid: str, limit: int) -> tuple[Submission, ...]:
        return self._submissions(submission_rows.OF_CITIZEN.limit(limit), openid=openid)

    def submissions_for(self, acct_no: str, kind: str, since: datetime) -> tuple[Submission, ...]:
        return self._submissions(
            submission_rows.OF_ACCOUNT, acct_no=acct_no, kind=kind, since=since
        )

    def photo_seen(self, openid: str, acct_no: str, photo: Photo, also: Sequence[str] = ()) -> bool:
        # SQLAlchemy writes an empty list out as a subquery of its own: none is as good as no photo.
        among = list(also) or [""]
        return self._database.read(
            lambda connection: _is_seen(connection, openid, acct_no, photo, among)
        )

    def commit(self, effects: Sequence[Effect]) -> None:
        if effects:
            self._database.write(lambda connection: effect_rows.apply(connection, effects))

    def ping(self) -> None:
        self._database.read(lambda connection: connection.execute(queries.PROBE).all())

    def close(self) -> None:
        self._database.close()

    def _submissions(self, statement: Select[Any], **parameters: object) -> tuple[Submission, ...]:
        return self._database.read(
            lambda connection: tuple(
                map(submission_rows.to_submission, connection.execute(statement, parameters))
            )
        )

    def _count(self, statement: Select[int], **parameters: object) -> int:
        return self._database.read(
            lambda connection: connection.execute(statement, parameters).scalar_one()
        )


def _is_seen(
    connection: Connection, openid: str, acct_no: str, photo: Photo, also: list[str]
) -> bool:
    named: dict[str, Any] = {"sha256": photo.sha256, "photo_id": photo.photo_id, "also": also}
    for same in connection.execute(submission_rows.SAME_BYTES, named):
        if same.openid == openid or (acct_no and same.acct_no == acct_no):
            return True
    of_citizen = (submission_rows.PRINTS_OF_CITIZEN, {"openid": openid, "also": also})
    of_account = (submission_rows.PRINTS_OF_ACCOUNT, {"acct_no": acct_no, "also": also})
    return any(
        row.photo_id != photo.photo_id and same_picture(row.print_hash, photo.print)
        for statement, named in ((of_citizen, of_account) if acct_no else (of_citizen,))
        for row in connection.execute(statement, named)
    )


def to_binding(row: Row[*tuple[Any, ...]]) -> Binding:
    return Binding(
        openid=row.openid,
        acct_no=row.acct_no,
        role=Role(row.role),
        bill_type=BillType(row.bill_type),
        factor=ProofFactor(row.factor),
        bound_at=row.bound_at,
    )
