"""Events of outside systems are taken in once each, and what they change is told once. On each
database."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import create_engine

from backends.errors import BackendUnavailable
from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    Changes,
    CitizenFollowed,
    CitizenLeft,
    ItemPosted,
    Notice,
    OrderState,
    ProofFactor,
    Records,
    Role,
    SubmissionChange,
    SubmissionState,
)
from backends.records.adapter import open_records
from backends.records.outbox import SqlOutbox, open_outbox
from backends.records.tables import binding
from tests.contract.orders import OCTOBER, posting, refund, sql_till
from tests.contract.pushes import told_by
from tests.contract.requests import HOME, HOUR, MINUTE, NOON, QIN, SECOND, SHOP, WEI, made
from tests.contract.test_outbox import ANN, BEN, LATER, claim, hand_over, number

CSMS = "events:csms"
DELIVERED, IN_PROGRESS, DONE, RETURNED = (
    SubmissionState.DELIVERED,
    SubmissionState.IN_PROGRESS,
    SubmissionState.DONE,
    SubmissionState.RETURNED,
)


@pytest.fixture
def records(upgraded_url: str) -> Iterator[Records]:
    with closing(open_records(upgraded_url, pool_size=1, statement_timeout_s=5)) as records:
        yield records


@pytest.fixture
def outbox(upgraded_url: str) -> Iterator[SqlOutbox]:
    with closing(open_outbox(upgraded_url, pool_size=2, statement_timeout_s=5)) as outbox:
        yield outbox


@pytest.fixture
def held(outbox: SqlOutbox) -> SqlOutbox:
    """The cursor is Ann's."""
    assert outbox.hold(CSMS, worker=ANN, now=LATER, lease_s=60) == 0
    return outbox


def change(
    serial: int, state: SubmissionState | None = None, ext_no: str = "", **result: object
) -> SubmissionChange:
    return SubmissionChange(number(serial), state, ext_no, result)


def notice(key: str, openid: str = WEI) -> Notice:
    return Notice("reading_accepted", key, openid, HOME, {"volume_m3": "16", "words": "“水”"})


def take(outbox: SqlOutbox, event_id: int, *changed: SubmissionChange, worker: str = ANN) -> bool:
    return outbox.take_event(CSMS, event_id, Changes(changed), worker=worker, now=LATER)


def state_of(outbox: SqlOutbox, serial: int) -> SubmissionState:
    found = outbox.submission(number(serial))
    assert found is not None
    return found.state


def test_a_cursor_is_held_by_one_worker_until_its_lease_ends(outbox: SqlOutbox) -> None:
    assert outbox.hold(CSMS, worker=ANN, now=NOON, lease_s=60) == 0
    assert outbox.hold(CSMS, worker=BEN, now=NOON + 59 * SECOND, lease_s=60) is None
    assert outbox.hold("events:hotline", worker=BEN, now=NOON, lease_s=60) == 0
    assert outbox.hold(CSMS, worker=ANN, now=NOON + 59 * SECOND, lease_s=60) == 0
    assert outbox.hold(CSMS, worker=BEN, now=NOON + MINUTE, lease_s=60) is None
    assert outbox.hold(CSMS, worker=BEN, now=NOON + 2 * MINUTE, lease_s=60) == 0


def test_a_cursor_stands_at_the_last_event_taken_in(held: SqlOutbox) -> None:
    assert take(held, 7)
    assert take(held, 2**40)
    assert held.hold(CSMS, worker=ANN, now=LATER, lease_s=60) == 2**40


def test_an_event_is_taken_in_once_whoever_tries_again(records: Records, held: SqlOutbox) -> None:
    records.commit([made(1)])
    assert take(held, 7, change(1, DONE, "R1", volume_m3="16"))
    assert not take(held, 7, change(1, RETURNED))
    assert not take(held, 6, change(1, RETURNED))
    assert state_of(held, 1) is DONE


def test_who_does_not_hold_the_cursor_changes_nothing(records: Records, held: SqlOutbox) -> None:
    records.commit([made(1)])
    assert not take(held, 7, change(1, DONE), worker=BEN)
    assert held.hold(CSMS, worker=BEN, now=LATER + MINUTE, lease_s=60) == 0
    assert not take(held, 7, change(1, DONE), worker=ANN)
    assert state_of(held, 1) is SubmissionState.QUEUED
    assert not held.take_event("unknown", 1, Changes(), worker=ANN, now=LATER)


def test_changes_merge_into_what_is_known(records: Records, held: SqlOutbox) -> None:
    records.commit([made(1, state=DELIVERED, ext_no="R1", result={"joined": False, "text": "a"})])
    assert take(held, 1, change(1, text="b", on="2026-11-25"))
    found = held.submission(number(1))
    assert found is not None
    assert (found.state, found.ext_no, found.updated_at) == (DELIVERED, "R1", LATER)
    assert found.result == {"joined": False, "text": "b", "on": "2026-11-25"}
    assert take(held, 2, change(1, IN_PROGRESS, "R2"))
    assert held.submission(number(1)) == replace(found, state=IN_PROGRESS, ext_no="R2")


def test_an_event_about_a_stranger_s_request_only_moves_the_cursor(held: SqlOutbox) -> None:
    assert take(held, 1, change(9, DONE))
    assert held.hold(CSMS, worker=ANN, now=LATER, lease_s=60) == 1


def test_an_event_that_fails_half_way_changes_nothing(records: Records, held: SqlOutbox) -> None:
    records.commit([made(1)])
    broken = Changes((change(1, DONE),), (replace(notice("1"), view={"no": object()}),))
    with pytest.raises(BackendUnavailable):
        held.take_event(CSMS, 7, broken, worker=ANN, now=LATER)
    assert state_of(held, 1) is SubmissionState.QUEUED
    assert held.hold(CSMS, worker=ANN, now=LATER, lease_s=60) == 0


def test_a_result_that_is_faster_than_the_receipt_is_not_undone_by_it(
    records: Records, held: SqlOutbox
) -> None:
    records.commit([made(1), made(2)])
    assert claim(held) == [1]
    assert take(held, 1, change(1, RETURNED, text="blurred"))
    assert claim(held, BEN) == []  # the lane is still Ann's
    assert hand_over(held, 1, state=DELIVERED, ext_no="R1", result={"text": "", "joined": True})
    found = held.submission(number(1))
    assert found is not None
    assert (found.state, found.ext_no) == (RETURNED, "R1")
    assert found.result == {"text": "blurred", "joined": True}
    assert claim(held, BEN) == [2]


def test_a_result_for_one_that_is_being_given_up_or_postponed_stands(
    records: Records, held: SqlOutbox
) -> None:
    records.commit([made(1), made(2, SHOP)])
    assert claim(held) == [1, 2]
    assert take(held, 1, change(1, DONE), change(2, IN_PROGRESS))
    held.give_up(number(1), worker=ANN, why="timeout", now=LATER)
    held.postpone(number(2), worker=ANN, why="timeout", until=LATER + HOUR)
    assert (state_of(held, 1), state_of(held, 2)) == (DONE, IN_PROGRESS)
    assert claim(held, BEN, LATER + 2 * HOUR) == []


def test_a_result_for_one_that_waits_lets_its_lane_go_on(records: Records, held: SqlOutbox) -> None:
    """It had arrived, though its receipt was lost."""
    records.commit([made(1), made(2)])
    claim(held)
    held.postpone(number(1), worker=ANN, why="timeout", until=LATER + HOUR)
    assert take(held, 1, change(1, DELIVERED))
    assert claim(held, BEN) == [2]


def test_a_result_for_one_whose_worker_died_lets_its_lane_go_on(
    records: Records, held: SqlOutbox
) -> None:
    records.commit([made(1), made(2)])
    claim(held)
    assert take(held, 1, change(1, DELIVERED))
    assert claim(held, BEN, LATER + MINUTE) == [2]


def test_notices_of_an_event_are_planned_once_for_each_citizen(
    records: Records, held: SqlOutbox
) -> None:
    records.commit([CitizenFollowed(WEI, NOON), CitizenFollowed(QIN, NOON)])
    told = notice("r1"), notice("r1", QIN), notice("r1"), notice("r2")
    assert held.take_event(CSMS, 1, Changes(notices=told), worker=ANN, now=LATER)
    assert held.take_event(CSMS, 2, Changes(notices=told[:1]), worker=ANN, now=LATER)
    assert told_by(held, LATER) == [told[0], told[1], told[3]]


def test_an_account_s_results_go_to_the_citizens_who_follow(
    records: Records, outbox: SqlOutbox, upgraded_url: str
) -> None:
    def link(openid: str, acct_no: str = HOME) -> Binding:
        return Binding(openid, acct_no, Role.READER, BillType.WECHAT_ONLY, ProofFactor.MOBILE, NOON)

    old = "oOld"
    records.commit([AccountsBound((link(old), link(WEI), link(QIN), link(WEI, SHOP)))])
    engine = create_engine(upgraded_url)
    with engine.begin() as connection:
        ended = binding.update().where(binding.c.openid == old)
        connection.execute(ended.values(ended_at=LATER, ended_seq=binding.c.id))
    engine.dispose()
    assert outbox.bound_to(HOME) == (link(WEI), link(QIN))
    records.commit([CitizenLeft(WEI, LATER)])
    assert outbox.bound_to(HOME) == (link(QIN),)
    assert outbox.bound_to(SHOP) == ()
    assert (outbox.is_following(WEI), outbox.is_following(QIN)) == (False, True)
    assert not outbox.is_following("stranger")


def test_an_item_that_an_event_posts_is_posted_with_it_or_not_at_all(
    held: SqlOutbox, upgraded_url: str
) -> None:
    with sql_till(upgraded_url) as till:
        paid = till.pay(1, OCTOBER)
        posted = ItemPosted(posting(paid, OCTOBER, posted_fen=0, returned_fen=4443), refund(paid))
        broken = Changes(
            notices=(replace(notice("1"), view={"no": object()}),),
            posted=(posted,),
        )
        with pytest.raises(BackendUnavailable):
            held.take_event(CSMS, 7, broken, worker=ANN, now=LATER)
        assert held.order(paid.order_no) == paid
        assert held.take_event(CSMS, 7, Changes(posted=(posted,)), worker=ANN, now=LATER)
        assert till.state(paid) is OrderState.SETTLED
        assert till.refund("R1").amount_fen == 4443
        assert held.order("WD0") is None
