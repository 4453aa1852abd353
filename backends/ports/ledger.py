"""The ledger 台账 of notices, and the mailbox of those that wait for a citizen's next message."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from backends.ports.citizens import Binding, Topic
from backends.ports.family import Role
from backends.ports.notices import (
    Backlog,
    ClaimedNotice,
    EarlierNotice,
    Lane,
    Notice,
    NoticeState,
    PushResult,
    Run,
    Settlement,
    Standing,
)
from backends.ports.requests import SubmissionKind


class Ledger(Protocol):
    """The table `notification`. Every method is one transaction (those over a whole run: several
    short ones), and any number of workers on any number of machines may call them at once."""

    def plan(self, notices: Sequence[Notice], now: datetime) -> int:
        """How many were new. Those whose (kind, key, openid) is known already change nothing, nor
        do those of citizens we never met. New ones of a paused run are HELD, of a cancelled one
        SKIPPED."""
        ...

    def unplanned(self, notices: Sequence[Notice]) -> int:
        """How many of them `plan` would make new."""
        ...

    def claim(
        self, lanes: Iterable[Lane], *, worker: str, now: datetime, lease_s: float, limit: int
    ) -> tuple[ClaimedNotice, ...]:
        """PLANNED ones that are due, most urgent lane first, then oldest due first; and those
        whose lease ran out, with `unsure_since` at their last claim. No two workers get the same,
        and none of a citizen of whom another worker holds one."""
        ...

    def standing(self, claimed: Sequence[ClaimedNotice], *, pushed_since: datetime) -> Standing: ...

    def settle(self, settlements: Sequence[Settlement], *, worker: str, now: datetime) -> int:
        """How many were still this worker's. The others are another's by now and left alone. An
        ACCEPTED subscription notice uses one acceptance up."""
        ...

    def result(self, msg_id: int, openid: str, result: PushResult, now: datetime) -> None:
        """Of an accepted one. SUCCESS: DELIVERED. USER_BLOCK: PLANNED for the next message only.
        SYSTEM_FAILED: PLANNED again, once by the same channel, then by the next. A result that
        comes before `settle` (or is unknown) is parked until `sweep`. Twice is once."""
        ...

    def sweep(self, now: datetime, *, silent_before: datetime, limit: int) -> Mapping[str, int]:
        """Housekeeping, what → how many: parked results to their notices ("matched"); ACCEPTED
        before `silent_before` without a result to UNKNOWN ("silent"); PLANNED, HELD and KEPT past
        `valid_until` to SKIPPED with the reason stale ("stale")."""
        ...

    def kept(self, *, after_id: int, limit: int) -> tuple[ClaimedNotice, ...]:
        """KEPT and not TOLD, by id, to be offered again should Redis have forgotten them."""
        ...

    def backlog(self, now: datetime) -> tuple[Backlog, ...]: ...

    def accepted_since(self, since: datetime) -> int:
        """Template messages that WeChat has taken since then: for the day's quota."""
        ...

    def runs(self, since: date) -> tuple[Run, ...]:
        """Newest first."""
        ...

    def unfinished(self, before: date) -> tuple[Run, ...]:
        """Of earlier days, however long ago: those that are paused, and those of which something
        is PLANNED, HELD or CLAIMED. Newest first."""
        ...

    def run(self, run_id: int) -> Run | None: ...

    def paused(self) -> tuple[Run, ...]:
        """However long ago. Newest first."""
        ...

    def waits(self, run_id: int) -> Mapping[str, datetime]:
        """Reason ('' for none) → when the first of the PLANNED notices of the run that wait for it
        is due."""
        ...

    def reasons(self, run_id: int) -> Mapping[tuple[NoticeState, str], int]:
        """Why notices of the run were skipped, failed, kept, tried again or are unknown."""
        ...

    def pause(self, run_id: int, now: datetime) -> int: ...

    def resume(self, run_id: int, now: datetime) -> int: ...

    def cancel(self, run_id: int, now: datetime) -> int:
        """What has not been claimed yet is SKIPPED with the reason cancelled."""
        ...

    def concerned(
        self, acct_nos: Sequence[str], *, roles: Iterable[Role], topic: Topic | None
    ) -> tuple[Binding, ...]:
        """Active bindings in these roles of citizens who follow us; with a topic, only of those
        who want it (docs of `Topic` say who wants what they never chose about)."""
        ...

    def asked_for(
        self, kind: SubmissionKind, acct_nos: Sequence[str], since: datetime
    ) -> frozenset[str]:
        """The accounts for which somebody has made such a request since then that was not
        returned."""
        ...

    def earlier(self, kinds: Iterable[str], openids: Sequence[str]) -> tuple[EarlierNotice, ...]:
        """What these citizens were told of these kinds, or are to be told still: in the order in
        which it was planned."""
        ...

    def subscribers(self, topic: Topic, *, after: str, limit: int) -> tuple[str, ...]:
        """Openids of those who want it and follow us, in order, beginning behind `after`."""
        ...

    def bindings_of(self, openids: Sequence[str]) -> tuple[Binding, ...]:
        """Their active bindings, by openid."""
        ...


class Mailbox(Protocol):
    """What Redis keeps for a citizen's next message."""

    def keep(self, openid: str, notice_id: int, text: str) -> bool:
        """False when Redis is gone: it is offered again later."""
        ...

    def is_new(self) -> bool:
        """Whether Redis has lost what it kept. Asked once it has been refilled, it says no."""
        ...

    def refilled(self) -> None: ...
