"""An owner, her family and a stranger: who is linked to what, and effects that change it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from backends.ports import (
    BillType,
    Binding,
    Invite,
    InviteAccepted,
    InviteMade,
    Notice,
    ProofFactor,
    Records,
    Role,
    Topic,
)
from tests.contract.requests import HOME, HOUR, NOON, QIN, SHOP, WEI

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
