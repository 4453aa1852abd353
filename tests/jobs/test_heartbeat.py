"""How workers say what they are at."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backends.errors import BackendUnavailable
from backends.ports import Duty
from jobs.heartbeat import BEATS_EVERY, Heartbeat
from tests.fakes.job_log import FakeJobLog

NOON = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_it_is_said_no_more_often_than_needed() -> None:
    job_log, now = FakeJobLog(), NOON
    heartbeat = Heartbeat(Duty.LOOK, job_log, lambda: now)
    heard = []
    for _ in range(4):
        heartbeat.step()
        heard.append(job_log.last_seen()[Duty.LOOK])
        now += BEATS_EVERY / 2
    assert heard == [NOON, NOON, NOON + BEATS_EVERY, NOON + BEATS_EVERY]


def test_what_could_not_be_said_is_said_by_the_next_step() -> None:
    class Away(FakeJobLog):
        away = True

        def seen(self, duty: Duty, now: datetime) -> None:
            if self.away:
                raise BackendUnavailable("records", 1.0)
            super().seen(duty, now)

    job_log, now = Away(), NOON
    heartbeat = Heartbeat(Duty.CARRY, job_log, lambda: now)
    with pytest.raises(BackendUnavailable):
        heartbeat.step()
    job_log.away = False
    now += timedelta(seconds=1)
    heartbeat.step()
    assert job_log.last_seen() == {Duty.CARRY: now}
