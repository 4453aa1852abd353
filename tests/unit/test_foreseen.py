"""What a decision foresees is what the records say once its turn is committed."""

from types import SimpleNamespace
from typing import Any

import pytest

from backends.ports import (
    AccountsBound,
    BindingChanged,
    BindingEnded,
    CitizenErased,
    ConsentGiven,
    ConsentWithdrawn,
    Effect,
    InvitesRevoked,
    PasswordFailed,
    PasswordPassed,
    PasswordSet,
    Records,
    Role,
    SubmissionMade,
    Topic,
    TopicChosen,
)
from dialogs.engine.foreseen import foreseen
from tests.contract.household import all_that_is_known, joins, link
from tests.contract.requests import HOME, HOUR, NOON, QIN, SHOP, WEI, submission
from tests.fakes import FakeRecords

MADE, ACCEPTED = joins()
BEFORE: list[Effect] = [
    AccountsBound((link(), link(acct_no=SHOP, nickname="店", is_default=True))),
    ConsentGiven(WEI, "bind_account", 1, NOON),
    PasswordSet(WEI, "h1", NOON),
    PasswordFailed(WEI, "run1", NOON + HOUR),
    TopicChosen(WEI, Topic.BILL, wanted=False, at=NOON),
    MADE,
]
LATER = NOON + 2 * HOUR
TURNS: dict[str, list[Effect]] = {
    "bound": [AccountsBound((link(QIN),))],
    "bound_again": [AccountsBound((link(at=LATER, role=Role.PAYER),))],
    "joined": [ACCEPTED],
    "joined_and_left": [ACCEPTED, BindingEnded(QIN, HOME, LATER)],
    "ended": [BindingEnded(WEI, HOME, LATER)],
    "family_ended": [ACCEPTED, BindingEnded(WEI, HOME, LATER)],
    "member_ended": [ACCEPTED, BindingEnded(WEI, HOME, LATER, member=QIN)],
    "renamed": [BindingChanged(WEI, HOME, LATER, nickname="家")],
    "default": [BindingChanged(WEI, HOME, LATER, is_default=True)],
    "no_default": [BindingChanged(WEI, SHOP, LATER, is_default=False)],
    "revoked": [InvitesRevoked(WEI, HOME, LATER)],
    "consented": [ConsentGiven(WEI, "real_name", 1, LATER)],
    "consented_anew": [ConsentGiven(WEI, "bind_account", 2, LATER)],
    "withdrawn": [ConsentWithdrawn(WEI, "bind_account", LATER)],
    "password": [PasswordSet(WEI, "h2", LATER)],
    "wrong": [PasswordFailed(WEI, "run2", LATER)],
    "passed": [PasswordPassed(WEI, LATER)],
    "topic": [TopicChosen(WEI, Topic.OUTAGE, wanted=True, at=LATER)],
    "submitted": [SubmissionMade(submission(1))],
    "erased": [CitizenErased(WEI, LATER)],
}


def asking(records: Records) -> Any:
    """Of the other backends nothing is foreseen."""
    others = ("csms", "photos", "hotline", "secrets", "bulletins", "content", "orders")
    return SimpleNamespace(records=records, **dict.fromkeys(others))


def known(records: Records) -> dict[str, Any]:
    """But for counts, which nothing of the same turn asks for."""
    found = all_that_is_known(records)
    del found["holdings"]
    return found


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
def test_what_is_foreseen_comes_true(turn: list[Effect]) -> None:
    records = FakeRecords(BEFORE)
    told = known(foreseen(asking(records), turn).records)
    records.commit(turn)
    assert told == known(records)
    assert told != known(FakeRecords(BEFORE))
