"""What the in-memory records hold, and who asks what of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from backends.ports import Binding, Invite, PhotoKept, Submission, SubmissionState, Topic
from tests.fakes.ledger_rows import LedgerState
from tests.fakes.order_state import Payments

CLOSED = (SubmissionState.DONE, SubmissionState.RETURNED)


@dataclass(frozen=True, slots=True)
class Citizen:
    followed_at: datetime | None = None
    left_at: datetime | None = None
    erased_at: datetime | None = None
    default_chosen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    binding: Binding
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Password:
    """`forgiven_at`: failures up to then do not count."""

    forgiven_at: datetime
    hashed: str = ""
    set_at: datetime | None = None


@dataclass(slots=True)
class State:
    """Values are immutable, so that a copy of the dictionaries is a copy of all."""

    citizens: dict[str, Citizen] = field(default_factory=dict)
    consents: dict[tuple[str, str, int], datetime] = field(default_factory=dict)
    withdrawn: dict[tuple[str, str], datetime] = field(default_factory=dict)
    links: dict[tuple[str, str], Link] = field(default_factory=dict)
    ended: dict[tuple[str, str], datetime] = field(default_factory=dict)
    invites: dict[str, Invite] = field(default_factory=dict)
    used: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    passwords: dict[str, Password] = field(default_factory=dict)
    failures: dict[tuple[str, str], datetime] = field(default_factory=dict)
    wrong_passwords: dict[tuple[str, str], datetime] = field(default_factory=dict)
    topics: dict[tuple[str, Topic], tuple[bool, datetime]] = field(default_factory=dict)
    submissions: dict[str, Submission] = field(default_factory=dict)
    photos: dict[str, PhotoKept] = field(default_factory=dict)
    told: dict[int, datetime] = field(default_factory=dict)
    ledger: LedgerState = field(default_factory=LedgerState)
    payments: Payments = field(default_factory=Payments)

    def copy(self) -> "State":
        return State(**{name: getattr(self, name).copy() for name in self.__dataclass_fields__})

    def citizen(self, openid: str) -> Citizen:
        return self.citizens.setdefault(openid, Citizen())

    def was_erased(self, openid: str, at: datetime) -> bool:
        """A replay must not bring back what its citizen has had deleted since."""
        erased_at = self.citizen(openid).erased_at
        return erased_at is not None and at < erased_at

    def active(self) -> list[Binding]:
        found = [link.binding for link in self.links.values()]
        return sorted(found, key=lambda one: one.bound_at)

    def photos_in_use(self) -> Mapping[str, Submission]:
        """photo_id → the submission made with it."""
        return {name: one for one in self.submissions.values() for name in one.photo_ids}


def after(at: datetime, earlier: datetime | None) -> bool:
    return earlier is None or at > earlier


def not_before(at: datetime, earlier: datetime | None) -> bool:
    return earlier is None or at >= earlier
