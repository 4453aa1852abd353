"""Submissions as rows and as values, and the statements that look them up, built once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, or_, select

from backends.ports import Photo, Submission, SubmissionKind, SubmissionState
from backends.records.tables import photo, submission
from backends.records.tables_submissions import PLAIN, PRIVATE

NEWEST_PHOTOS = 60
"""How far back a picture that only looks alike is searched for: each is compared by itself."""

SUBMISSION = select(submission).where(submission.c.number == bindparam("number"))

OF_CITIZEN = (
    select(submission)
    .where(submission.c.openid == bindparam("openid"))
    .order_by(submission.c.created_at.desc(), submission.c.id.desc())
)

OF_ACCOUNT = (
    select(submission)
    .where(
        submission.c.acct_no == bindparam("acct_no"),
        submission.c.kind == bindparam("kind"),
        submission.c.created_at >= bindparam("since"),
    )
    .order_by(submission.c.created_at.desc(), submission.c.id.desc())
)

OF_EXT_NO = (
    select(submission)
    .where(submission.c.ext_no == bindparam("ext_no"), submission.c.system == bindparam("system"))
    .order_by(submission.c.id)
)

_also: BindParameter[Sequence[str]] = bindparam("also", expanding=True)
_counts = or_(photo.c.submission_no != "", photo.c.photo_id.in_(_also))
SAME_BYTES = select(photo.c.openid, photo.c.acct_no).where(
    photo.c.sha256 == bindparam("sha256"), photo.c.photo_id != bindparam("photo_id"), _counts
)

_newest = select(photo.c.photo_id, photo.c.print_hash).where(_counts)
_newest = _newest.order_by(photo.c.kept_at.desc())
PRINTS_OF_CITIZEN = _newest.where(photo.c.openid == bindparam("openid")).limit(NEWEST_PHOTOS)
PRINTS_OF_ACCOUNT = _newest.where(photo.c.acct_no == bindparam("acct_no")).limit(NEWEST_PHOTOS)


def to_submission(row: Row[*tuple[Any, ...]]) -> Submission:
    return Submission(
        number=row.number,
        key=row.submission_key,
        openid=row.openid,
        acct_no=row.acct_no,
        kind=SubmissionKind(row.kind),
        payload=row.payload,
        created_at=row.created_at,
        photo_ids=tuple(row.photo_ids),
        parent_no=row.parent_no,
        state=SubmissionState(row.state),
        ext_no=row.ext_no,
        result=row.result,
        updated_at=row.updated_at,
        sealed=row.sealed,
    )


def from_submission(made: Submission) -> dict[str, Any]:
    return {
        "number": made.number,
        "submission_key": made.key,
        "openid": made.openid,
        "acct_no": made.acct_no,
        "kind": made.kind.value,
        "system": made.kind.system.value,
        "lane": made.lane,
        "state": made.state.value,
        "payload": dict(made.payload),
        "photo_ids": list(made.photo_ids),
        "parent_no": made.parent_no,
        "ext_no": made.ext_no,
        "result": None if made.result is None else dict(made.result),
        "created_at": made.created_at,
        "updated_at": made.updated_at,
        "attempts": 0,
        "next_try_at": made.created_at,
        "last_error": "",
        "sealed": made.sealed,
        "holds": PRIVATE if made.sealed else PLAIN,
    }


def to_photo(row: Row[*tuple[Any, ...]]) -> Photo:
    return Photo(
        photo_id=row.photo_id,
        sha256=row.sha256,
        mime=row.mime,
        size_bytes=row.size_bytes,
        width=row.width,
        height=row.height,
        print=row.print_hash,
    )
