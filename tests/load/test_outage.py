"""CSMS and the hotline down while citizens submit, workers killed, then everything is back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.load.outage import audit
from tests.load.outage.crew import HASTY_WORKER
from tests.load.outage.run import Report, Sizes, run
from tests.load.outage.world import Plan, Utility, running_utility

SMALL = Sizes(
    citizens=10,
    each=10,
    at_once=10,
    pictures=4,
    kill_every_s=2.5,
    lasts_s=3.0,
    settles_s=60.0,
    thinks_s=0.1,
)


@dataclass
class Outage:
    utility: Utility
    report: Report

    def problems(self) -> list[str]:
        return audit.audit(self.utility, self.report).problems


def lose_a_request(outage: Outage) -> None:
    with outage.utility.hotline.writing() as db:
        db.execute("DELETE FROM request WHERE number = (SELECT max(number) FROM request)")


def invent_a_request(outage: Outage) -> None:
    with outage.utility.office.begin() as db:
        db.exec_driver_sql(
            "INSERT INTO wx_request (request_no, kind, acct_no, payload, created_at)"
            " VALUES ('W2611220000000', 'reading', '3100000017', '{}', '2026-11-22 12:00:00')"
        )


def turn_the_order_round(outage: Outage) -> None:
    with outage.utility.hotline.writing() as db:
        db.execute("UPDATE request SET rowid = -rowid")


def lose_a_submission(outage: Outage) -> None:
    with outage.utility.records.begin() as db:
        db.exec_driver_sql(
            "DELETE FROM submission WHERE number = (SELECT max(number)"
            " FROM submission WHERE kind = 'fault')"
        )


def plan_a_notice_too_many(outage: Outage) -> None:
    with outage.utility.records.begin() as db:
        db.exec_driver_sql(
            "INSERT INTO notification (kind, notice_key, full_key, openid, acct_no, view_values,"
            " lane, state, channel, due_at, wanted_at, attempts, claimed_by, reason, failures,"
            " failed_on, created_at, updated_at) SELECT kind, 'csms:1:', 'too many', openid,"
            " acct_no, view_values, lane, state, channel, due_at, wanted_at, 1, '', '', 0, '',"
            " created_at, updated_at FROM notification"
            " WHERE id = (SELECT max(id) FROM notification)"
        )


def say_it_again_and_again(outage: Outage) -> None:
    world = outage.utility.wechat
    told = next(
        one for one in outage.report.citizens if "报修处理好了" in "".join(one.phone.read())
    )
    for words in told.phone.read() * 2:
        citizen = world.citizen(told.phone.openid)
        world.show(citizen, "account", "customer_service", "text", text=words)


SPOILT = [
    pytest.param(say_it_again_and_again, "told 3 times", id="told again and again"),
    pytest.param(turn_the_order_round, "another order", id="out of order"),
    pytest.param(lose_a_request, "1 missing of Arrived", id="a request lost"),
    pytest.param(invent_a_request, "1 too many of Arrived", id="a request nobody made"),
    pytest.param(plan_a_notice_too_many, "notices: 1 too many", id="a notice nobody caused"),
    pytest.param(lose_a_submission, "in the database: None", id="a submission lost"),
]


@pytest.fixture(scope="module")
def outage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outage]:
    folder = tmp_path_factory.mktemp("outage")
    with running_utility(folder, Plan(accounts=1000, worker=HASTY_WORKER)) as utility:
        yield Outage(utility, run(utility, SMALL))


def test_all_that_was_submitted_while_the_desks_were_down_is_delivered_once_and_told_once(
    outage: Outage,
) -> None:
    assert outage.problems() == []
    assert outage.report.made_during_outage >= 100
    assert outage.report.worker_kills >= 2
    assert outage.report.web_kills >= 1


@pytest.mark.parametrize(("spoil", "said"), SPOILT)
def test_the_judge_of_an_outage_sees_what_is_missing_twice_or_out_of_order(
    outage: Outage, spoil: Callable[[Outage], None], said: str
) -> None:
    """The last test of this run: what is spoilt stays so."""
    spoil(outage)
    assert any(said in problem for problem in outage.problems())
