"""A website that publishes what a test gives it."""

from collections.abc import Iterable
from datetime import datetime

from backends.ports import (
    Checked,
    OutageBulletin,
    OutageNotice,
    QualityBulletin,
    QualityValue,
)
from tests.fakes.switches import Switches


class FakeBulletins(Switches):
    def __init__(
        self,
        notices: Iterable[OutageNotice] = (),
        values: Iterable[QualityValue] = (),
        checked_at: datetime | None = None,
    ) -> None:
        super().__init__()
        self.notices = list(notices)
        self.values = list(values)
        self.checked = Checked(checked_at, failing=False)

    def outages(self) -> OutageBulletin:
        self._obey()
        latest_first = sorted(self.notices, key=lambda one: one.starts_at, reverse=True)
        return OutageBulletin(tuple(latest_first), self.checked)

    def quality(self) -> QualityBulletin:
        self._obey()
        return QualityBulletin(tuple(self.values), self.checked)
