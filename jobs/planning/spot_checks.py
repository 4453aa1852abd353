"""Spot checks 抽检 that wait for a photo: told once when drawn, and again on the day before the
last."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from backends.ports import Binding, DueLists, Ledger, Notice, SpotCheck
from dialogs.accounts import READ_METERS
from jobs.planning.concerned import Audience, told, walked
from jobs.planning.plan import Page
from jobs.planning.told import spot_check_drawn, spot_check_due

AUDIENCE = Audience(READ_METERS)


@dataclass(frozen=True, slots=True)
class SpotChecks:
    due: DueLists
    ledger: Ledger

    def pages(self, now: datetime) -> Iterator[Page]:
        today = now.date()
        tomorrow = today + timedelta(days=1)

        def notice(check: SpotCheck, to: Binding) -> Notice:
            """One of the two: whoever hears of it only now need not hear it twice."""
            if check.answer_by <= tomorrow:
                return spot_check_due(to, check, now)
            answer_by = check.answer_by.isoformat()
            return spot_check_drawn(to, check_no=check.check_no, answer_by=answer_by, now=now)

        checks = walked(self.due.spot_checks_open, lambda check: check.check_no, "")
        return told(
            self.ledger, AUDIENCE, checks, notice, wanted=lambda check: check.answer_by >= today
        )
