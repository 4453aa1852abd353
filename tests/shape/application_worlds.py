"""Worlds for the walks through new connections and spot checks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from backends.ports import (
    Binding,
    ConsentGiven,
    Effect,
    Meter,
    Photo,
    PhotoKept,
    PhotoPurpose,
    Role,
    SpotCheck,
    Submission,
    SubmissionKind,
    SubmissionMade,
    SubmissionState,
)
from dialogs import consents
from tests.fakes import FakeCsms, FakeRecords, FakeSecrets
from tests.shape.meter_worlds import OPEN, SAME, YESTERDAY, asked, bound, submitted_with
from tests.shape.walk import CITIZEN, NOW, World
from tests.town import ACCOUNTS, METERS, OWES_MANY, OWES_ONE, OWES_SEVERAL, READINGS, SPOT_CHECKS

CONSENTED = ConsentGiven(CITIZEN, consents.CONNECTION, 1, NOW)
RETURNED_NO, CHECK_NO = "W2611200000042", "W2611200000018"
PERSON = {"name": "赵子龙", "id_no": "11010519491231002X", "mobile": "13812345678"}


def application(
    number: str, kind: SubmissionKind, state: SubmissionState, **more: Any
) -> SubmissionMade:
    values: dict[str, Any] = {"acct_no": "", "result": {"text": "没有拍全"}} | more
    return SubmissionMade(
        Submission(
            number=number,
            key=number,
            openid=CITIZEN,
            created_at=YESTERDAY,
            kind=kind,
            state=state,
            **values,
        )
    )


RETURNED = application(
    RETURNED_NO,
    SubmissionKind.CONNECTION,
    SubmissionState.RETURNED,
    payload={"kind": "shop", "address": "滨河路12号101室", "details": "", "documents": ["other"]},
    photo_ids=("p1",),
    sealed=FakeSecrets().seal(json.dumps(PERSON)),
)
SENT_BACK = application(
    CHECK_NO,
    SubmissionKind.SPOT_CHECK,
    SubmissionState.RETURNED,
    acct_no=OWES_ONE,
    payload={"check_no": "C1", "value": 1250},
    result={"state": "retake", "reason": "blurred", "text": "请对准数字"},
)
TO_BE_VISITED = application(
    CHECK_NO,
    SubmissionKind.SPOT_CHECK,
    SubmissionState.DONE,
    acct_no=OWES_SEVERAL,
    payload={"check_no": "C9", "value": 1250},
    result={"state": "field", "visit_no": "V1", "text": "相差较大"},
)
(C1,) = SPOT_CHECKS
C2 = replace(C1, check_no="C2", acct_no=OWES_SEVERAL, meter_code="SH210000000025")
GONE = replace(C1, check_no="C3", meter_code="SH2GONE")


def answered(check: SpotCheck, openid: str = CITIZEN) -> SubmissionMade:
    kind, no = SubmissionKind.SPOT_CHECK, check.check_no
    made = asked(kind, check.acct_no, openid=openid, check_no=no).submission
    return SubmissionMade(replace(made, number=f"W26112000000{no}"))


class LateAnswer(FakeRecords):
    """The family answers the check while the citizen is still at it."""

    def submissions_for(self, acct_no: str, kind: str, since: datetime) -> tuple[Submission, ...]:
        found = super().submissions_for(acct_no, kind, since)
        self.commit([answered(one, "oOTHER") for one in (C1, C2) if one.acct_no == acct_no])
        return found


class LostLink(FakeRecords):
    """The link to the account ends while the photo is on its way."""

    _over = False

    def photo_seen(self, openid: str, acct_no: str, photo: Photo, also: Sequence[str] = ()) -> bool:
        self._over = True
        return super().photo_seen(openid, acct_no, photo, also)

    def bindings(self, openid: str) -> tuple[Binding, ...]:
        return () if self._over else super().bindings(openid)


def checks(*drawn: SpotCheck, meters: Sequence[Meter] = METERS) -> FakeCsms:
    return FakeCsms(ACCOUNTS, meters=meters, readings=READINGS, spot_checks=drawn)


def drawn(*effects: Effect, csms: FakeCsms | None = None) -> World:
    return World(csms or checks(C1), FakeRecords([bound(OWES_ONE, OWES_SEVERAL), *effects]))


NEAR_ITS_END = replace(OPEN, last_value=99990)
APPLICATION_DIALOGS = ("connection", "spot_check")
APPLICATION_WALKS: tuple[tuple[str, World, Mapping[str, Any]], ...] = (
    ("connection", World(checks(), FakeRecords()), {}),
    ("connection", World(checks(), FakeRecords([CONSENTED])), {}),
    ("connection", World(checks(), FakeRecords([RETURNED])), {"parent_no": RETURNED_NO}),
    ("connection", World(checks(), FakeRecords([CONSENTED, RETURNED])), {"parent_no": RETURNED_NO}),
    ("progress", World(checks(), FakeRecords([RETURNED])), {}),
    ("progress", drawn(TO_BE_VISITED), {}),
    ("spot_check", World(checks(C1), FakeRecords()), {}),
    ("spot_check", World(checks(C1), FakeRecords([bound(OWES_ONE, role=Role.VIEWER)])), {}),
    ("spot_check", World(checks(C1), FakeRecords([bound(OWES_MANY)])), {}),
    (
        "spot_check",
        drawn(
            PhotoKept(CITIZEN, OWES_ONE, PhotoPurpose.METER, SAME, YESTERDAY), submitted_with(SAME)
        ),
        {},
    ),
    ("spot_check", drawn(csms=checks(C1, meters=[NEAR_ITS_END])), {}),
    ("spot_check", drawn(answered(C1)), {}),
    ("spot_check", drawn(SENT_BACK), {"parent_no": CHECK_NO}),
    ("spot_check", drawn(csms=checks(C1, C2, GONE)), {}),
    ("spot_check", drawn(csms=checks(GONE)), {}),
    ("spot_check", World(checks(C1), LateAnswer([bound(OWES_ONE)])), {}),
    ("spot_check", World(checks(C1, C2), LateAnswer([bound(OWES_ONE, OWES_SEVERAL)])), {}),
    ("spot_check", World(checks(C1), LostLink([bound(OWES_ONE)])), {}),
)
