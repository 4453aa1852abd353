"""Submissions and notices of the in-memory records."""

from datetime import datetime

from backends.errors import NumberTaken
from backends.ports import Notice, Submission
from tests.fakes import ledger_changes as ledger
from tests.fakes.records_state import State


def plan(state: State, notice: Notice, at: datetime) -> None:
    if state.citizen(notice.openid).left_at is None:
        ledger.plan(state.ledger, [notice], at)


def submit(state: State, made: Submission) -> None:
    if any(one.key == made.key for one in state.submissions.values()):
        return
    if made.number in state.submissions:
        raise NumberTaken
    state.submissions[made.number] = made
