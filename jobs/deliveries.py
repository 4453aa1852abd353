"""Submissions to their desk: claimed, handed over, noted. A desk that is down makes them late,
never lost; what it refuses goes onto the dead-letter list with the reason.

Enters: due rows of the outbox. Leaves: requests at CSMS or the hotline, each once: they are
idempotent by number, so a worker that dies between handing over and noting it does no harm.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import structlog

from backends.errors import BackendUnavailable, Rejected
from backends.ports import (
    Claimed,
    Desk,
    Outbox,
    Receipt,
    Request,
    RequestFile,
    Secrets,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from jobs.results import TICKET_STATES

log = structlog.get_logger()
LEASE_S = 120.0
AT_ONCE = 20
FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 300.0
# Nothing more comes of these: once they are handed over, they are done.
DONE_WHEN_HANDED_OVER = (SubmissionKind.URGE, SubmissionKind.FAULT_PHOTO, SubmissionKind.RATING)


class Unreadable(Exception):
    """The private values of a submission cannot be opened: their key is gone."""


class DeskDown(Exception):
    """The desk did not answer; asking it again at once would not help."""


@dataclass(frozen=True, slots=True)
class Deliveries:
    """`link` makes the signed address under which a photo can be fetched."""

    system: str
    outbox: Outbox
    desk: Desk
    worker: str
    link: Callable[[str], str]
    secrets: Secrets
    clock: Callable[[], datetime]
    rng: Random

    def step(self, *, at_once: int = AT_ONCE) -> int:
        """How many were handed over or given up. DeskDown when the desk does not answer."""
        claimed = self.outbox.claim(
            self.system, worker=self.worker, now=self.clock(), lease_s=LEASE_S, limit=at_once
        )
        for done, one in enumerate(claimed):
            try:
                self._hand_over(one)
            except BackendUnavailable as error:
                self._postpone(one, error, claimed[done + 1 :])
                raise DeskDown from error
        return len(claimed)

    def _hand_over(self, claimed: Claimed) -> None:
        submission = claimed.submission
        try:
            receipt = self.desk.hand_over(self._request(submission))
        except (Rejected, Unreadable) as error:
            log.error("submission_stuck", number=submission.number, why=str(error))
            self.outbox.give_up(
                submission.number, worker=self.worker, why=str(error), now=self.clock()
            )
            return
        self._note(submission, receipt)

    def _note(self, submission: Submission, receipt: Receipt) -> None:
        self.outbox.handed_over(
            submission.number,
            worker=self.worker,
            state=_state_after(submission.kind, receipt),
            ext_no=receipt.ext_no,
            result=receipt.data or {},
            now=self.clock(),
        )
        log.info("submission_handed_over", number=submission.number, kind=submission.kind.value)

    def _request(self, submission: Submission) -> Request:
        photos = self.outbox.photo_rows(submission.photo_ids)
        return Request(
            number=submission.number,
            kind=submission.kind,
            acct_no=submission.acct_no,
            payload=submission.payload,
            at=submission.created_at,
            files=tuple(
                RequestFile(
                    photo_id=photo.photo_id,
                    sha256=photo.sha256,
                    mime=photo.mime,
                    size_bytes=photo.size_bytes,
                    url=self.link(photo.photo_id),
                )
                for photo in photos
            ),
            about=self._about(submission),
            private=private_values(submission, self.secrets),
        )

    def _about(self, submission: Submission) -> str:
        """The outside number of what it is about. Lanes hand over the parent first, so it has
        one, unless it is stuck: then our own number has to do."""
        if not submission.parent_no:
            return ""
        parent = self.outbox.submission(submission.parent_no)
        return (parent.ext_no if parent else "") or submission.parent_no

    def _postpone(
        self, failed: Claimed, error: BackendUnavailable, rest: tuple[Claimed, ...]
    ) -> None:
        """The rest of the batch goes back at once, as it was: another worker may find the desk up,
        and what was not tried must not wait as if it had been."""
        until = self.clock() + timedelta(seconds=pause_s(failed.attempts, self.rng))
        number = failed.submission.number
        self.outbox.postpone(number, worker=self.worker, why=str(error), until=until)
        for other in rest:
            self.outbox.give_back(other.submission.number, worker=self.worker)


def private_values(submission: Submission, secrets: Secrets) -> Mapping[str, str]:
    """Those sealed in it, for as long as it takes to hand them over. Unreadable when they are lost:
    a request without them would be refused, and nobody would know why."""
    if not submission.sealed:
        return {}
    opened = secrets.open(submission.sealed)
    if opened is None:
        raise Unreadable("sealed values cannot be opened; is WATERDESK_DATA_KEY_PREVIOUS missing?")
    values: Mapping[str, str] = json.loads(opened)
    return values


def _state_after(kind: SubmissionKind, receipt: Receipt) -> SubmissionState:
    """A receipt that had to be asked for again may tell that the ticket has moved on meanwhile."""
    if kind in DONE_WHEN_HANDED_OVER:
        return SubmissionState.DONE
    moved_on = TICKET_STATES.get(str((receipt.data or {}).get("state")))
    return moved_on or SubmissionState.DELIVERED


def pause_s(attempts: int, rng: Random) -> float:
    """Doubling from two seconds to five minutes, each between half and all of it, so that what
    failed together does not come back together."""
    longest = min(FIRST_PAUSE_S * 2.0 ** min(attempts, 20), LONGEST_PAUSE_S)
    return longest * rng.uniform(0.5, 1.0)
