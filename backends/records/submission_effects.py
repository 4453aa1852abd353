"""Photos and submissions become rows, like the other effects (effects.py)."""

from sqlalchemy import Connection, insert, or_, select, update

from backends.errors import NumberTaken
from backends.ports import (
    PhotoKept,
    Submission,
    SubmissionState,
)
from backends.records import lanes
from backends.records.submission_rows import from_submission
from backends.records.tables import photo, submission


def keep_photo(connection: Connection, kept: PhotoKept) -> None:
    known = select(photo.c.photo_id).where(photo.c.photo_id == kept.photo.photo_id)
    if connection.execute(known).first() is not None:
        return
    connection.execute(
        insert(photo).values(
            photo_id=kept.photo.photo_id,
            openid=kept.openid,
            acct_no=kept.acct_no,
            purpose=kept.purpose.value,
            sha256=kept.photo.sha256,
            mime=kept.photo.mime,
            size_bytes=kept.photo.size_bytes,
            width=kept.photo.width,
            height=kept.photo.height,
            print_hash=kept.photo.print,
            kept_at=kept.at,
            submission_no="",
        )
    )


def submit(connection: Connection, made: Submission) -> None:
    """A number that another takes between the look and the insert is a unique violation;
    `Database.write` then runs again, and the look finds it."""
    same = or_(submission.c.submission_key == made.key, submission.c.number == made.number)
    found = connection.execute(select(submission.c.submission_key).where(same)).all()
    if any(row.submission_key == made.key for row in found):
        return
    if found:
        raise NumberTaken
    values = from_submission(made)
    if made.state is SubmissionState.QUEUED:
        lanes.enter(connection, values["system"], values["lane"], made.created_at)
    connection.execute(insert(submission).values(values))
    if made.photo_ids:
        # One that puts right what was returned takes its papers over: they must outlive it.
        free = photo.c.submission_no.in_({"", made.parent_no})
        connection.execute(
            update(photo)
            .where(photo.c.photo_id.in_(made.photo_ids), free)
            .values(submission_no=made.number)
        )
