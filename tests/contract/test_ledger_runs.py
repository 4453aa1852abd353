"""What every ledger knows of runs, and of whom a notice concerns."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from backends.ports import (
    AccountsBound,
    BindingEnded,
    CitizenFollowed,
    CitizenLeft,
    Effect,
    Lane,
    NoticeState,
    Role,
    RunState,
    SubmissionKind,
    SubmissionState,
    Topic,
    TopicChosen,
)
from tests.contract.household import LAN, invited, link
from tests.contract.pushes import BEN, LATER, Desk, fake_desk, keys, sql_desk
from tests.contract.requests import HOME, HOUR, NOON, QIN, SECOND, SHOP, WEI, made

PLANNED, HELD, CLAIMED, SKIPPED = (
    NoticeState.PLANNED,
    NoticeState.HELD,
    NoticeState.CLAIMED,
    NoticeState.SKIPPED,
)
ACCEPTED, DELIVERED = NoticeState.ACCEPTED, NoticeState.DELIVERED
DAY = timedelta(days=1)


def chooses(openid: str, topic: Topic, *, wanted: bool) -> Effect:
    return TopicChosen(openid, topic, wanted=wanted, at=NOON)


class RunsContract:
    def test_a_run_is_what_was_planned_of_a_kind_on_one_day_in_shanghai(self, desk: Desk) -> None:
        midnight = NOON.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
        desk.plan("1", "2", at=midnight - SECOND)
        desk.plan("3", at=midnight)
        desk.plan("1", at=midnight, kind="bill_due")
        desk.plan("1", at=midnight + SECOND, kind="bill_due", openid=QIN)
        found = desk.ledger.runs(NOON.date())
        assert [(run.day, run.kind, sum(run.counts.values())) for run in found][2:] == [
            (NOON.date(), "bill_opened", 2)
        ]
        assert {(run.kind, sum(run.counts.values())) for run in found[:2]} == {
            ("bill_due", 2),
            ("bill_opened", 1),
        }
        assert len(desk.ledger.runs(midnight.date())) == 2
        assert desk.ledger.runs(midnight.date() + DAY) == ()

    def test_prompt_is_what_wechat_took_within_ten_seconds(self, desk: Desk) -> None:
        for n, seconds in enumerate((10, 11)):
            desk.plan(f"{n}", not_before=NOON + HOUR)
            desk.accept(n, NOON + HOUR + seconds * SECOND)
        desk.plan("tried again", at=NOON)
        desk.settle(desk.claim(now=NOON), PLANNED, now=NOON, not_before=NOON + HOUR)
        desk.accept(3, NOON + HOUR)
        desk.plan("chat", at=NOON)
        desk.settle(desk.claim(now=NOON), DELIVERED, now=NOON)
        run = desk.run()
        assert (run.state, run.accepted, run.prompt) == (RunState.ACTIVE, 4, 2)
        assert dict(run.counts) == {ACCEPTED: 3, DELIVERED: 1}

    def test_a_paused_run_waits_until_it_is_resumed(self, desk: Desk) -> None:
        desk.plan("1", "2", "3")
        desk.plan("other", kind="bill_due")
        (mine,) = desk.claim(limit=1)
        run_id = desk.ledger.runs(NOON.date())[-1].run_id
        assert desk.ledger.pause(run_id, LATER) == 2
        assert desk.ledger.pause(run_id, LATER) == 0
        assert desk.plan("4") == 1
        assert desk.settle([mine], PLANNED) == 1
        assert [one.notice.kind for one in desk.claim(BEN)] == ["bill_due"]
        run = desk.ledger.runs(NOON.date())[-1]
        assert (run.state, dict(run.counts)) == (RunState.PAUSED, {HELD: 4})
        assert desk.ledger.resume(run_id, LATER) == 4
        assert desk.ledger.resume(run_id, LATER) == 0
        assert keys(desk.claim(BEN, LATER + HOUR)) == ["1", "2", "3", "other", "4"]

    def test_a_cancelled_run_is_over_for_good(self, desk: Desk) -> None:
        desk.plan("1", "2", "3")
        (mine,) = desk.claim(limit=1)
        run_id = desk.run().run_id
        desk.ledger.pause(run_id, LATER)
        assert desk.ledger.cancel(run_id, LATER) == 2
        desk.plan("4")
        desk.settle([mine], PLANNED, reason="busy")
        assert desk.ledger.resume(run_id, LATER) == desk.ledger.pause(run_id, LATER) == 0
        assert desk.claim(BEN) == ()
        assert (desk.run().state, desk.counts()) == (RunState.CANCELLED, {SKIPPED: 4})
        assert desk.ledger.reasons(run_id) == {(SKIPPED, "cancelled"): 4}

    def test_what_a_worker_holds_may_still_go_out_when_its_run_is_stopped(self, desk: Desk) -> None:
        desk.plan("1")
        held = desk.claim()
        assert desk.ledger.cancel(desk.run().run_id, LATER) == 0
        assert desk.counts() == {CLAIMED: 1}
        assert desk.settle(held, DELIVERED) == 1

    def test_a_run_of_earlier_days_is_unfinished_while_it_is_paused_or_something_is_open(
        self, desk: Desk
    ) -> None:
        kinds = "planned", "held", "claimed", "kept", "done", "paused"
        for kind in kinds:
            desk.plan("1", kind=kind, not_before=NOON + HOUR if kind == "planned" else None)
        ids = {run.kind: run.run_id for run in desk.ledger.runs(NOON.date())}
        assert desk.ledger.unfinished(NOON.date()) == ()
        desk.ledger.pause(ids["held"], LATER)
        claimed = {one.notice.kind: one for one in desk.claim()}
        desk.settle([claimed["kept"]], NoticeState.KEPT)
        desk.settle([claimed["done"], claimed["paused"]], DELIVERED)
        desk.ledger.pause(ids["paused"], LATER)
        found = desk.ledger.unfinished(NOON.date() + 300 * DAY)
        assert [run.kind for run in found] == ["paused", "claimed", "held", "planned"]
        assert dict(found[2].counts) == {HELD: 1}
        assert desk.ledger.paused() == (found[0], found[2])
        assert desk.ledger.run(ids["done"]) == desk.ledger.runs(NOON.date())[-5]

    def test_until_when_planned_ones_wait_is_told_by_reason(self, desk: Desk) -> None:
        desk.plan("now")
        desk.plan("1", "2", openid=QIN)
        first, second = desk.claim(limit=3)[1:]
        desk.settle([first], PLANNED, reason="quiet", not_before=NOON + 2 * HOUR)
        desk.settle([second], PLANNED, reason="quiet", not_before=NOON + HOUR)
        assert desk.ledger.waits(desk.run().run_id) == {"quiet": NOON + HOUR}
        desk.plan("later", not_before=NOON + DAY)
        waits = desk.ledger.waits(desk.run().run_id)
        assert waits == {"": NOON + DAY, "quiet": NOON + HOUR}

    def test_an_unknown_run_is_nothing_to_pause(self, desk: Desk) -> None:
        for change in (desk.ledger.pause, desk.ledger.resume, desk.ledger.cancel):
            assert change(99, LATER) == 0
        assert desk.ledger.reasons(99) == desk.ledger.waits(99) == {}
        assert desk.ledger.run(99) is None

    def test_concerned_are_those_in_the_roles_who_follow_us(self, desk: Desk) -> None:
        ours = link(acct_no=SHOP), link(), invited(QIN)
        gone = link(LAN), link(LAN, SHOP)
        desk.records.commit([AccountsBound(ours), AccountsBound(gone), CitizenLeft(LAN, LATER)])
        asked = [HOME, SHOP, "0100000099"]
        found = desk.ledger.concerned(asked, roles=Role, topic=None)
        assert set(found) == set(ours)
        (payer,) = desk.ledger.concerned(asked, roles=[Role.PAYER, Role.READER], topic=None)
        assert payer == invited(QIN)
        assert desk.ledger.concerned([], roles=Role, topic=None) == ()
        desk.records.commit([BindingEnded(WEI, HOME, NOON + 2 * HOUR)])
        assert desk.ledger.concerned([HOME], roles=Role, topic=None) == ()

    def test_a_topic_is_for_all_who_did_not_refuse_or_only_for_who_asked(self, desk: Desk) -> None:
        people = (WEI, QIN, LAN)
        desk.records.commit([AccountsBound(tuple(link(one) for one in people))])
        desk.records.commit([chooses(WEI, topic, wanted=True) for topic in Topic])
        desk.records.commit([chooses(QIN, topic, wanted=False) for topic in Topic])
        for topic, wanted_by in (
            (Topic.BILL, {WEI, LAN}),
            (Topic.READING, {WEI, LAN}),
            (Topic.OUTAGE, {WEI}),
            (Topic.WATER_QUALITY, {WEI}),
        ):
            found = desk.ledger.concerned([HOME], roles=[Role.OWNER], topic=topic)
            assert {one.openid for one in found} == wanted_by
            assert set(desk.ledger.subscribers(topic, after="", limit=9)) == wanted_by

    @pytest.mark.parametrize("topic", [Topic.OUTAGE, Topic.NEWS])
    def test_subscribers_come_a_page_at_a_time(self, desk: Desk, topic: Topic) -> None:
        people = [f"oa{n}" for n in range(6)]
        desk.records.commit([CitizenFollowed(one, NOON) for one in people])
        desk.records.commit([chooses(one, topic, wanted=True) for one in people])
        desk.records.commit([CitizenLeft("oa1", LATER), chooses("oa2", topic, wanted=False)])
        assert desk.ledger.subscribers(topic, after="oa0", limit=2) == ("oa3", "oa4")
        desk.records.commit([CitizenLeft(one, LATER) for one in (WEI, QIN)])
        assert desk.ledger.subscribers(topic, after="oa4", limit=2) == ("oa5",)

    def test_bindings_of_several_come_by_citizen(self, desk: Desk) -> None:
        second = link(acct_no=SHOP, at=NOON + SECOND)
        desk.records.commit([AccountsBound((second, link(), link(QIN), link(LAN)))])
        assert desk.ledger.bindings_of([WEI, QIN]) == (link(), second, link(QIN))
        assert desk.ledger.bindings_of([]) == ()

    def test_earlier_notices_of_some_kinds_come_as_they_were_planned(self, desk: Desk) -> None:
        desk.plan("1", "2", kind="outage_planned")
        desk.plan("1", kind="outage_changed", at=LATER, view={"ends_at": "2026-11-22T15:00"})
        desk.plan("1", kind="bill_due")
        desk.plan("3", kind="outage_planned", openid=QIN)
        (first, _) = desk.claim(lanes=[Lane.BILL], limit=2)
        desk.settle([first], SKIPPED)
        wanted = ["outage_changed", "outage_planned"]
        second, changed = desk.ledger.earlier(wanted, [WEI, "oNOBODY"])
        assert (second.notice.key, second.planned_at) == ("2", NOON)
        assert (changed.notice.kind, changed.planned_at) == ("outage_changed", LATER)
        assert changed.notice.view == {"ends_at": "2026-11-22T15:00"}
        assert desk.ledger.earlier(wanted, []) == desk.ledger.earlier([], [WEI]) == ()

    def test_accounts_for_which_something_was_asked_lately_and_not_returned(
        self, desk: Desk
    ) -> None:
        returned = SubmissionState.RETURNED
        desk.records.commit(
            [made(1), made(2, SHOP, state=returned), made(3, "3100000033", created_at=NOON - DAY)]
        )
        numbers = [HOME, SHOP, "3100000033"]
        asked = desk.ledger.asked_for(SubmissionKind.READING, numbers, NOON - HOUR)
        assert asked == {HOME}
        assert desk.ledger.asked_for(SubmissionKind.VISIT, numbers, NOON - HOUR) == frozenset()
        assert desk.ledger.asked_for(SubmissionKind.READING, [], NOON) == frozenset()

    def test_the_standing_says_what_a_notice_hangs_on(self, desk: Desk) -> None:
        desk.records.commit([AccountsBound((link(), link(LAN)))])
        desk.records.commit([chooses(WEI, Topic.BILL, wanted=False)])
        desk.plan("1")
        desk.plan("2", openid=QIN)
        standing = desk.ledger.standing(desk.claim(), pushed_since=NOON)
        assert standing.following == {WEI, QIN}
        assert standing.bound == {(WEI, HOME)}
        assert standing.choices == {(WEI, Topic.BILL): False}
        assert (dict(standing.pushed), dict(standing.acceptances)) == ({}, {})


class TestTheDouble(RunsContract):
    @pytest.fixture
    def desk(self) -> Desk:
        return fake_desk()


class TestEachDatabase(RunsContract):
    @pytest.fixture
    def desk(self, upgraded_url: str) -> Iterator[Desk]:
        with sql_desk(upgraded_url) as desk:
            yield desk

    def test_nothing_slips_through_while_a_run_is_paused(self, desk: Desk) -> None:
        """Planned, claimed and put back by others at the same moment."""
        desk.plan("first")
        run_id, stop = desk.run().run_id, threading.Event()

        def plan() -> None:
            for n in range(40):
                desk.plan(*(f"{n}-{m}" for m in range(5)), lane=Lane.RESULT)

        def put_back() -> None:
            while not stop.is_set():
                desk.settle(desk.claim(BEN, limit=3), PLANNED, BEN)

        threads = [threading.Thread(target=work) for work in (plan, put_back)]
        for thread in threads:
            thread.start()
        desk.ledger.pause(run_id, LATER)
        threads[0].join()
        stop.set()
        threads[1].join()
        assert desk.counts() == {HELD: 201}
        assert desk.claim(now=LATER + HOUR) == ()
