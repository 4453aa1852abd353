"""Worlds for the walks of the query password: who has set one, and how often it was wrong."""

from datetime import timedelta

from backends.ports import (
    Effect,
    PasswordFailed,
    PasswordSet,
    ProofFailed,
)
from tests.fakes import FakeSecrets
from tests.shape.account_worlds import world
from tests.shape.meter_worlds import bound
from tests.shape.walk import CITIZEN, NOW
from tests.town import OWES_NOTHING, OWES_ONE

PASSWORD = PasswordSet(CITIZEN, FakeSecrets().hash("135790"), NOW - timedelta(days=1))


def wrong(count: int) -> list[Effect]:
    return [PasswordFailed(CITIZEN, f"k{n}", NOW) for n in range(count)]


def unproved(count: int) -> list[Effect]:
    return [ProofFailed(CITIZEN, f"k{n}", NOW) for n in range(count)]


PASSWORD_WORLDS = {
    "no password": world(bound(OWES_ONE)),
    "a password": world(bound(OWES_ONE), PASSWORD),
    "a password, several accounts": world(bound(OWES_ONE, OWES_NOTHING), PASSWORD),
    "one try left": world(bound(OWES_ONE), PASSWORD, *wrong(4)),
    "locked": world(bound(OWES_ONE), PASSWORD, *wrong(5)),
    "one proof left": world(bound(OWES_ONE), PASSWORD, *unproved(4)),
    "proof locked": world(bound(OWES_ONE), PASSWORD, *unproved(5)),
    "proof locked, wrong password": world(bound(OWES_ONE), PASSWORD, *unproved(5), *wrong(5)),
}

# As the engine begins it before a private dialog.
ASKED = {"why": "ask", "next": "arrears", "with": {}}
PASSWORD_WALKS = tuple(
    ("query_password", PASSWORD_WORLDS[name], ASKED) for name in ("a password", "one try left")
)
