"""Worlds for the walks through what a citizen's accounts, family, topics and data are about."""

from dataclasses import replace
from datetime import datetime, timedelta

from backends.ports import (
    BindingChanged,
    ConsentGiven,
    Effect,
    Invite,
    InviteMade,
    InvitesRevoked,
    Role,
    SubmissionKind,
)
from dialogs.consents import BIND_ACCOUNT
from tests.fakes import FakeRecords, FakeSecrets
from tests.shape.identity_worlds import losing
from tests.shape.meter_worlds import asked, bound
from tests.shape.walk import CITIZEN, NOW, World
from tests.town import OWES_MANY, OWES_NOTHING, OWES_ONE, OWES_SEVERAL, town_csms

GONE = "3188888888"
OTHER = "oOTHER"
CODE = "k7mp2qx9"
AGREED = ConsentGiven(CITIZEN, BIND_ACCOUNT, 1, NOW)
ACCOUNT_DIALOGS = (
    "my_accounts",
    "full_number",
    "contact_details",
    "bill_type",
    "account_names",
    "family",
    "subscriptions",
    "my_data",
)


class RevokedMeanwhile(FakeRecords):
    """The owner takes the invitation back once it has been looked at."""

    def invite(self, fingerprint: str) -> Invite | None:
        found = super().invite(fingerprint)
        self.commit([InvitesRevoked(OTHER, OWES_ONE, NOW)])
        return found


def world(*effects: Effect) -> World:
    return World(town_csms(), FakeRecords(effects))


def named(acct_no: str, nickname: str, at: datetime = NOW) -> BindingChanged:
    return BindingChanged(CITIZEN, acct_no, at, nickname=nickname, is_default=True)


def invited(acct_no: str = OWES_ONE) -> tuple[Effect, ...]:
    """By the owner, a moment ago."""
    made_at = NOW - timedelta(minutes=5)
    fingerprint = FakeSecrets().fingerprint(CODE)
    lives = made_at + timedelta(hours=24)
    invite = Invite(fingerprint, acct_no, Role.VIEWER, OTHER, made_at, lives)
    return bound(acct_no, openid=OTHER), InviteMade(invite)


ONE = bound(OWES_ONE)
FAMILY = bound(OWES_ONE, role=Role.PAYER, openid=OTHER)
LATER = replace(FAMILY.bindings[0], openid="oTHIRD", role=Role.READER, bound_at=NOW)

ACCOUNT_WORLDS = {
    "a stranger": world(),
    "a viewer": world(bound(OWES_ONE, role=Role.VIEWER)),
    "a reader": world(bound(OWES_ONE, role=Role.READER)),
    "an owner": world(ONE, AGREED),
    "an owner who has agreed to nothing": world(ONE),
    "an owner without e-mail": world(bound(OWES_SEVERAL), AGREED),
    "an owner who waits": world(ONE, asked(SubmissionKind.CONTACT, OWES_ONE)),
    "an owner whose paper is being stopped": world(ONE, asked(SubmissionKind.BILL_TYPE, OWES_ONE)),
    "an owner with a nickname": world(ONE, named(OWES_ONE, "老家")),
    "an owner with family": world(ONE, FAMILY, replace(FAMILY, bindings=(LATER,)), AGREED),
    "an account that is gone": world(bound(GONE)),
    "several accounts": world(
        bound(OWES_ONE, OWES_NOTHING, GONE), named(OWES_NOTHING, "ABC公寓"), AGREED
    ),
}
ACCOUNT_WALKS = [
    *((w, name) for w in ACCOUNT_WORLDS.values() for name in ACCOUNT_DIALOGS),
    *((losing(1, ONE, FAMILY), name) for name in ("contact_details", "bill_type", "family")),
]
JOIN_WORLDS = [
    world(),
    world(AGREED),
    world(*invited()),
    world(*invited(), AGREED),
    world(*invited(), AGREED, bound(OWES_ONE, role=Role.PAYER)),
    world(*invited(), AGREED, bound(OWES_MANY, *(f"31000009{n:02d}" for n in range(9)))),
    World(town_csms(), RevokedMeanwhile((*invited(), AGREED))),
]
