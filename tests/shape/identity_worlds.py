"""Worlds for the walks through what concerns an account's holder: registration, transfer, change of
owner, unbinding."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from backends.ports import (
    Binding,
    ConsentGiven,
    Effect,
    PhotoKept,
    PhotoPurpose,
    Role,
    SubmissionKind,
    SubmissionMade,
    SubmissionState,
)
from dialogs.consents import REAL_NAME
from tests.fakes import FakeRecords, FakeSecrets
from tests.shape.meter_worlds import SAME, asked, bound, submitted_with
from tests.shape.walk import CITIZEN, NOW, World
from tests.town import NAMELESS, OWES_NOTHING, OWES_ONE, OWES_SEVERAL, town_csms

AGREED = ConsentGiven(CITIZEN, REAL_NAME, 1, NOW)
SENT_BEFORE = (PhotoKept(CITIZEN, OWES_ONE, PhotoPurpose.METER, SAME, NOW), submitted_with(SAME))
IDENTITY_DIALOGS = ("real_name", "override", "unbind")
UNDER_WAY = SubmissionState.DELIVERED


class LosesLink(FakeRecords):
    """The owner's link is looked at so many times, then it has ended."""

    looks = 1

    def bindings(self, openid: str) -> tuple[Binding, ...]:
        self.looks -= 1
        return super().bindings(openid) if self.looks >= 0 else ()


class GainsLink(FakeRecords):
    """The owner is bound once their links have been looked at."""

    looks = 0

    def bindings(self, openid: str) -> tuple[Binding, ...]:
        self.looks += 1
        return super().bindings(openid) if self.looks > 1 else ()


def world(*effects: Effect) -> World:
    return World(town_csms(), FakeRecords(effects))


def losing(looks: int, *effects: Effect) -> World:
    records = LosesLink(effects)
    records.looks = looks
    return World(town_csms(), records)


def applied(
    kind: SubmissionKind, acct_no: str, state: SubmissionState, number: str = "W2611200000018"
) -> SubmissionMade:
    made = asked(kind, acct_no, state).submission
    return SubmissionMade(replace(made, number=number, key=number))


RETURNED = applied(SubmissionKind.OVERRIDE, OWES_SEVERAL, SubmissionState.RETURNED)
AGAIN = applied(SubmissionKind.OVERRIDE, OWES_SEVERAL, UNDER_WAY, "W2611200000026")
NOT_PUT_RIGHT = applied(SubmissionKind.REAL_NAME, OWES_ONE, SubmissionState.RETURNED)


def filled_in(kind: SubmissionKind, acct_no: str, *, meter: bool) -> SubmissionMade:
    """Returned, and all that was filled in is still kept."""
    documents = ["id_front", "id_back", "property", *(["meter"] if meter else [])]
    of_meter = {"meter_code": "SH210000000017", "value": 1250, "read_on": "2026-11-20"}
    made = applied(kind, acct_no, SubmissionState.RETURNED).submission
    return SubmissionMade(
        replace(
            made,
            payload={"documents": documents, **(of_meter if meter else {})},
            photo_ids=tuple(f"before{number}" for number, _ in enumerate(documents)),
            sealed=FakeSecrets().seal(json.dumps(PERSON)),
        )
    )


PERSON = {"name": "赵一", "id_no": "530102199003071238", "mobile": "13700001111"}
TO_PUT_RIGHT = filled_in(SubmissionKind.REAL_NAME, OWES_ONE, meter=False)
NOTHING: Mapping[str, Any] = {}


def made_anew(returned: SubmissionMade) -> Mapping[str, Any]:
    """What 进度 hands over."""
    return {"parent_no": returned.submission.number}


# (dialog, world, what another dialog hands over).
IDENTITY_WALKS: tuple[tuple[str, World, Mapping[str, Any]], ...] = (
    ("real_name", world(), NOTHING),
    ("real_name", world(AGREED, bound(OWES_ONE)), NOTHING),
    ("real_name", world(bound(OWES_ONE)), NOTHING),
    ("real_name", world(AGREED, bound(OWES_NOTHING), *SENT_BEFORE), NOTHING),
    ("real_name", world(bound(OWES_NOTHING)), NOTHING),
    ("real_name", world(AGREED, bound(OWES_SEVERAL)), NOTHING),
    ("real_name", world(bound(OWES_SEVERAL)), NOTHING),
    (
        "real_name",
        world(
            AGREED,
            bound(OWES_ONE, OWES_SEVERAL, NAMELESS),
            applied(SubmissionKind.REAL_NAME, NAMELESS, UNDER_WAY),
        ),
        NOTHING,
    ),
    ("real_name", world(bound(OWES_ONE, OWES_SEVERAL)), NOTHING),
    (
        "real_name",
        world(AGREED, bound(OWES_ONE), applied(SubmissionKind.TRANSFER, OWES_ONE, UNDER_WAY)),
        NOTHING,
    ),
    ("real_name", world(bound(OWES_SEVERAL, role=Role.VIEWER)), NOTHING),
    ("real_name", losing(1, AGREED, bound(OWES_ONE)), NOTHING),
    (
        "real_name",
        world(AGREED, bound(OWES_ONE, OWES_SEVERAL), NOT_PUT_RIGHT),
        made_anew(NOT_PUT_RIGHT),
    ),
    ("real_name", world(AGREED, bound(OWES_ONE), TO_PUT_RIGHT), made_anew(TO_PUT_RIGHT)),
    ("real_name", world(bound(OWES_ONE), TO_PUT_RIGHT), made_anew(TO_PUT_RIGHT)),
    (
        "real_name",
        World(town_csms(), GainsLink((AGREED, bound(OWES_ONE, OWES_SEVERAL), TO_PUT_RIGHT))),
        made_anew(TO_PUT_RIGHT),
    ),
    *(
        ("real_name", world(AGREED, bound(one.submission.acct_no), one), made_anew(one))
        for one in (
            filled_in(SubmissionKind.TRANSFER, OWES_NOTHING, meter=True),
            filled_in(SubmissionKind.TRANSFER, OWES_SEVERAL, meter=True),
        )
    ),
    *(
        ("override", world(*agreed, one), made_anew(one))
        for one in (filled_in(SubmissionKind.OVERRIDE, OWES_SEVERAL, meter=True),)
        for agreed in ((AGREED,), ())
    ),
    ("override", world(), NOTHING),
    ("override", world(AGREED, bound(OWES_ONE), *SENT_BEFORE), NOTHING),
    (
        "override",
        world(AGREED, applied(SubmissionKind.OVERRIDE, OWES_SEVERAL, UNDER_WAY)),
        NOTHING,
    ),
    ("override", world(AGREED, RETURNED), made_anew(RETURNED)),
    ("override", world(AGREED, RETURNED, AGAIN), made_anew(RETURNED)),
    ("unbind", world(), NOTHING),
    ("unbind", world(bound(OWES_ONE)), NOTHING),
    ("unbind", world(bound(OWES_ONE, OWES_SEVERAL)), NOTHING),
    ("unbind", world(bound(OWES_SEVERAL)), NOTHING),
    (
        "unbind",
        world(
            bound(OWES_SEVERAL),
            applied(SubmissionKind.CANCEL_REAL_NAME, OWES_SEVERAL, UNDER_WAY),
        ),
        NOTHING,
    ),
    ("unbind", losing(2, bound(OWES_SEVERAL)), NOTHING),
)
