"""`Records` of the ports over the platform's own database: effects in, frozen values out.

Constructed in bot/app.py through `open_records`; safe to share between threads and workers.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Select

from backends.database import Database, open_database
from backends.ports import (
    Binding,
    Consent,
    Effect,
    Holdings,
    Invite,
    Notice,
    Photo,
    Submission,
    Topic,
)
from backends.ports.prints import same_picture
from backends.records import effects as effect_rows
from backends.records import queries, submission_rows

T = TypeVar("T")


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
        return self._all(queries.to_binding, queries.ACTIVE_BINDINGS, openid=openid)

    def bound_to(self, acct_no: str) -> tuple[Binding, ...]:
        return self._all(queries.to_binding, queries.BOUND_TO, acct_no=acct_no)

    def owner_exists(self, acct_no: str, *, other_than: str) -> bool:
        return self._count(queries.OTHER_OWNERS, acct_no=acct_no, other_than=other_than) > 0

    def has_consent(self, openid: str, purpose: str, version: int) -> bool:
        return self._count(queries.CONSENTS, openid=openid, purpose=purpose, version=version) > 0

    def consents(self, openid: str) -> tuple[Consent, ...]:
        return queries.latest(self._all(queries.to_consent, queries.ALL_CONSENTS, openid=openid))

    def invite(self, fingerprint: str) -> Invite | None:
        found = self._all(queries.to_invite, queries.INVITE, fingerprint=fingerprint)
        return next(iter(found), None)

    def password(self, openid: str) -> str:
        return next(iter(self._all(queries.to_password, queries.PASSWORD, openid=openid)), "")

    def failed_passwords(self, openid: str, since: datetime) -> int:
        return self._count(queries.FAILED_PASSWORDS, openid=openid, since=since)

    def topics(self, openid: str) -> Mapping[Topic, bool]:
        return dict(self._all(queries.to_topic, queries.TOPICS, openid=openid))

    def notices(self, openid: str, notice_ids: Sequence[int]) -> Mapping[int, Notice]:
        named = {"openid": openid, "notice_ids": list(notice_ids)}
        return dict(self._all(queries.to_notice, queries.NOTICES, **named))

    def holdings(self, openid: str) -> Holdings:
        ((photos, documents),) = self._all(queries.to_counts, queries.PHOTOS_HELD, openid=openid)
        ((made, still_open),) = self._all(
            queries.to_counts, queries.SUBMISSIONS_HELD, openid=openid
        )
        return Holdings(
            photos=photos - documents,
            documents=documents,
            submissions=made,
            submissions_open=still_open,
            notices=self._count(queries.NOTICES_HELD, openid=openid),
            acceptances=self._count(queries.ACCEPTANCES_HELD, openid=openid),
            orders=self._count(queries.ORDERS_HELD, openid=openid),
        )

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
        return self._all(submission_rows.to_submission, statement, **parameters)

    def _all(
        self,
        to_value: Callable[..., T],
        statement: Select[*tuple[Any, ...]],
        **parameters: object,
    ) -> tuple[T, ...]:
        """Made within the read: a row that makes no value is an outage like any other."""
        return self._database.read(
            lambda connection: tuple(map(to_value, connection.execute(statement, parameters)))
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
