"""What the in-memory ledger holds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from backends.ports import Channel, Notice, NoticeState, PushResult, RunState


@dataclass(frozen=True, slots=True)
class LedgerRow:
    notice_id: int
    notice: Notice
    created_at: datetime
    due_at: datetime
    wanted_at: datetime
    run_id: int
    state: NoticeState = NoticeState.PLANNED
    channel: Channel = Channel.TEMPLATE
    reason: str = ""
    attempts: int = 0
    claimed_by: str = ""
    claimed_at: datetime | None = None
    lease_until: datetime | None = None
    unsure_since: datetime | None = None
    msg_id: int | None = None
    failures: int = 0
    failed_on: Channel | None = None
    accepted_at: datetime | None = None
    template_at: datetime | None = None
    prompt: bool | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.notice.kind, self.notice.key, self.notice.openid


@dataclass(slots=True)
class LedgerState:
    """Values are immutable, so that a copy of the dictionaries is a copy of all."""

    rows: dict[int, LedgerRow] = field(default_factory=dict)
    known: dict[tuple[str, str, str], int] = field(default_factory=dict)
    runs: dict[int, tuple[str, date, RunState]] = field(default_factory=dict)
    parked: dict[tuple[int, str], tuple[PushResult, datetime]] = field(default_factory=dict)
    acceptances: dict[tuple[str, str], tuple[int, datetime]] = field(default_factory=dict)
    answers: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def copy(self) -> "LedgerState":
        return LedgerState(
            **{name: dict(getattr(self, name)) for name in self.__dataclass_fields__}
        )

    def change(self, row: LedgerRow, **values: Any) -> None:
        self.rows[row.notice_id] = replace(row, **values)

    def forget(self, row: LedgerRow) -> None:
        del self.rows[row.notice_id], self.known[row.key]

    def where(self, wanted: Callable[[LedgerRow], bool]) -> Iterator[LedgerRow]:
        return iter([row for row in self.rows.values() if wanted(row)])

    def in_state(self, *states: NoticeState) -> Iterator[LedgerRow]:
        return self.where(lambda row: row.state in states)
