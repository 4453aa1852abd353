"""Applications that our own staff look at before they are handed over (R81): what waits, one of
them in full, and the two decisions. `waterdesk applications` calls these; so may any other desk.

Enters: submissions IN_REVIEW. Leaves: QUEUED ones for CSMS, or RETURNED ones and a notice to the
citizen, who may put right what was wrong. Who looked and who decided stands in the log.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from backends.ports import Notice, Outbox, Secrets, Submission, SubmissionKind, SubmissionState

log = structlog.get_logger()
LONGEST_TEXT = 200
RETURNED_NOTICES = {SubmissionKind.CONNECTION: "connection_returned"}


class NoReason(ValueError):
    """An application is not sent back without words that the citizen can act on."""


@dataclass(frozen=True, slots=True)
class Application:
    """`private`: in clear, for the reviewer's eyes; None when it cannot be opened any more.
    `links`: signed addresses of its photos, in their order."""

    submission: Submission
    private: Mapping[str, str] | None
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reviews:
    """`link` makes the signed address under which a photo can be looked at."""

    outbox: Outbox
    secrets: Secrets
    link: Callable[[str], str]
    clock: Callable[[], datetime]

    def waiting(self, limit: int) -> tuple[Application, ...]:
        """Who has waited longest comes first."""
        rows = self.outbox.listing(state=SubmissionState.IN_REVIEW.value, limit=limit)
        found = (self.outbox.submission(row.number) for row in reversed(rows))
        return tuple(self._opened(one) for one in found if one is not None)

    def look_at(self, number: str, *, by: str) -> Application | None:
        """Also one that has been decided: its reviewer may be asked about it."""
        found = self.outbox.submission(number)
        if found is None or found.kind not in RETURNED_NOTICES:
            return None
        log.info("application_seen", number=number, by=by)
        return self._opened(found)

    def approve(self, number: str, *, by: str) -> bool:
        """False for one that is not waiting: decided by somebody else, or unknown."""
        approved = self.outbox.approve(number, self.clock())
        if approved:
            log.info("application_approved", number=number, by=by)
        return approved

    def send_back(self, number: str, text: str, *, by: str) -> bool:
        """`text` is told to the citizen as it is. False as for `approve`."""
        words = " ".join(text.split())
        if not 0 < len(words) <= LONGEST_TEXT:
            raise NoReason(f"say what is missing, in at most {LONGEST_TEXT} characters")
        found = self.outbox.submission(number)
        if found is None or found.kind not in RETURNED_NOTICES:
            return False
        notice = Notice(
            kind=RETURNED_NOTICES[found.kind],
            key=f"review:{number}",
            openid=found.openid,
            acct_no=found.acct_no,
            view={"number": number, "text": words},
        )
        returned = self.outbox.send_back(number, notice, text=words, now=self.clock())
        if returned:
            log.info("application_returned", number=number, by=by)
        return returned

    def _opened(self, submission: Submission) -> Application:
        opened = self.secrets.open(submission.sealed) if submission.sealed else None
        private = json.loads(opened) if opened is not None else None
        return Application(submission, private, tuple(map(self.link, submission.photo_ids)))
