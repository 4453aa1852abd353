"""The platform's own database as conversations and turns see it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from backends.ports.citizens import Binding, Consent, Holdings, Topic
from backends.ports.effects import Effect
from backends.ports.family import Invite
from backends.ports.notices import Notice
from backends.ports.photos import Photo
from backends.ports.requests import Submission


class Records(Protocol):
    """As conversations and turns see it. `commit` is the only write."""

    def bindings(self, openid: str) -> tuple[Binding, ...]:
        """The citizen's active bindings, oldest first."""
        ...

    def owner_exists(self, acct_no: str, *, other_than: str) -> bool:
        """Whether a citizen other than this openid is bound to the account as its owner."""
        ...

    def has_consent(self, openid: str, purpose: str, version: int) -> bool: ...

    def consents(self, openid: str) -> tuple[Consent, ...]:
        """Those given and not withdrawn, the latest version of each purpose, oldest first."""
        ...

    def bound_to(self, acct_no: str) -> tuple[Binding, ...]:
        """All active bindings of the account, oldest first."""
        ...

    def invite(self, fingerprint: str) -> Invite | None: ...

    def password(self, openid: str) -> str:
        """What `Secrets.hash` made of the query password; '' when there is none."""
        ...

    def failed_passwords(self, openid: str, since: datetime) -> int: ...

    def topics(self, openid: str) -> Mapping[Topic, bool]:
        """Only those the citizen has ever chosen about."""
        ...

    def holdings(self, openid: str) -> Holdings: ...

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

    def notices(self, openid: str, notice_ids: Sequence[int]) -> Mapping[int, Notice]:
        """Those of them that are the citizen's and were not given up (SKIPPED, FAILED), by id."""
        ...

    def commit(self, effects: Sequence[Effect]) -> None:
        """All of them in one transaction, or none. Committing the same effects twice changes
        nothing the second time. NumberTaken when a submission's number is another's; Overtaken when
        what an effect builds upon has changed since it was read."""
        ...

    def ping(self) -> None: ...
