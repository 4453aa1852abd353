"""What every ledger does with notices until they are settled: the double, and each database."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from backends.ports import (
    AccountsBound,
    Backlog,
    Channel,
    CitizenErased,
    CitizenLeft,
    Lane,
    NoticePlanned,
    NoticeState,
    NoticesTold,
)
from tests.contract.household import LAN, link
from tests.contract.pushes import ANN, BEN, LATER, Desk, fake_desk, keys, notice, sql_desk
from tests.contract.requests import HOUR, MINUTE, NOON, QIN, SECOND, WEI

PLANNED, KEPT, TOLD = NoticeState.PLANNED, NoticeState.KEPT, NoticeState.TOLD
SKIPPED, FAILED, DELIVERED = NoticeState.SKIPPED, NoticeState.FAILED, NoticeState.DELIVERED
LEASE_END = LATER + timedelta(seconds=90)


class LedgerContract:
    def test_planning_twice_is_planning_once(self, desk: Desk) -> None:
        assert desk.ledger.unplanned([notice("1"), notice("2"), notice("2")]) == 2
        assert desk.plan("1", "2", "2") == 2
        assert desk.plan("1", "2", "3") == 1
        assert desk.plan("1", openid=QIN) == 1
        assert desk.plan("1", kind="bill_due") == 1
        assert desk.plan() == 0
        assert desk.ledger.unplanned([notice("1"), notice("4")]) == 1

    def test_nothing_is_planned_for_who_is_unknown_or_has_left(self, desk: Desk) -> None:
        desk.records.commit([CitizenLeft(QIN, LATER)])
        assert desk.ledger.unplanned([notice("1", QIN), notice("1", LAN)]) == 0
        assert desk.plan("1", openid=QIN) == desk.plan("1", openid=LAN) == 0
        desk.records.commit([NoticePlanned(WEI, notice("2", QIN), LATER)])
        assert desk.claim() == ()

    def test_a_notice_of_a_turn_is_planned_with_it(self, desk: Desk) -> None:
        for _ in range(2):
            desk.records.commit([NoticePlanned(WEI, notice("1", QIN), NOON)])
        (found,) = desk.claim()
        assert found.notice == notice("1", QIN)

    def test_a_claimed_one_is_as_it_was_planned(self, desk: Desk) -> None:
        until = NOON + HOUR
        desk.plan("1", valid_until=until)
        (found,) = desk.claim()
        assert found.notice == notice("1", valid_until=until)
        assert (found.channel, found.attempts, found.unsure_since) == (Channel.TEMPLATE, 0, None)

    def test_what_is_not_due_yet_waits(self, desk: Desk) -> None:
        desk.plan("1", not_before=LATER + SECOND)
        assert desk.claim(now=LATER) == ()
        (found,) = desk.claim(now=LATER + SECOND)
        assert found.notice.not_before == LATER + SECOND

    def test_the_most_urgent_lane_goes_first_then_what_is_due_longest(self, desk: Desk) -> None:
        people = [f"oCitizen-{n}" for n in range(4)]
        desk.records.commit([AccountsBound(tuple(link(one) for one in people))])
        desk.plan("late", openid=people[0], at=NOON + SECOND)
        desk.plan("early", openid=people[1])
        desk.plan("digest", openid=people[2], lane=Lane.DIGEST)
        desk.plan("urgent", openid=people[3], at=NOON + SECOND, lane=Lane.URGENT)
        assert keys(desk.claim(limit=2)) == ["urgent", "early"]
        assert desk.claim(BEN, lanes=[Lane.URGENT, Lane.RESULT]) == ()
        assert keys(desk.claim(BEN)) == ["late", "digest"]

    def test_two_workers_never_hold_notices_of_one_citizen(self, desk: Desk) -> None:
        desk.plan("1", "2", "3")
        desk.plan("4", openid=QIN, at=NOON + SECOND)
        mine = desk.claim(limit=2)
        assert keys(mine) == ["1", "2"]
        assert keys(desk.claim(BEN)) == ["4"]
        assert desk.settle(mine, DELIVERED) == 2
        assert keys(desk.claim(BEN)) == ["3"]

    @pytest.mark.parametrize("fate", [KEPT, SKIPPED, FAILED, DELIVERED, NoticeState.UNKNOWN])
    def test_a_settled_one_is_not_claimed_again(self, desk: Desk, fate: NoticeState) -> None:
        desk.plan("1")
        assert desk.settle(desk.claim(), fate, reason="a_reason") == 1
        assert desk.claim(BEN, LEASE_END) == ()
        assert desk.counts() == {fate: 1}
        assert desk.ledger.reasons(desk.run().run_id) == {(fate, "a_reason"): 1}

    def test_one_to_be_tried_again_waits_and_goes_on_by_its_channel(self, desk: Desk) -> None:
        desk.plan("1")
        again = {"channel": Channel.CHAT, "reason": "busy", "unsure_since": NOON}
        desk.settle(desk.claim(), PLANNED, not_before=LATER + MINUTE, **again)
        assert desk.claim(BEN, LATER + 59 * SECOND) == ()
        (found,) = desk.claim(BEN, LATER + MINUTE)
        assert (found.channel, found.attempts, found.unsure_since) == (Channel.CHAT, 1, NOON)
        desk.settle([found], PLANNED, BEN, channel=Channel.CHAT)
        (sure,) = desk.claim(BEN, LATER + MINUTE)
        assert sure.unsure_since is None

    def test_what_a_dead_worker_held_is_unsure_since_it_was_claimed(self, desk: Desk) -> None:
        desk.plan("1")
        (mine,) = desk.claim()
        assert desk.claim(BEN, LEASE_END - SECOND) == ()
        (unsure,) = desk.claim(BEN, LEASE_END)
        assert (unsure.attempts, unsure.unsure_since) == (1, LATER)
        assert desk.settle([mine], DELIVERED) == 0
        (still,) = desk.claim(ANN, LEASE_END + timedelta(seconds=90))
        assert (still.attempts, still.unsure_since) == (2, LATER)
        assert desk.settle([unsure], DELIVERED, BEN) == 0
        assert desk.settle([still], DELIVERED) == 1

    def test_a_worker_that_is_late_may_settle_what_nobody_took(self, desk: Desk) -> None:
        desk.plan("1")
        assert desk.settle(desk.claim(), DELIVERED, now=LEASE_END + HOUR) == 1

    def test_each_of_a_batch_has_its_own_end(self, desk: Desk) -> None:
        desk.plan("1", "2", "3")
        one, two, three = desk.claim()
        count = desk.ledger.settle([], worker=ANN, now=LATER)
        count += desk.settle([one], KEPT, channel=Channel.NEXT_MESSAGE)
        count += desk.settle([two, three, one], DELIVERED)
        assert count == 3
        assert desk.counts() == {KEPT: 1, DELIVERED: 2}

    def test_kept_ones_are_offered_by_id_until_they_are_told(self, desk: Desk) -> None:
        desk.plan("1", "2", "3")
        desk.settle(desk.claim(), KEPT, channel=Channel.NEXT_MESSAGE)
        kept = desk.ledger.kept(after_id=0, limit=2)
        assert keys(kept) == ["1", "2"]
        assert keys(desk.ledger.kept(after_id=kept[-1].notice_id, limit=2)) == ["3"]
        ids = tuple(one.notice_id for one in kept)
        desk.records.commit([NoticesTold(QIN, ids, LATER)])
        assert len(desk.ledger.kept(after_id=0, limit=9)) == 3
        for _ in range(2):
            desk.records.commit([NoticesTold(WEI, ids, LATER), NoticesTold(WEI, (), LATER)])
            assert keys(desk.ledger.kept(after_id=0, limit=9)) == ["3"]

    def test_of_those_that_waited_some_are_pointless_by_now(self, desk: Desk) -> None:
        desk.plan("1", "2", "3")
        desk.settle(desk.claim(), KEPT, channel=Channel.NEXT_MESSAGE)
        one, two, three = (kept.notice_id for kept in desk.ledger.kept(after_id=0, limit=9))
        for _ in range(2):
            desk.records.commit([NoticesTold(WEI, (one,), LATER, pointless=(two,))])
            assert desk.counts() == {KEPT: 1, TOLD: 1, SKIPPED: 1}
        assert desk.ledger.reasons(desk.run().run_id) == {(SKIPPED, "pointless"): 1}
        known = desk.records.notices(WEI, [one, two, three, three + 1])
        assert {number: known[number].key for number in known} == {one: "1", three: "3"}
        assert desk.records.notices(QIN, [one]) == {}
        assert desk.records.notices(WEI, []) == {}

    def test_one_told_while_it_is_being_kept_stays_told(self, desk: Desk) -> None:
        """The citizen's message came between the two steps of keeping it."""
        desk.plan("1")
        (found,) = desk.claim()
        desk.records.commit([NoticesTold(WEI, (found.notice_id,), LATER)])
        assert desk.settle([found], KEPT) == 0
        assert desk.counts() == {TOLD: 1}

    def test_one_that_went_out_or_waits_is_not_marked_as_told(self, desk: Desk) -> None:
        desk.plan("1", "2")
        (found,) = desk.claim(limit=1)
        desk.settle([found], DELIVERED)
        desk.records.commit([NoticesTold(WEI, (found.notice_id, found.notice_id + 1), LATER)])
        assert desk.counts() == {DELIVERED: 1, PLANNED: 1}

    def test_the_backlog_is_what_is_due_and_held_by_nobody(self, desk: Desk) -> None:
        desk.plan("1", "2", at=NOON)
        desk.plan("3", not_before=NOON + HOUR)
        desk.plan("4", openid=QIN, lane=Lane.URGENT)
        assert desk.ledger.backlog(LATER) == (
            Backlog(Lane.URGENT, 1, NOON),
            Backlog(Lane.BILL, 2, NOON),
        )
        desk.claim()
        assert desk.ledger.backlog(LATER) == ()
        assert [one.waiting for one in desk.ledger.backlog(LEASE_END)] == [1, 2]

    def test_who_has_their_data_deleted_is_told_nothing_more(self, desk: Desk) -> None:
        desk.plan("1", "2")
        held = desk.claim(limit=1)
        desk.records.commit([CitizenErased(WEI, LATER)])
        assert desk.settle(held, DELIVERED) == 0
        assert desk.claim(BEN, LEASE_END) == ()
        assert desk.records.holdings(WEI).notices == 0


class TestTheDouble(LedgerContract):
    @pytest.fixture
    def desk(self) -> Desk:
        return fake_desk()


class TestEachDatabase(LedgerContract):
    @pytest.fixture
    def desk(self, upgraded_url: str) -> Iterator[Desk]:
        with sql_desk(upgraded_url) as desk:
            yield desk

    def test_claims_of_many_workers_never_overlap(self, desk: Desk) -> None:
        people = [f"oCitizen-{n:02d}" for n in range(30)]
        desk.records.commit([AccountsBound(tuple(link(one) for one in people))])
        desk.ledger.plan([notice(f"{n}", one) for n in range(4) for one in people], NOON)
        sent, holders = list[tuple[str, str]](), set[str]()
        guard, broken = threading.Lock(), list[str]()

        def work(worker: str) -> None:
            while len(sent) < 120:
                claimed = desk.claim(worker, limit=7)
                openids = {one.notice.openid for one in claimed}
                with guard:
                    broken.extend(openids & holders)
                    holders.update(openids)
                    sent.extend((one.notice.openid, one.notice.key) for one in claimed)
                desk.ledger.standing(claimed, pushed_since=NOON)
                with guard:
                    holders.difference_update(openids)
                assert desk.settle(claimed, DELIVERED, worker) == len(claimed)

        threads = [threading.Thread(target=work, args=(f"worker-{n}",)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert broken == []
        assert len(sent) == len(set(sent)) == 120

    def test_two_who_plan_the_same_at_once_plan_it_once(self, desk: Desk) -> None:
        planned = [notice(f"{n}") for n in range(50)]
        counts = list[int]()
        threads = [
            threading.Thread(target=lambda: counts.append(desk.ledger.plan(planned, NOON)))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(counts) == 50
        assert len(desk.claim(limit=99)) == 50
