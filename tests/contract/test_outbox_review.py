"""Submissions that our own staff look at first, and accounts that get another holder. On each
database."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from backends.ports import (
    AccountsBound,
    BillType,
    BindingChange,
    BindingEnded,
    Changes,
    CitizenFollowed,
    CitizenLeft,
    InviteMade,
    Notice,
    ProofFactor,
    Records,
    Role,
    SubmissionState,
)
from backends.records.adapter import open_records
from backends.records.outbox import SqlOutbox, open_outbox
from tests.contract.household import LAN, invite, joins, link
from tests.contract.pushes import told_by
from tests.contract.requests import HOME, HOUR, MINUTE, NOON, QIN, SHOP, WEI, made, submission
from tests.contract.test_outbox import ANN, BEN, LATER, claim, hand_over, number

REVIEW, QUEUED, RETURNED = (
    SubmissionState.IN_REVIEW,
    SubmissionState.QUEUED,
    SubmissionState.RETURNED,
)
CSMS = "events:csms"


@pytest.fixture
def records(upgraded_url: str) -> Iterator[Records]:
    with closing(open_records(upgraded_url, pool_size=1, statement_timeout_s=5)) as records:
        yield records


@pytest.fixture
def outbox(upgraded_url: str) -> Iterator[SqlOutbox]:
    with closing(open_outbox(upgraded_url, pool_size=2, statement_timeout_s=5)) as outbox:
        yield outbox


def sorry(openid: str = WEI) -> Notice:
    return Notice("review_returned", number(1), openid, HOME, {"text": "照片看不清"})


def moved(openid: str) -> Notice:
    return Notice("link_ended", "csms:1", openid, HOME, {})


def take(outbox: SqlOutbox, changes: Changes, event_id: int = 1) -> None:
    assert outbox.hold(CSMS, worker=ANN, now=LATER, lease_s=60) is not None
    assert outbox.take_event(CSMS, event_id, changes, worker=ANN, now=LATER)


def told(outbox: SqlOutbox) -> list[tuple[str, str]]:
    return [(one.kind, one.openid) for one in told_by(outbox, LATER + HOUR)]


def test_what_is_in_review_is_not_handed_over_and_does_not_hold_up_its_lane(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([made(1, state=REVIEW), made(2)])
    assert claim(outbox) == [2]
    assert not outbox.resend(number(1), LATER)
    assert hand_over(outbox, 2)
    assert claim(outbox, BEN, LATER + HOUR) == []


def test_what_is_approved_goes_out_with_its_private_values(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([made(1, state=REVIEW, sealed="token")])
    assert outbox.approve(number(1), LATER)
    assert not outbox.approve(number(1), LATER)
    (claimed,) = outbox.claim("csms", worker=ANN, now=LATER, lease_s=60, limit=5)
    wanted = submission(1, state=QUEUED, sealed="token", updated_at=LATER)
    assert (claimed.submission, claimed.attempts) == (wanted, 0)


def test_what_is_approved_waits_for_the_one_its_lane_is_held_for(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([made(1, state=REVIEW), made(2), made(3)])
    assert claim(outbox) == [2]
    assert outbox.approve(number(1), LATER)
    assert claim(outbox, BEN) == []
    assert hand_over(outbox, 2)
    assert claim(outbox, BEN) == [1]


def test_what_is_sent_back_is_at_its_end_and_its_citizen_is_told_once(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([made(1, state=REVIEW, result={"looked": True})])
    assert outbox.send_back(number(1), sorry(), text="照片看不清", now=LATER)
    assert not outbox.send_back(number(1), sorry(), text="又看不清", now=LATER)
    assert not outbox.approve(number(1), LATER)
    found = records.submission(number(1))
    assert found is not None
    assert (found.state, found.updated_at) == (RETURNED, LATER)
    assert found.result == {"looked": True, "text": "照片看不清"}
    assert told(outbox) == [("review_returned", WEI)]


def test_only_what_is_in_review_is_reviewed(records: Records, outbox: SqlOutbox) -> None:
    records.commit([made(1), made(2, SHOP, state=SubmissionState.DONE)])
    for serial in (1, 2, 9):
        assert not outbox.approve(number(serial), LATER)
        assert not outbox.send_back(number(serial), sorry(), text="", now=LATER)
    assert claim(outbox) == [1]
    assert told(outbox) == []


def test_a_new_holder_is_the_owner_and_the_others_links_end(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit(
        [AccountsBound((link(), link(acct_no=SHOP))), *joins(), CitizenFollowed(LAN, NOON)]
    )
    records.commit([InviteMade(invite("open"))])
    take(outbox, Changes(holder=BindingChange(HOME, LAN, moved)))
    (owner,) = records.bound_to(HOME)
    assert owner == link(
        LAN, at=LATER, bill_type=BillType.WECHAT_AND_PAPER, factor=ProofFactor.DOCUMENTS
    )
    assert records.bindings(WEI) == (link(acct_no=SHOP),)
    assert records.invite("open") == invite("open", state="revoked")
    assert sorted(told(outbox)) == [("link_ended", WEI), ("link_ended", QIN)]


def test_a_new_holder_who_was_linked_already_keeps_the_way_of_the_bills_and_the_name(
    records: Records, outbox: SqlOutbox
) -> None:
    family = link(QIN, role=Role.VIEWER, invited_by=WEI, nickname="娘家")
    records.commit([AccountsBound((link(), family))])
    take(outbox, Changes(holder=BindingChange(HOME, QIN, moved)))
    owner = replace(family, role=Role.OWNER, factor=ProofFactor.DOCUMENTS, invited_by="")
    assert records.bound_to(HOME) == (owner,)
    assert told(outbox) == [("link_ended", WEI)]


def test_an_account_without_a_new_holder_with_us_has_no_links(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([AccountsBound((link(), link(QIN))), CitizenLeft(QIN, NOON + MINUTE)])
    take(outbox, Changes(holder=BindingChange(HOME, "", moved)))
    assert records.bound_to(HOME) == ()
    assert told(outbox) == [("link_ended", WEI)]


def test_a_new_holder_s_links_outlive_the_event_s_and_the_old_one_s_replays(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([AccountsBound((link(),))])
    take(outbox, Changes(holder=BindingChange(HOME, QIN, moved)))
    assert not outbox.take_event(
        CSMS, 1, Changes(holder=BindingChange(HOME, "", moved)), worker=ANN, now=LATER
    )
    records.commit([AccountsBound((link(),))])
    assert [one.openid for one in records.bound_to(HOME)] == [QIN]


def test_an_event_may_end_one_link_and_the_family_that_hangs_on_it(
    records: Records, outbox: SqlOutbox
) -> None:
    records.commit([AccountsBound((link(), link(LAN))), *joins()])
    take(outbox, Changes(ended=(BindingEnded(WEI, HOME, LATER),)))
    assert [one.openid for one in records.bound_to(HOME)] == [LAN]
