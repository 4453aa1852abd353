"""An owner, her family and a stranger: who is linked to what, and effects that change it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    BindingChange,
    BindingChanged,
    BindingEnded,
    Changes,
    CitizenErased,
    ConsentGiven,
    ConsentWithdrawn,
    Effect,
    Invite,
    InviteAccepted,
    InviteMade,
    InvitesRevoked,
    Notice,
    NoticePlanned,
    Outbox,
    PasswordFailed,
    PasswordPassed,
    PasswordSet,
    ProofFactor,
    Records,
    Role,
    SubmissionState,
    Topic,
    TopicChosen,
)
from tests.contract.requests import HOME, HOUR, NOON, QIN, SHOP, WEI, made, submission

LAN = "oLanlan-AbCdEf_0123456789xyz"
CODE = "fingerprint-of-a-code"


def link(openid: str = WEI, acct_no: str = HOME, at: datetime = NOON, **changes: Any) -> Binding:
    bound = Binding(openid, acct_no, Role.OWNER, BillType.WECHAT_ONLY, ProofFactor.MOBILE, at)
    return replace(bound, **changes)


def invited(openid: str = QIN, at: datetime = NOON + HOUR, **changes: Any) -> Binding:
    """Family of Wei's."""
    return link(openid, at=at, role=Role.PAYER, invited_by=WEI, **changes)


def invite(code: str = CODE, **changes: Any) -> Invite:
    made = Invite(code, HOME, Role.PAYER, WEI, NOON, NOON + 24 * HOUR)
    return replace(made, **changes)


def joins(openid: str = QIN, code: str = CODE) -> tuple[InviteMade, InviteAccepted]:
    return InviteMade(invite(code)), InviteAccepted(code, invited(openid))


def notice(openid: str = WEI, key: str = "n1") -> Notice:
    return Notice("family_joined", key, openid, HOME, {"shown": "01****0017"})


def all_that_is_known(records: Records) -> dict[str, object]:
    """Of these citizens and accounts, by every way of asking."""
    people, since = (WEI, QIN, LAN), NOON - 100 * HOUR
    return {
        "links": [records.bindings(one) for one in people],
        "accounts": [records.bound_to(one) for one in (HOME, SHOP)],
        "owners": [records.owner_exists(one, other_than=LAN) for one in (HOME, SHOP)],
        "consents": [records.consents(one) for one in people],
        "invite": records.invite(CODE),
        "passwords": [records.password(one) for one in people],
        "wrong": [records.failed_passwords(one, since) for one in people],
        "proofs": [records.failed_proofs(one, since) for one in people],
        "topics": [dict(records.topics(one)) for one in people],
        "holdings": [records.holdings(one) for one in people],
        "submissions": [records.submissions(one, 20) for one in people],
    }


def topics(**chosen: bool) -> dict[Topic, bool]:
    return {Topic(name): wanted for name, wanted in chosen.items()}


def everything_of(records: Records, outbox: Outbox) -> None:
    """Each effect and each look-up of links, choices and reviews, so that each statement is
    seen."""
    records.commit([AccountsBound((link(), link(acct_no=SHOP))), *joins(), *joins(LAN, "second")])
    choices: list[Effect] = [
        BindingChanged(WEI, SHOP, NOON + HOUR, "店", is_default=True),
        BindingEnded(WEI, HOME, NOON + 2 * HOUR, member=QIN),
        InvitesRevoked(WEI, HOME, NOON + 2 * HOUR),
        ConsentGiven(WEI, "real_name", 1, NOON),
        ConsentWithdrawn(WEI, "real_name", NOON + HOUR),
        PasswordSet(WEI, "h", NOON),
        PasswordFailed(WEI, "k", NOON + HOUR),
        PasswordPassed(WEI, NOON + 2 * HOUR),
        TopicChosen(WEI, Topic.BILL, wanted=True, at=NOON),
        TopicChosen(WEI, Topic.BILL, wanted=False, at=NOON + HOUR),
        NoticePlanned(QIN, notice(), NOON),
    ]
    records.commit(choices)
    all_that_is_known(records)
    review = SubmissionState.IN_REVIEW
    records.commit([made(11, state=review, openid=LAN), made(12, state=review, openid=LAN)])
    outbox.approve(submission(11).number, NOON + HOUR)
    outbox.send_back(submission(12).number, notice(LAN, "n2"), text="", now=NOON + HOUR)
    outbox.hold("events:other", worker="ann", now=NOON, lease_s=60)
    holder = BindingChange(HOME, LAN, lambda openid: notice(openid, "n3"))
    ended = (BindingEnded(WEI, SHOP, NOON + 3 * HOUR),)
    later = NOON + 3 * HOUR
    outbox.take_event(
        "events:other", 1, Changes(holder=holder, ended=ended), worker="ann", now=later
    )
    records.commit([CitizenErased(LAN, NOON + 4 * HOUR)])
