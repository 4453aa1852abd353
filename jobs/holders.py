"""An account gets another holder, or gives its real name up: what becomes of the links to it."""

from collections.abc import Collection
from dataclasses import replace
from functools import partial

from backends.ports import (
    BindingChange,
    BindingEnded,
    Changes,
    Notice,
    Outbox,
    OutsideEvent,
    Submission,
    SubmissionKind,
    System,
)
from dialogs.masking import masked_account
from jobs.meanings import Meaning, asked

TAKING_OVER = (SubmissionKind.TRANSFER, SubmissionKind.OVERRIDE)
GIVING_UP = (SubmissionKind.CANCEL_REAL_NAME,)


def taken_over(answered: Meaning) -> Meaning:
    """Approved: who applied is the owner, all other links end. Those who had them are told, but
    not who the new owner is."""

    def meaning(event: OutsideEvent, outbox: Outbox) -> Changes:
        changes = answered(event, outbox)
        about = _answered(event, outbox, TAKING_OVER)
        if about is None:
            return changes
        told = partial(_link_ended, event, about.acct_no)
        return replace(changes, holder=BindingChange(about.acct_no, about.openid, told))

    return meaning


def given_up(answered: Meaning) -> Meaning:
    """The real name is cancelled: the link of who asked for it ends."""

    def meaning(event: OutsideEvent, outbox: Outbox) -> Changes:
        changes = answered(event, outbox)
        about = _answered(event, outbox, GIVING_UP)
        if about is None:
            return changes
        return replace(changes, ended=(BindingEnded(about.openid, about.acct_no, event.at),))

    return meaning


def _answered(
    event: OutsideEvent, outbox: Outbox, kinds: Collection[SubmissionKind]
) -> Submission | None:
    """One of another kind must not cost anybody a link."""
    found = asked(event, outbox)
    return found if found and found.kind in kinds else None


def _link_ended(event: OutsideEvent, acct_no: str, openid: str) -> Notice:
    return Notice(
        kind="link_ended",
        key=f"{System.CSMS.value}:{event.event_id}:",
        openid=openid,
        acct_no=acct_no,
        view={"shown": masked_account(acct_no)},
    )
