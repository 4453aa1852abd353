"""What a turn changes in our own database: named by decisions, applied by `Records.commit`.
Applying one twice is the same as once."""

from dataclasses import dataclass
from datetime import datetime

from backends.ports.citizens import BillType, Binding, Topic
from backends.ports.family import Invite
from backends.ports.notices import Notice
from backends.ports.order_effects import OrderDropped, OrderPlaced
from backends.ports.photos import Photo, PhotoPurpose
from backends.ports.push_effects import PushFinished, SubscriptionsAnswered
from backends.ports.requests import Submission


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
class ConsentWithdrawn:
    """Of all versions of the purpose."""

    openid: str
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BindingEnded:
    """The citizen's link to the account, and those of the family the citizen has invited to it.
    `openid` may end the link of another: `member` names whose, '' for the citizen's own."""

    openid: str
    acct_no: str
    at: datetime
    member: str = ""


@dataclass(frozen=True, slots=True)
class BindingChanged:
    """What is None stays. `is_default` True takes it from the citizen's others."""

    openid: str
    acct_no: str
    at: datetime
    nickname: str | None = None
    is_default: bool | None = None
    bill_type: BillType | None = None


@dataclass(frozen=True, slots=True)
class InviteMade:
    invite: Invite

    @property
    def openid(self) -> str:
        return self.invite.invited_by

    @property
    def at(self) -> datetime:
        return self.invite.made_at


@dataclass(frozen=True, slots=True)
class InviteAccepted:
    """Makes the binding. `Overtaken` when the invitation cannot be used any more: it was used by
    another, revoked, has expired, or who invited is the owner no longer."""

    fingerprint: str
    binding: Binding

    @property
    def openid(self) -> str:
        return self.binding.openid

    @property
    def at(self) -> datetime:
        return self.binding.bound_at


@dataclass(frozen=True, slots=True)
class InvitesRevoked:
    """All open ones of the owner for the account."""

    openid: str
    acct_no: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PasswordSet:
    """The query password 查询密码. `hashed` is '' when it is given up. Failures are forgotten."""

    openid: str
    hashed: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PasswordFailed:
    """Counts once for its `key`."""

    openid: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PasswordPassed:
    """A right password: failures before it are forgotten."""

    openid: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TopicChosen:
    openid: str
    topic: Topic
    wanted: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class CitizenErased:
    """“Delete my data”: all that the law does not keep (docs/privacy.md). Links end, photos lose
    their rows (their files go with the next orphans), private values go, what remains is the
    bare fact that a request was made."""

    openid: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoticePlanned:
    """Somebody is to be told something (an owner that family has joined). `openid` is whose turn it
    is; who is told stands in the notice."""

    openid: str
    notice: Notice
    at: datetime


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
    """Notices that were kept for the citizen's next message stand in its reply; those that are
    `pointless` by now do not, and never will."""

    openid: str
    notice_ids: tuple[int, ...]
    at: datetime
    pointless: tuple[int, ...] = ()


Effect = (
    CitizenFollowed
    | CitizenLeft
    | ConsentGiven
    | ProofFailed
    | AccountsBound
    | ConsentWithdrawn
    | BindingEnded
    | BindingChanged
    | InviteMade
    | InviteAccepted
    | InvitesRevoked
    | PasswordSet
    | PasswordFailed
    | PasswordPassed
    | TopicChosen
    | CitizenErased
    | NoticePlanned
    | PhotoKept
    | SubmissionMade
    | NoticesTold
    | PushFinished
    | SubscriptionsAnswered
    | OrderPlaced
    | OrderDropped
)
