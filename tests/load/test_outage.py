"""CSMS and the hotline down while citizens submit, workers killed, then everything is back."""

from pathlib import Path

from tests.load.outage import audit
from tests.load.outage.run import Sizes, run
from tests.load.outage.world import HASTY_WORKER, Plan, running_utility

SMALL = Sizes(
    citizens=10,
    each=10,
    at_once=10,
    pictures=3,
    kill_every_s=3.0,
    lasts_s=4.0,
    settles_s=60.0,
    thinks_s=0.15,
)


def test_all_that_was_submitted_while_the_desks_were_down_is_delivered_once_and_told_once(
    tmp_path: Path,
) -> None:
    with running_utility(tmp_path, Plan(accounts=1000, worker=HASTY_WORKER)) as utility:
        report = run(utility, SMALL)
        found = audit.audit(utility, report)
    assert found.problems == []
    assert report.made_during_outage >= 100
    assert report.worker_kills >= 2
    assert report.web_kills >= 1
