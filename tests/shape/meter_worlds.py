"""Worlds of meters for the walks: one for each way a meter, a reading or a visit can stand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    BindingEnded,
    Effect,
    Meter,
    Photo,
    PhotoKept,
    PhotoPurpose,
    ProofFactor,
    Role,
    Submission,
    SubmissionKind,
    SubmissionMade,
    SubmissionState,
    Visit,
    VisitSlot,
)
from tests.fakes import FakeCsms, FakePhotos, FakeRecords
from tests.shape.walk import CITIZEN, NOW, World
from tests.town import (
    ACCOUNTS,
    METERS,
    OWES_MANY,
    OWES_ONE,
    OWES_SEVERAL,
    READINGS,
    SLOTS,
    VISITS,
)

OPEN = next(meter for meter in METERS if meter.acct_no == OWES_ONE)
SAME = FakePhotos().take("same-0", PhotoPurpose.METER)
assert isinstance(SAME, Photo)
YESTERDAY = NOW - timedelta(days=1)


def bound(*acct_nos: str, role: Role = Role.OWNER, openid: str = CITIZEN) -> AccountsBound:
    return AccountsBound(
        tuple(
            Binding(openid, no, role, BillType.WECHAT_ONLY, ProofFactor.OWNER_NAME, YESTERDAY)
            for no in acct_nos
        )
    )


def asked(
    kind: SubmissionKind,
    acct_no: str,
    state: SubmissionState = SubmissionState.DELIVERED,
    *,
    openid: str = CITIZEN,
    at: datetime = YESTERDAY,
    **payload: str,
) -> SubmissionMade:
    rejected = state is SubmissionState.RETURNED
    return SubmissionMade(
        Submission(
            number="W2611210000002",
            key=f"{kind}:{acct_no}",
            openid=openid,
            acct_no=acct_no,
            kind=kind,
            payload=payload,
            created_at=at,
            state=state,
            result={"reason": "blurred", "text": ""} if rejected else None,
        )
    )


def submitted_with(photo: Photo) -> SubmissionMade:
    """Of the year before, with this photo."""
    made = asked(SubmissionKind.READING, OWES_ONE, at=NOW - timedelta(days=365)).submission
    return SubmissionMade(replace(made, photo_ids=(photo.photo_id,)))


def read_before(
    state: SubmissionState = SubmissionState.DELIVERED, *, openid: str = CITIZEN
) -> SubmissionMade:
    return asked(SubmissionKind.READING, OWES_ONE, state, openid=openid, meter_code=OPEN.meter_code)


def meters(
    *in_use: Meter, visits: Sequence[Visit] = (), slots: Sequence[VisitSlot] = ()
) -> FakeCsms:
    return FakeCsms(ACCOUNTS, meters=in_use, readings=READINGS, visits=visits, slots=slots)


def due(days: int | None) -> Meter:
    """The open meter, but its reading day is so many days from now."""
    return replace(
        OPEN, next_reading_on=None if days is None else NOW.date() + timedelta(days=days)
    )


def world(csms: FakeCsms, *effects: Effect) -> World:
    return World(csms, FakeRecords([bound(OWES_ONE), *effects]))


class LateReading(FakeRecords):
    """The family's reader submits while the citizen is still at it."""

    def submissions_for(self, acct_no: str, kind: str, since: datetime) -> tuple[Submission, ...]:
        found = super().submissions_for(acct_no, kind, since)
        self.commit([read_before(openid="oOTHER")])
        return found


class LateRequest(FakeRecords):
    """The family's owner asks for a visit while the citizen is still at it."""

    def submissions_for(self, acct_no: str, kind: str, since: datetime) -> tuple[Submission, ...]:
        found = super().submissions_for(acct_no, kind, since)
        if kind == SubmissionKind.VISIT_CHANGE:
            visit = asked(
                SubmissionKind.VISIT,
                OWES_SEVERAL,
                openid="oOTHER",
                visit_no="V1",
                on="2026-11-25",
                band="09:00-11:00",
            )
            self.commit([visit])
        return found


class EndsMeanwhile(FakeRecords):
    """The owner ends the reader's link once a photo or a visit has been looked at."""

    def photo_seen(self, openid: str, acct_no: str, photo: Photo, also: Sequence[str] = ()) -> bool:
        self._end(openid, acct_no)
        return super().photo_seen(openid, acct_no, photo, also)

    def submissions_for(self, acct_no: str, kind: str, since: datetime) -> tuple[Submission, ...]:
        if kind == SubmissionKind.VISIT_CHANGE:
            self._end(CITIZEN, acct_no)
        return super().submissions_for(acct_no, kind, since)

    def _end(self, openid: str, acct_no: str) -> None:
        self.commit([BindingEnded("oOTHER", acct_no, NOW, member=openid)])


class Vanishing(FakeCsms):
    """Asked again, about one account alone, it knows neither a meter nor a visit of it."""

    def meters(self, acct_nos: Sequence[str]) -> tuple[Meter, ...]:
        return super().meters(acct_nos) if len(acct_nos) > 1 else ()

    def visits(self, acct_no: str) -> tuple[Visit, ...]:
        found = super().visits(acct_no)
        self.visits_due = [one for one in self.visits_due if one.acct_no != acct_no]
        return found


class SoonTaken(FakeCsms):
    """Its slots are taken by others once they have been seen; `spare` ones are left."""

    spare: tuple[VisitSlot, ...] = ()

    def visit_slots(self, acct_no: str, since: date) -> tuple[VisitSlot, ...]:
        found = super().visit_slots(acct_no, since)
        self._slots = self.spare
        return found


def soon_taken(*spare: VisitSlot) -> FakeCsms:
    csms = SoonTaken(ACCOUNTS, visits=VISITS, slots=SLOTS)
    csms.spare = spare
    return csms


def _moved(visit: Visit, reschedules: int) -> Visit:
    return replace(visit, reschedules=reschedules)


V_DUE, V_BOOKED = VISITS
ALL_METERS = (
    OPEN,
    replace(due(2), acct_no=OWES_SEVERAL, meter_code="SH2VISIT", visit_due=True),
    replace(due(None), meter_code="SH2NODAY"),
    replace(due(9), meter_code="SH2EARLY"),
    replace(due(-9), meter_code="SH2LATE"),
    replace(due(2), meter_code="SH2READ"),
)
READ_ALREADY = asked(SubmissionKind.READING, OWES_ONE, meter_code="SH2READ")

METER_WORLDS = {
    "a viewer": World(meters(OPEN), FakeRecords([bound(OWES_ONE, role=Role.VIEWER)])),
    "a meter that is open": world(
        meters(OPEN),
        PhotoKept(CITIZEN, OWES_ONE, PhotoPurpose.METER, SAME, YESTERDAY),
        submitted_with(SAME),
    ),
    "a meter on its last day": world(meters(due(-1))),
    "a meter near its end": world(meters(replace(OPEN, last_value=99990))),
    "a meter without history": world(FakeCsms(ACCOUNTS, meters=[OPEN])),
    "a meter that wants a visit": world(meters(replace(OPEN, visit_due=True))),
    "a meter without a reading day": world(meters(due(None))),
    "a meter read too early": world(meters(due(9))),
    "a meter read too late": world(meters(due(-9))),
    "a meter read already": world(meters(OPEN), read_before()),
    "a meter read already by the family": world(meters(OPEN), read_before(openid="oOTHER")),
    "a meter whose reading was accepted": world(meters(OPEN), read_before(SubmissionState.DONE)),
    "a meter whose reading was sent back": world(
        meters(OPEN), read_before(SubmissionState.RETURNED)
    ),
    "a meter of a reader who is removed meanwhile": World(
        meters(OPEN), EndsMeanwhile([bound(OWES_ONE, role=Role.READER)])
    ),
    "a visit of a reader who is removed meanwhile": World(
        meters(visits=[V_DUE], slots=SLOTS), EndsMeanwhile([bound(OWES_SEVERAL, role=Role.READER)])
    ),
    "a meter that the family reads meanwhile": World(meters(OPEN), LateReading([bound(OWES_ONE)])),
    "many meters": World(
        meters(*ALL_METERS), FakeRecords([bound(OWES_ONE, OWES_SEVERAL), READ_ALREADY])
    ),
    "meters and visits that vanish": World(
        Vanishing(ACCOUNTS, meters=ALL_METERS, visits=VISITS, slots=SLOTS),
        FakeRecords([bound(OWES_ONE, OWES_SEVERAL, OWES_MANY)]),
    ),
    "a visit due": World(meters(visits=[V_DUE], slots=SLOTS), FakeRecords([bound(OWES_SEVERAL)])),
    "a visit due, no slots": World(meters(visits=[V_DUE]), FakeRecords([bound(OWES_SEVERAL)])),
    "a visit due, asked for meanwhile": World(
        meters(visits=[V_DUE], slots=SLOTS), LateRequest([bound(OWES_SEVERAL)])
    ),
    "a visit due, its slot soon taken": World(
        soon_taken(SLOTS[2]), FakeRecords([bound(OWES_SEVERAL)])
    ),
    "a visit due, all slots soon taken": World(soon_taken(), FakeRecords([bound(OWES_SEVERAL)])),
    "a visit on its way": World(
        meters(visits=[V_DUE], slots=SLOTS),
        FakeRecords(
            [
                bound(OWES_SEVERAL),
                asked(
                    SubmissionKind.VISIT,
                    OWES_SEVERAL,
                    visit_no="V1",
                    on="2026-11-25",
                    band="09:00-11:00",
                ),
            ]
        ),
    ),
    "a visit booked": World(
        meters(visits=[V_BOOKED], slots=SLOTS), FakeRecords([bound(OWES_MANY)])
    ),
    "a visit booked, no slots": World(meters(visits=[V_BOOKED]), FakeRecords([bound(OWES_MANY)])),
    "a visit moved already": World(
        meters(visits=[_moved(V_BOOKED, 1)], slots=SLOTS), FakeRecords([bound(OWES_MANY)])
    ),
    "visits of several accounts": World(
        meters(visits=VISITS, slots=SLOTS), FakeRecords([bound(OWES_SEVERAL, OWES_MANY)])
    ),
    "visits of several accounts, no slots": World(
        meters(visits=VISITS), FakeRecords([bound(OWES_SEVERAL, OWES_MANY)])
    ),
    "visits of several accounts, one moved, one on its way": World(
        meters(visits=[V_DUE, _moved(V_BOOKED, 1)], slots=SLOTS),
        FakeRecords(
            [
                bound(OWES_SEVERAL, OWES_MANY),
                asked(
                    SubmissionKind.VISIT,
                    OWES_SEVERAL,
                    visit_no="V1",
                    on="2026-11-25",
                    band="09:00-11:00",
                ),
            ]
        ),
    ),
}
