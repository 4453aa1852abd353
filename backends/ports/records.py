"""The platform's own database: what it holds, what changes it, and what conversations read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from backends.ports.csms import ProofFactor
from backends.ports.photos import Photo, PhotoPurpose
from backends.ports.requests import Submission


class Role(StrEnum):
    OWNER = "owner"
    PAYER = "payer"
    VIEWER = "viewer"
    READER = "reader"


class BillType(StrEnum):
    WECHAT_AND_PAPER = "wechat_paper"
    WECHAT_ONLY = "wechat_only"


@dataclass(frozen=True, slots=True)
class Binding:
    """A citizen's link to an account 绑定."""

    openid: str
    acct_no: str
    role: Role
    bill_type: BillType
    factor: ProofFactor
    bound_at: datetime


@dataclass(frozen=True, slots=True)
class CitizenFollowed:
    openid: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CitizenLeft:
    """Unsubscribed 取消关注: no push may follow."""

    openid: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    openid: str
    purpose: str
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ProofFailed:
    """`key` makes the record idempotent: one failed answer counts once, however often replayed."""

    openid: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AccountsBound:
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class PhotoKept:
    """A photo that `Photos.take` has stored now belongs to the citizen (and to an account)."""

    openid: str
    acct_no: str
    purpose: PhotoPurpose
    photo: Photo
    at: datetime


@dataclass(frozen=True, slots=True)
class SubmissionMade:
    """Committed with the dialog's end. The same `submission.key` again changes nothing."""

    submission: Submission

    @property
    def openid(self) -> str:
        return self.submission.openid

    @property
    def at(self) -> datetime:
        return self.submission.created_at


@dataclass(frozen=True, slots=True)
class NoticesTold:
    """Results that were kept for the citizen's next message stand in its reply."""

    openid: str
    notice_ids: tuple[int, ...]
    at: datetime


Effect = (
    CitizenFollowed
    | CitizenLeft
    | ConsentGiven
    | ProofFailed
    | AccountsBound
    | PhotoKept
    | SubmissionMade
    | NoticesTold
)


class Records(Protocol):
    """As conversations and turns see it. `commit` is the only write."""

    def bindings(self, openid: str) -> tuple[Binding, ...]:
        """The citizen's active bindings, oldest first."""
        ...

    def owner_exists(self, acct_no: str, *, other_than: str) -> bool:
        """Whether a citizen other than this openid is bound to the account as its owner."""
        ...

    def has_consent(self, openid: str, purpose: str, version: int) -> bool: ...

    def failed_proofs(self, openid: str, since: datetime) -> int:
        """Failed proofs of ownership since then. A success does not clear them: otherwise an
        account of one's own would buy endless guesses at others."""
        ...

    def submission(self, number: str) -> Submission | None:
        """Whoever's it is: the caller compares the openid."""
        ...

    def submissions(self, openid: str, limit: int) -> tuple[Submission, ...]:
        """The citizen's own, newest first."""
        ...

    def submissions_for(self, acct_no: str, kind: str, since: datetime) -> tuple[Submission, ...]:
        """Of all citizens for the account since then, newest first."""
        ...

    def photo_seen(self, openid: str, acct_no: str, photo: Photo, also: Sequence[str] = ()) -> bool:
        """Whether another photo of this citizen or account is the same picture, byte for byte or
        nearly so (`ports.prints`): one that belongs to a submission, or one of `also` (photo ids).
        Neither the very photo itself counts, nor one of a dialog that came to nothing."""
        ...

    def commit(self, effects: Sequence[Effect]) -> None:
        """All of them in one transaction, or none. Committing the same effects twice changes
        nothing the second time. NumberTaken when a submission's number is another's."""
        ...

    def ping(self) -> None: ...
