"""Notices reach each citizen in order and, as far as anybody can know, once. On each database."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

import pytest

from backends.ports import (
    Changes,
    CitizenFollowed,
    Notice,
    NoticeState,
    NoticesTold,
    Records,
    StoredNotice,
)
from backends.records.adapter import open_records
from backends.records.outbox import SqlOutbox, open_outbox
from tests.contract.requests import HOUR, MINUTE, NOON, QIN, SECOND, WEI
from tests.contract.test_outbox import ANN, BEN, LATER

PLANNED, SENDING, SENT, KEPT, TOLD, SKIPPED = NoticeState


@pytest.fixture
def records(upgraded_url: str) -> Iterator[Records]:
    with closing(open_records(upgraded_url, pool_size=1, statement_timeout_s=20)) as records:
        records.commit([CitizenFollowed(WEI, NOON), CitizenFollowed(QIN, NOON)])
        yield records


@pytest.fixture
def outbox(records: Records, upgraded_url: str) -> Iterator[SqlOutbox]:
    with closing(open_outbox(upgraded_url, pool_size=8, statement_timeout_s=20)) as outbox:
        yield outbox


def plan(outbox: SqlOutbox, *keys: str, openid: str = WEI) -> None:
    cursor = outbox.hold("events", worker=ANN, now=NOON, lease_s=60)
    assert cursor is not None
    planned = tuple(Notice("bill_opened", key, openid, "", {"amount": "56.70"}) for key in keys)
    assert outbox.take_event("events", cursor + 1, Changes((), planned), worker=ANN, now=NOON)


def claim(outbox: SqlOutbox, worker: str = ANN, now: datetime = LATER) -> tuple[StoredNotice, ...]:
    return outbox.claim_notices(worker=worker, now=now, lease_s=60, limit=10)


def keys(found: tuple[StoredNotice, ...]) -> list[str]:
    return [one.notice.key for one in found]


def settle(outbox: SqlOutbox, one: StoredNotice, state: NoticeState, worker: str = ANN) -> None:
    outbox.settle_notice(one.notice_id, state, worker=worker, now=LATER)


def test_one_notice_of_each_citizen_is_claimed_the_oldest_first(outbox: SqlOutbox) -> None:
    plan(outbox, "1", "2")
    plan(outbox, "3", openid=QIN)
    found = claim(outbox)
    assert keys(found) == ["1", "3"]
    assert {one.state for one in found} == {PLANNED}
    assert found[0].notice == Notice("bill_opened", "1", WEI, "", {"amount": "56.70"})
    assert claim(outbox, BEN) == ()


@pytest.mark.parametrize("fate", [SENT, KEPT, SKIPPED, TOLD])
def test_the_next_one_follows_when_the_first_is_settled(
    outbox: SqlOutbox, fate: NoticeState
) -> None:
    plan(outbox, "1", "2")
    settle(outbox, claim(outbox)[0], fate)
    assert keys(claim(outbox, BEN)) == ["2"]
    assert keys(outbox.kept_notices(after_id=0, limit=9)) == (["1"] if fate is KEPT else [])


def test_one_that_could_not_be_tried_is_planned_again_and_keeps_its_place(
    outbox: SqlOutbox,
) -> None:
    plan(outbox, "1", "2")
    settle(outbox, claim(outbox)[0], PLANNED)
    (again,) = claim(outbox, BEN)
    assert (again.notice.key, again.state) == ("1", PLANNED)


def test_one_whose_worker_died_is_answered_as_perhaps_sent(outbox: SqlOutbox) -> None:
    plan(outbox, "1", "2")
    claim(outbox)
    assert claim(outbox, BEN, LATER + 59 * SECOND) == ()
    (unsure,) = claim(outbox, BEN, LATER + MINUTE)
    assert (unsure.notice.key, unsure.state) == ("1", SENDING)
    settle(outbox, unsure, SENDING, BEN)
    (still,) = claim(outbox, ANN, LATER + MINUTE)
    assert (still.notice.key, still.state) == ("1", SENDING)


def test_a_worker_that_was_replaced_settles_nothing(outbox: SqlOutbox) -> None:
    plan(outbox, "1", "2")
    (mine,) = claim(outbox)
    (taken,) = claim(outbox, BEN, LATER + MINUTE)
    settle(outbox, mine, SENT, ANN)
    assert claim(outbox, ANN, LATER + MINUTE) == ()
    settle(outbox, taken, KEPT, BEN)
    settle(outbox, mine, SENT, ANN)
    assert keys(outbox.kept_notices(after_id=0, limit=9)) == ["1"]
    assert keys(claim(outbox, ANN, LATER + MINUTE)) == ["2"]
    outbox.settle_notice(10**6, SENT, worker=ANN, now=LATER)


def test_kept_notices_are_offered_by_id_until_they_are_told(
    records: Records, outbox: SqlOutbox
) -> None:
    plan(outbox, "1", "2", "3")
    while found := claim(outbox):
        settle(outbox, found[0], KEPT)
    kept = outbox.kept_notices(after_id=0, limit=2)
    assert keys(kept) == ["1", "2"]
    assert {one.state for one in kept} == {KEPT}
    assert keys(outbox.kept_notices(after_id=kept[-1].notice_id, limit=2)) == ["3"]
    ids = tuple(one.notice_id for one in kept)
    records.commit([NoticesTold(QIN, ids, LATER)])
    assert keys(outbox.kept_notices(after_id=0, limit=9)) == ["1", "2", "3"]
    for _ in range(2):
        records.commit([NoticesTold(WEI, ids, LATER), NoticesTold(WEI, (), LATER)])
        assert keys(outbox.kept_notices(after_id=0, limit=9)) == ["3"]


def test_one_that_is_told_while_it_is_being_kept_stays_told(
    records: Records, outbox: SqlOutbox
) -> None:
    """The citizen's message came between the two steps of keeping it."""
    plan(outbox, "1", "2")
    (found,) = claim(outbox)
    records.commit([NoticesTold(WEI, (found.notice_id,), LATER)])
    settle(outbox, found, KEPT)
    assert outbox.kept_notices(after_id=0, limit=9) == ()
    assert keys(claim(outbox, BEN)) == ["2"]


def test_one_told_while_its_worker_died_lets_the_next_follow(
    records: Records, outbox: SqlOutbox
) -> None:
    plan(outbox, "1", "2")
    (found,) = claim(outbox)
    records.commit([NoticesTold(WEI, (found.notice_id,), LATER)])
    assert keys(claim(outbox, BEN, LATER + MINUTE)) == ["2"]


def test_a_sent_or_planned_notice_is_not_marked_as_told(
    records: Records, outbox: SqlOutbox
) -> None:
    plan(outbox, "1", "2")
    (found,) = claim(outbox)
    settle(outbox, found, SENT)
    records.commit([NoticesTold(WEI, (found.notice_id, found.notice_id + 1), LATER)])
    (second,) = claim(outbox)
    assert (second.notice.key, second.state) == ("2", PLANNED)


def test_many_workers_at_once_send_each_notice_once_and_in_order(outbox: SqlOutbox) -> None:
    for openid in (WEI, QIN):
        plan(outbox, *(f"{n:02d}" for n in range(20)), openid=openid)
    sent, guard = list[tuple[str, str]](), threading.Lock()

    def work(worker: str) -> None:
        while len(sent) < 40:
            for one in claim(outbox, worker, LATER + HOUR):
                with guard:
                    sent.append((one.notice.openid, one.notice.key))
                settle(outbox, one, SENT, worker)

    threads = [threading.Thread(target=work, args=(f"worker-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for openid in (WEI, QIN):
        assert [key for who, key in sent if who == openid] == [f"{n:02d}" for n in range(20)]
