"""Every cron job by its name: what it does, how often its timer runs it, how it is made.

jobs/crontab holds the hours; a test holds it to this list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from jobs import making
from jobs.planning.bills import OpenedBills
from jobs.planning.payment import PaymentReminders
from jobs.planning.spot_checks import SpotChecks
from jobs.planning.visits import Visits

DAILY, HOURLY = timedelta(days=1), timedelta(hours=1)
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Entry:
    """`every`: None where the worker does it all the time, and the command is for hands."""

    about: str
    make: making.Make
    every: timedelta | None = DAILY
    takes_a_day: bool = False


JOBS: Mapping[str, Entry] = {
    "remind_reading": Entry("抄表提醒: three days before the reading day", making.remind_reading),
    "push_bills": Entry(
        "账单推送: opened bills that no event told of", making.along(OpenedBills), HOURLY
    ),
    "remind_payment": Entry(
        "缴费提醒: three days before a bill falls due", making.along(PaymentReminders)
    ),
    "spot_checks": Entry("抽检: those that wait for a photo", making.along(SpotChecks)),
    "visits": Entry("上门抄表: those to be booked, those of tomorrow", making.along(Visits)),
    "notify_outages": Entry(
        "停水通知: what the website says, to whom it concerns", making.notify_outages, None
    ),
    "digest_quality": Entry("水质日报: to those who subscribed", making.digest_quality),
    "notify_results": Entry(
        "结果通知: decisions of CSMS and the hotline", making.notify_results, None
    ),
    "deliver_submissions": Entry(
        "受理单: to CSMS and the hotline", making.deliver_submissions, None
    ),
    "sync_website": Entry("官网: outages and water quality", making.sync_website, None),
    "reconcile": Entry(
        "对账: WeChat's trade bill, our orders, CSMS", making.reconcile, takes_a_day=True
    ),
    "expire_dialogs": Entry(
        "过期对话: what was typed into them goes", making.expire_dialogs, HOURLY
    ),
    "purge": Entry("保存期限: what is past its time goes (docs/privacy.md)", making.purge),
    "queue_report": Entry(
        "队列报告: what waits, what is stuck, which jobs have not run",
        lambda settings, _: making.queue_report(settings, timers()),
        QUARTER,
    ),
}


def timers() -> dict[str, timedelta]:
    """How often each job that is on a timer runs."""
    return {name: entry.every for name, entry in JOBS.items() if entry.every}
