"""Visits 上门抄表: those that wait for a time to be chosen, and those of tomorrow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from backends.ports import Binding, DueLists, Lane, Ledger, Notice, Visit
from dialogs.accounts import READ_METERS
from jobs.planning.concerned import Audience, told, walked
from jobs.planning.plan import Page
from jobs.planning.told import about_account, end_of, visit_due

AUDIENCE = Audience(READ_METERS)


@dataclass(frozen=True, slots=True)
class Visits:
    due: DueLists
    ledger: Ledger

    def pages(self, now: datetime) -> Iterator[Page]:
        yield from self._tomorrow(now)
        yield from self._to_be_booked(now)

    def _tomorrow(self, now: datetime) -> Iterator[Page]:
        on = now.date() + timedelta(days=1)

        def page(behind: str, limit: int) -> tuple[Visit, ...]:
            return self.due.visits_on(on, behind, limit)

        def notice(visit: Visit, to: Binding) -> Notice:
            view = {"visit_no": visit.visit_no, "on": on.isoformat(), "band": visit.band}
            key, until = f"{visit.visit_no}:{on.isoformat()}", end_of(on, now)
            return about_account("visit_tomorrow", key, to, view, Lane.REMINDER, until)

        return told(self.ledger, AUDIENCE, walked(page, _number, ""), notice)

    def _to_be_booked(self, now: datetime) -> Iterator[Page]:
        def notice(visit: Visit, to: Binding) -> Notice:
            return visit_due(to, visit_no=visit.visit_no, reason=visit.reason, now=now)

        return told(self.ledger, AUDIENCE, walked(self.due.visits_due, _number, ""), notice)


def _number(visit: Visit) -> str:
    return visit.visit_no
