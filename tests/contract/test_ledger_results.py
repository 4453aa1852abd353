"""What every ledger makes of WeChat's word on messages it took, and of citizens' acceptances."""

from collections.abc import Iterator

import pytest

from backends.ports import (
    Channel,
    CitizenErased,
    CitizenLeft,
    Lane,
    NoticeState,
    PushFinished,
    PushResult,
    SubscriptionsAnswered,
)
from tests.contract.pushes import (
    ANN,
    BEN,
    LATER,
    Desk,
    fake_desk,
    settled,
    sql_desk,
)
from tests.contract.requests import HOUR, MINUTE, NOON, QIN, SECOND, WEI

ACCEPTED, DELIVERED, UNKNOWN = NoticeState.ACCEPTED, NoticeState.DELIVERED, NoticeState.UNKNOWN
PLANNED, SKIPPED, KEPT, HELD = (
    NoticeState.PLANNED,
    NoticeState.SKIPPED,
    NoticeState.KEPT,
    NoticeState.HELD,
)
SUCCESS, USER_BLOCK, SYSTEM_FAILED = PushResult
SOON = LATER + SECOND


def sweep(desk: Desk, limit: int = 100) -> dict[str, int]:
    swept = desk.ledger.sweep(SOON, silent_before=SOON - HOUR, limit=limit)
    return {what: count for what, count in swept.items() if count}


class ResultsContract:
    @pytest.mark.parametrize("way", ["port", "effect"])
    def test_a_success_closes_the_message_once(self, desk: Desk, way: str) -> None:
        desk.plan("1")
        desk.accept(7)
        for result in (SUCCESS, SYSTEM_FAILED, USER_BLOCK):
            if way == "port":
                desk.ledger.result(7, WEI, result, SOON)
            else:
                desk.records.commit([PushFinished(WEI, 7, result, SOON)])
        assert desk.counts() == {DELIVERED: 1}
        assert sweep(desk) == {}

    def test_a_blocked_one_waits_for_the_next_message_only(self, desk: Desk) -> None:
        desk.plan("1")
        desk.accept(7)
        for _ in range(2):
            desk.ledger.result(7, WEI, USER_BLOCK, SOON)
        (found,) = desk.claim(BEN, SOON)
        assert (found.channel, found.unsure_since) == (Channel.NEXT_MESSAGE, None)
        assert desk.ledger.reasons(desk.run().run_id) == {(NoticeState.CLAIMED, "user_block"): 1}

    def test_a_failed_one_is_tried_once_more_the_same_way_then_the_next(self, desk: Desk) -> None:
        desk.plan("1")
        channels = list[tuple[Channel, int]]()
        for msg_id in range(1, 5):
            (found,) = desk.claim(now=SOON)
            channels.append((found.channel, found.failures))
            accepted = settled(found, ACCEPTED, msg_id=msg_id, channel=found.channel)
            desk.ledger.settle([accepted], worker=ANN, now=SOON)
            for _ in range(2):
                desk.ledger.result(msg_id, WEI, SYSTEM_FAILED, SOON)
            desk.ledger.result(msg_id - 1, WEI, SUCCESS, SOON)
        template, subscription = Channel.TEMPLATE, Channel.SUBSCRIPTION
        assert channels == [(template, 0), (template, 1), (subscription, 2), (subscription, 3)]
        assert desk.claim(now=SOON)[0].channel is Channel.CHAT

    def test_a_result_that_comes_too_early_is_parked_until_the_sweep(self, desk: Desk) -> None:
        desk.plan("1")
        claimed = desk.claim()
        for result in (SUCCESS, SYSTEM_FAILED):
            desk.ledger.result(7, WEI, result, LATER)
        assert sweep(desk) == {}
        desk.settle(claimed, ACCEPTED, msg_id=7)
        assert desk.counts() == {ACCEPTED: 1}
        assert sweep(desk) == {"matched": 1}
        assert desk.counts() == {DELIVERED: 1}
        assert sweep(desk) == {}

    def test_a_result_of_another_citizens_message_changes_nothing(self, desk: Desk) -> None:
        desk.plan("1")
        desk.accept(7)
        desk.ledger.result(7, QIN, SUCCESS, SOON)
        desk.ledger.result(8, WEI, SUCCESS, SOON)
        assert sweep(desk) == {}
        assert desk.counts() == {ACCEPTED: 1}

    def test_what_nobody_heard_of_is_unknown_until_somebody_does(self, desk: Desk) -> None:
        desk.plan("1", "2", "3", at=NOON - 2 * HOUR)
        for msg_id in (1, 2):
            desk.accept(msg_id, NOON - HOUR)
        desk.accept(3, NOON)
        assert sweep(desk, limit=1) == {"silent": 1}
        assert sweep(desk) == {"silent": 1}
        assert sweep(desk) == {}
        assert desk.ledger.runs(NOON.date())[0].counts == {UNKNOWN: 2, ACCEPTED: 1}
        desk.ledger.result(1, WEI, SUCCESS, SOON)
        assert desk.ledger.runs(NOON.date())[0].counts == {UNKNOWN: 1, DELIVERED: 1, ACCEPTED: 1}

    def test_what_is_of_no_use_any_more_is_skipped(self, desk: Desk) -> None:
        desk.plan("kept", valid_until=SOON - SECOND)
        desk.settle(desk.claim(), KEPT, channel=Channel.NEXT_MESSAGE)
        desk.plan("held", valid_until=SOON - SECOND)
        desk.ledger.pause(desk.run().run_id, NOON)
        desk.ledger.resume(desk.run().run_id, NOON)
        desk.plan("valid", valid_until=SOON)
        desk.plan("always")
        assert sweep(desk) == {"stale": 2}
        assert desk.counts() == {SKIPPED: 2, PLANNED: 2}
        assert desk.ledger.reasons(desk.run().run_id) == {(SKIPPED, "stale"): 2}

    def test_a_result_finds_its_run_paused(self, desk: Desk) -> None:
        desk.plan("1")
        desk.accept(7)
        desk.ledger.pause(desk.run().run_id, SOON)
        desk.ledger.result(7, WEI, SYSTEM_FAILED, SOON)
        assert desk.counts() == {HELD: 1}

    def test_messages_count_for_the_quota_and_for_their_citizen(self, desk: Desk) -> None:
        desk.plan("bill", "chat", "late")
        desk.plan("urgent", lane=Lane.URGENT)
        desk.accept(1)
        desk.accept(2)
        (chat,) = desk.claim(limit=1)
        desk.settle([chat], DELIVERED, channel=Channel.CHAT)
        desk.accept(3, SOON)
        desk.plan("next", at=SOON)
        standing = desk.ledger.standing(desk.claim(now=SOON), pushed_since=LATER)
        assert dict(standing.pushed) == {WEI: 3}
        assert desk.ledger.accepted_since(LATER) == 3
        assert desk.ledger.accepted_since(SOON) == 1
        assert desk.ledger.accepted_since(SOON + SECOND) == 0

    def test_an_answer_counts_once_and_each_message_uses_one_up(self, desk: Desk) -> None:
        for n, key in enumerate(("a", "b", "b")):
            answered = SubscriptionsAnswered(WEI, key, {"T1": True, "T2": n == 0}, NOON)
            desk.records.commit([answered])
        desk.plan("1", "2", "3", openid=WEI)
        assert acceptances(desk) == {(WEI, "T1"): 2}
        for msg_id in (1, 2, 3):
            desk.accept(msg_id, channel=Channel.SUBSCRIPTION, template_id="T1")
            desk.plan(f"more {msg_id}")
            assert acceptances(desk).get((WEI, "T1"), 0) == max(2 - msg_id, 0)

    def test_a_refusal_takes_back_what_was_accepted_before_it(self, desk: Desk) -> None:
        desk.plan("1")
        left_over = []
        for minute, accepts in ((1, True), (3, False), (2, True), (4, True)):
            answers, at = {"T1": accepts}, NOON + minute * MINUTE
            desk.records.commit([SubscriptionsAnswered(WEI, f"{minute}", answers, at)])
            left_over.append(acceptances(desk).get((WEI, "T1"), 0))
        assert left_over == [1, 0, 0, 1]

    def test_a_long_term_acceptance_is_never_used_up(self, long_term_desk: Desk) -> None:
        desk = long_term_desk
        desk.records.commit([SubscriptionsAnswered(WEI, "a", {"T1": True}, NOON)])
        desk.plan("1", "2")
        desk.accept(1, channel=Channel.SUBSCRIPTION, template_id="T1")
        assert acceptances(desk) == {(WEI, "T1"): 1}

    def test_erasing_takes_acceptances_and_parked_results(self, desk: Desk) -> None:
        desk.records.commit([SubscriptionsAnswered(WEI, "a", {"T1": True}, NOON)])
        desk.ledger.result(7, WEI, SUCCESS, NOON)
        desk.plan("1")
        desk.records.commit([CitizenErased(WEI, LATER)])
        desk.plan("2", at=LATER)
        assert acceptances(desk) == {}
        desk.accept(7)
        assert sweep(desk) == {}
        desk.records.commit([SubscriptionsAnswered(WEI, "a", {"T1": True}, NOON)])
        desk.plan("3", at=LATER)
        assert acceptances(desk) == {}

    def test_who_has_left_is_seen_in_the_standing(self, desk: Desk) -> None:
        desk.plan("1")
        desk.plan("2", openid=QIN)
        desk.records.commit([CitizenLeft(QIN, LATER)])
        standing = desk.ledger.standing(desk.claim(), pushed_since=NOON)
        assert standing.following == {WEI}
        assert desk.ledger.standing((), pushed_since=NOON).following == frozenset()


def acceptances(desk: Desk) -> dict[tuple[str, str], int]:
    """Looked at by a worker who then gives back what it took."""
    claimed = desk.claim(BEN)
    standing = desk.ledger.standing(claimed, pushed_since=NOON)
    desk.settle(claimed, PLANNED, BEN)
    return dict(standing.acceptances)


class TestTheDouble(ResultsContract):
    @pytest.fixture
    def desk(self) -> Desk:
        return fake_desk()

    @pytest.fixture
    def long_term_desk(self) -> Desk:
        return fake_desk(long_term=True)


class TestEachDatabase(ResultsContract):
    @pytest.fixture
    def desk(self, upgraded_url: str) -> Iterator[Desk]:
        with sql_desk(upgraded_url) as desk:
            yield desk

    @pytest.fixture
    def long_term_desk(self, upgraded_url: str) -> Iterator[Desk]:
        with sql_desk(upgraded_url, long_term=True) as desk:
            yield desk
