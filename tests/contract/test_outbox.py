"""Submissions on their way out: who may hand over what, and in which order. On each database."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest

from backends.ports import Claimed, Records, SubmissionKind, SubmissionState
from backends.records.adapter import open_records
from backends.records.outbox import SqlOutbox, open_outbox
from tests.contract.requests import (
    HOME,
    HOUR,
    MINUTE,
    NOON,
    QIN,
    SECOND,
    SHOP,
    WEI,
    kept,
    made,
    picture,
    submission,
)

LATER = NOON + HOUR
ANN, BEN = "ann", "ben"
QUEUED, DELIVERED, DONE, STUCK = (
    SubmissionState.QUEUED,
    SubmissionState.DELIVERED,
    SubmissionState.DONE,
    SubmissionState.STUCK,
)


@pytest.fixture
def records(upgraded_url: str) -> Iterator[Records]:
    with closing(open_records(upgraded_url, pool_size=2, statement_timeout_s=20)) as records:
        yield records


@pytest.fixture
def outbox(upgraded_url: str) -> Iterator[SqlOutbox]:
    with closing(open_outbox(upgraded_url, pool_size=8, statement_timeout_s=20)) as outbox:
        yield outbox


def claim(
    outbox: SqlOutbox, worker: str = ANN, now: datetime = LATER, *, limit: int = 10
) -> list[int]:
    """The serials of what was claimed from CSMS's lanes for a minute."""
    claimed = outbox.claim("csms", worker=worker, now=now, lease_s=60, limit=limit)
    return serials(claimed)


def serials(claimed: tuple[Claimed, ...]) -> list[int]:
    return [int(one.submission.number[-5:]) for one in claimed]


def number(serial: int) -> str:
    return submission(serial).number


def hand_over(outbox: SqlOutbox, serial: int, worker: str = ANN, **changes: Any) -> bool:
    values: dict[str, Any] = {
        "state": DELIVERED,
        "ext_no": "",
        "result": {},
        "now": LATER,
    } | changes
    return outbox.handed_over(number(serial), worker=worker, **values)


def test_what_is_due_is_claimed_whole_with_its_failed_tries(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([made(1)])
    claimed = outbox.claim("csms", worker=ANN, now=LATER, lease_s=60, limit=10)
    assert claimed == (Claimed(submission(1), attempts=0),)


def test_nothing_queued_means_nothing_claimed(outbox: SqlOutbox) -> None:
    assert claim(outbox) == []


def test_each_system_has_its_own_queue(records: Records, outbox: SqlOutbox) -> None:
    """A hotline that is down does not hold up the account's readings."""
    records.commit([made(1, kind=SubmissionKind.FAULT), made(2)])
    assert claim(outbox) == [2]
    hotline = outbox.claim("hotline", worker=ANN, now=LATER, lease_s=60, limit=10)
    assert serials(hotline) == [1]


def test_of_a_lane_only_the_first_is_claimed_until_it_is_handed_over(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([made(1), made(2), made(3, SHOP), made(4, ""), made(5, "", openid=QIN)])
    assert claim(outbox) == [1, 3, 4, 5]
    assert claim(outbox, BEN) == []
    assert hand_over(outbox, 1)
    assert claim(outbox, BEN) == [2]


def test_what_was_made_first_is_claimed_first(records: Records, outbox: SqlOutbox) -> None:
    records.commit([made(serial, f"{serial:010d}") for serial in (3, 1, 5, 2, 4)])
    assert claim(outbox, limit=2) == [1, 2]
    assert claim(outbox) == [3, 4, 5]


def test_a_lease_that_ran_out_lets_another_worker_claim_it(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([made(1), made(2)])
    assert claim(outbox) == [1]
    assert claim(outbox, BEN, LATER + 59 * SECOND) == []
    assert claim(outbox, BEN, LATER + MINUTE) == [1]
    assert not hand_over(outbox, 1, ANN)
    assert hand_over(outbox, 1, BEN)


def test_a_worker_that_was_slow_but_not_replaced_may_still_say_how_it_went(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([made(1)])
    claim(outbox)
    assert hand_over(outbox, 1, now=LATER + HOUR)
    assert claim(outbox, BEN, LATER + HOUR) == []


def test_a_receipt_changes_state_number_and_result(records: Records, outbox: SqlOutbox) -> None:
    records.commit([made(1, result={"kept": 1})])
    claim(outbox)
    assert hand_over(outbox, 1, ext_no="WO1", result={"joined": True})
    found = outbox.submission(number(1))
    assert found is not None
    assert (found.state, found.ext_no, found.updated_at) == (DELIVERED, "WO1", LATER)
    assert found.result == {"kept": 1, "joined": True}
    assert records.submission(number(1)) == found


def test_handing_over_twice_is_refused_the_second_time(records: Records, outbox: SqlOutbox) -> None:
    records.commit([made(1)])
    claim(outbox)
    assert hand_over(outbox, 1, state=DONE)
    assert not hand_over(outbox, 1, state=DELIVERED)
    found = outbox.submission(number(1))
    assert found is not None
    assert found.state is DONE


def test_who_never_claimed_cannot_hand_over_postpone_or_give_up(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([made(1)])
    claim(outbox, ANN)
    assert not hand_over(outbox, 1, BEN)
    outbox.postpone(number(1), worker=BEN, why="down", until=LATER + HOUR)
    outbox.give_up(number(1), worker=BEN, why="no", now=LATER)
    outbox.give_up(number(9), worker=BEN, why="no such thing", now=LATER)
    assert not hand_over(outbox, 9, BEN)
    assert outbox.counts() == {("csms", "queued"): 1}
    assert hand_over(outbox, 1, ANN)


def test_a_postponed_submission_waits_and_its_lane_waits_with_it(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([made(1), made(2), made(3, SHOP)])
    claim(outbox, limit=10)
    outbox.postpone(number(1), worker=ANN, why="csms: down\0", until=LATER + HOUR)
    assert claim(outbox, BEN) == []
    assert claim(outbox, BEN, LATER + HOUR - SECOND) == [3]
    again = outbox.claim("csms", worker=BEN, now=LATER + HOUR, lease_s=60, limit=10)
    assert [(one.submission.number, one.attempts) for one in again] == [(number(1), 1)]
    (row,) = [row for row in outbox.listing(state="queued", limit=9) if row.number == number(1)]
    assert (row.attempts, row.last_error, row.next_try_at) == (1, "csms: down", LATER + HOUR)


def test_one_that_is_given_back_is_as_it_was_and_may_be_taken_at_once(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([made(1), made(2)])
    claim(outbox)
    outbox.give_back(number(1), worker=BEN)
    assert claim(outbox, BEN) == []
    outbox.give_back(number(1), worker=ANN)
    assert not hand_over(outbox, 1)
    (again,) = outbox.claim("csms", worker=BEN, now=LATER, lease_s=60, limit=10)
    assert (again.submission.number, again.attempts) == (number(1), 0)
    outbox.give_back(number(9), worker=BEN)


def test_what_is_made_while_its_lane_waits_does_not_overtake(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([made(1)])
    claim(outbox)
    outbox.postpone(number(1), worker=ANN, why="down", until=LATER + HOUR)
    records.commit([made(2)])
    assert claim(outbox) == []
    assert claim(outbox, now=LATER + HOUR) == [1]


def test_a_stuck_submission_lets_its_lane_go_on(records: Records, outbox: SqlOutbox) -> None:
    records.commit([made(1), made(2)])
    claim(outbox)
    outbox.give_up(number(1), worker=ANN, why="合同" * 400, now=LATER)
    assert claim(outbox) == [2]
    (row,) = outbox.listing(state="stuck", limit=9)
    assert (row.number, row.state, row.next_try_at) == (number(1), "stuck", None)
    assert row.last_error == "合同" * 250


def test_a_stuck_submission_sent_again_takes_its_old_place(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([made(1), made(2), made(3)])
    claim(outbox)
    outbox.give_up(number(1), worker=ANN, why="no", now=LATER)
    assert claim(outbox) == [2]
    assert outbox.resend(number(1), LATER)
    assert claim(outbox, BEN) == []  # the lane is still held for the second
    assert hand_over(outbox, 2)
    assert claim(outbox, BEN) == [1]
    assert hand_over(outbox, 1, BEN)
    assert claim(outbox, BEN) == [3]


def test_a_stuck_submission_of_an_empty_lane_can_be_sent_again(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([made(1)])
    claim(outbox)
    outbox.give_up(number(1), worker=ANN, why="no", now=LATER)
    assert outbox.resend(number(1), LATER)
    again = outbox.claim("csms", worker=BEN, now=LATER, lease_s=60, limit=10)
    assert [(one.submission.state, one.attempts) for one in again] == [(QUEUED, 0)]


def test_one_that_waits_for_its_next_try_can_be_sent_at_once(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([made(1), made(2)])
    claim(outbox)
    outbox.postpone(number(1), worker=ANN, why="down", until=LATER + HOUR)
    assert outbox.resend(number(1), LATER)
    assert claim(outbox) == [1]


def test_only_what_is_stuck_or_waits_can_be_sent_again(records: Records, outbox: SqlOutbox) -> None:
    records.commit([made(1), made(2)])
    assert not outbox.resend(number(9), LATER)
    assert not outbox.resend(number(1), LATER)  # it is due already
    claim(outbox)
    assert not outbox.resend(number(1), LATER)  # it is just being handed over
    hand_over(outbox, 1)
    assert not outbox.resend(number(1), LATER)
    assert claim(outbox) == [2]


def test_operators_see_the_newest_first_of_a_state_or_of_all(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([made(1), made(2, SHOP), made(3, kind=SubmissionKind.FAULT)])
    claim(outbox)
    hand_over(outbox, 1)
    listed = outbox.listing(state="", limit=10)
    assert [row.number for row in listed] == [number(3), number(2), number(1)]
    assert [row.number for row in outbox.listing(state="", limit=1)] == [number(3)]
    (row,) = outbox.listing(state="delivered", limit=10)
    assert (row.kind, row.system, row.acct_no) == ("reading", "csms", HOME)
    assert (row.created_at, row.next_try_at) == (submission(1).created_at, None)


def test_submissions_are_counted_by_system_and_state(records: Records, outbox: SqlOutbox) -> None:
    records.commit([made(1), made(2), made(3, SHOP), made(4, kind=SubmissionKind.FAULT)])
    claim(outbox)
    hand_over(outbox, 1)
    queued = {("csms", "queued"): 2, ("hotline", "queued"): 1}
    assert outbox.counts() == {("csms", "delivered"): 1, **queued}
    assert outbox.counts(QUEUED, STUCK) == queued


def test_photos_are_answered_in_the_order_asked_for(records: Records, outbox: SqlOutbox) -> None:
    records.commit([kept(picture(serial)) for serial in (1, 2, 3)])
    asked = ["photo-3", "photo-9", "photo-1"]
    assert outbox.photo_rows(asked) == (picture(3), picture(1))
    assert outbox.photo_rows([]) == ()


def test_an_outside_number_finds_all_that_bear_it_in_its_system(
    records: Records, outbox: SqlOutbox
) -> None:
    fault = SubmissionKind.FAULT
    records.commit([made(1, kind=fault, ext_no="WO1"), made(2, kind=fault, ext_no="WO1")])
    records.commit([made(3, ext_no="WO1"), made(4)])
    found = outbox.by_ext_no("hotline", "WO1")
    assert [one.number for one in found] == [number(1), number(2)]
    assert outbox.by_ext_no("csms", "") == ()


def test_many_workers_at_once_hand_over_each_submission_once_and_in_order(
    records: Records, outbox: SqlOutbox
) -> None:
    accounts = [f"{account:010d}" for account in range(12)]
    records.commit([made(n, accounts[n % 12], openid=(WEI, QIN)[n % 2]) for n in range(120)])
    handed, guard = list[int](), threading.Lock()

    def work(worker: str) -> None:
        while claimed := claim(outbox, worker, limit=5):
            for serial in claimed:
                with guard:
                    handed.append(serial)
                assert hand_over(outbox, serial, worker)

    threads = [threading.Thread(target=work, args=(f"worker-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while rest := claim(outbox, "last", limit=50):  # workers stop when others hold what is left
        for serial in rest:
            handed.append(serial)
            assert hand_over(outbox, serial, "last")
    assert sorted(handed) == list(range(120))
    for lane in range(12):
        of_lane = [serial for serial in handed if serial % 12 == lane]
        assert of_lane == sorted(of_lane)
    assert outbox.counts() == {("csms", "delivered"): 120}


def test_a_lane_being_emptied_while_citizens_add_to_it_loses_nothing(
    records: Records, outbox: SqlOutbox
) -> None:
    done, handed = threading.Event(), list[int]()

    def work() -> None:
        for serial in claim(outbox):
            handed.append(serial)
            assert hand_over(outbox, serial)

    def work_on() -> None:
        while not done.is_set():
            work()

    worker = threading.Thread(target=work_on)
    worker.start()
    for serial in range(60):
        records.commit([made(serial, openid=(WEI, QIN)[serial % 2])])
    done.set()
    worker.join()
    while len(handed) < 60:
        before = len(handed)
        work()
        assert len(handed) > before
    assert handed == list(range(60))
    assert outbox.counts() == {("csms", "delivered"): 60}
