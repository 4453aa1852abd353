"""Worlds for the walks of the query password: who has set one, and how often it was wrong."""

from datetime import timedelta

from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    Effect,
    PasswordFailed,
    PasswordSet,
    ProofFactor,
    ProofFailed,
    Role,
)
from tests.fakes import FakeRecords, FakeSecrets
from tests.shape.walk import CITIZEN, NOW, World
from tests.town import OWES_NOTHING, OWES_ONE, town_csms

PASSWORD = PasswordSet(CITIZEN, FakeSecrets().hash("135790"), NOW - timedelta(days=1))


def bound(*acct_nos: str) -> AccountsBound:
    return AccountsBound(
        tuple(
            Binding(CITIZEN, no, Role.OWNER, BillType.WECHAT_ONLY, ProofFactor.OWNER_NAME, NOW)
            for no in acct_nos
        )
    )


def wrong(count: int) -> list[Effect]:
    return [PasswordFailed(CITIZEN, f"k{n}", NOW) for n in range(count)]


def unproved(count: int) -> list[Effect]:
    return [ProofFailed(CITIZEN, f"k{n}", NOW) for n in range(count)]


def town(*effects: Effect) -> World:
    return World(town_csms(), FakeRecords(effects))


PASSWORD_WORLDS = {
    "no password": town(bound(OWES_ONE)),
    "a password": town(bound(OWES_ONE), PASSWORD),
    "a password, several accounts": town(bound(OWES_ONE, OWES_NOTHING), PASSWORD),
    "one try left": town(bound(OWES_ONE), PASSWORD, *wrong(4)),
    "locked": town(bound(OWES_ONE), PASSWORD, *wrong(5)),
    "one proof left": town(bound(OWES_ONE), PASSWORD, *unproved(4)),
    "proof locked": town(bound(OWES_ONE), PASSWORD, *unproved(5)),
    "proof locked, wrong password": town(bound(OWES_ONE), PASSWORD, *unproved(5), *wrong(5)),
}

# As the engine begins it before a private dialog.
ASKED = {"why": "ask", "next": "arrears", "with": {}}
PASSWORD_WALKS = tuple(
    ("query_password", PASSWORD_WORLDS[name], ASKED) for name in ("a password", "one try left")
)
