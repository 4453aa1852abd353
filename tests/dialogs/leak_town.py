"""A household whose every fact is unmistakable, and who may be told which of them.

SECRET is theirs; OWN belongs to a stranger. Whoever is told a fact that stands in none of their
roles' lists has learned what they should not have.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    ConsentGiven,
    Contact,
    Effect,
    Invite,
    InviteAccepted,
    InviteMade,
    InvitesRevoked,
    PasswordSet,
    ProofFactor,
    RealName,
    Role,
    SpotCheck,
    Submission,
    SubmissionKind,
    SubmissionMade,
    SubmissionState,
)
from dialogs.consents import CONSENTS
from tests import town
from tests.fakes import FakeCsms, FakeRecords, FakeSecrets

NOON = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
SECRET, OWN = "7700000042", "3100000033"
STRANGER, READER, VIEWER, PAYER, OWNER = (
    f"o{name}" for name in ("STR", "REA", "VIE", "PAY", "OWN")
)
ROLES = {READER: Role.READER, VIEWER: Role.VIEWER, PAYER: Role.PAYER, OWNER: Role.OWNER}
# Forwarded to everybody: the last one is still good, for one of them.
USED, EXPIRED, REVOKED, OPEN_CODE = "k7mp2qx9", "w3nd8ras", "h5tc4vbe", "z6yf9gju"
FAULT, READING = "W2611200000018", "W2611200000034"

OWNER_NAME, ROOM = "慕容雪松", "7单元1909"
PLACE = "青藤巷91号"
MONEY = ("913.37", "871.23", "42.14", "618.52", "B202610SECRET", "777.77")
METER = ("87654", "QW7Z")
HOLDER = "慕容雪松", "慕*"
CONTACT = ("188****7766", "m***@qingteng.example")
DETAILS = "院墙后面第三块石板下面"
NEVER = (OWNER_NAME, ROOM, "18812347766", "murong@qingteng.example", "SH219999QW7Z")

_SEEN_BY_ALL = (PLACE, "慕*", *METER)
ALLOWED: Mapping[Role, tuple[str, ...]] = {
    Role.READER: _SEEN_BY_ALL,
    Role.VIEWER: (*_SEEN_BY_ALL, *MONEY),
    Role.PAYER: (*_SEEN_BY_ALL, *MONEY, SECRET),
    Role.OWNER: (*_SEEN_BY_ALL, *MONEY, *CONTACT, SECRET),
}
MARKERS = {*_SEEN_BY_ALL, *MONEY, *CONTACT, SECRET, DETAILS, *NEVER}
"""What is told nobody but whoever wrote it stands in MARKERS alone: DETAILS, told the owner."""


def may_be_told(openid: str, roles: set[Role]) -> set[str]:
    allowed = {marker for role in roles for marker in ALLOWED[role]}
    return {*allowed, DETAILS} if openid == OWNER else allowed


def csms() -> FakeCsms:
    """The town, and the secret household in it."""
    account = replace(
        town.ACCOUNTS[0],
        acct_no=SECRET,
        owner_name=OWNER_NAME,
        address=f"云川市{PLACE}{ROOM}",
        meter_code="SH219999QW7Z",
        prepaid_balance=Decimal("777.77"),
    )
    bill = replace(
        town.BILLS[0],
        bill_no="B202610SECRET",
        acct_no=SECRET,
        amount=Decimal("871.23"),
        late_fee=Decimal("42.14"),
        prev_value=87542,
        value=87654,
    )
    payment = replace(
        town.PAYMENTS[0], pay_no="P9", acct_no=SECRET, amount=Decimal("618.52"), bills=()
    )
    meter = replace(town.METERS[0], acct_no=SECRET, meter_code="SH219999QW7Z", last_value=87654)
    check = SpotCheck("SC9", SECRET, "SH219999QW7Z", date(2026, 11, 20), date(2026, 11, 25))
    return FakeCsms(
        (account, *town.ACCOUNTS),
        (bill, *town.BILLS),
        payments=(payment, *town.PAYMENTS),
        tiers=(replace(town.TIERS[0], acct_no=SECRET), *town.TIERS),
        meters=(meter, *town.METERS),
        readings=town.READINGS,
        visits=town.VISITS,
        slots=town.SLOTS,
        contacts=(Contact(SECRET, *CONTACT, paper=True), *town.CONTACTS),
        real_names=(RealName(SECRET, "慕*", date(2020, 5, 4), 0, 2), *town.REAL_NAMES),
        spot_checks=(check, *town.SPOT_CHECKS),
    )


def records() -> FakeRecords:
    """The household bound in its roles, its requests and invitations, a stranger with a home of
    their own; nearly everybody has consented to everything."""
    long_ago = NOON - timedelta(days=30)
    links = [(who, SECRET, role) for who, role in ROLES.items()]
    links += [(STRANGER, OWN, Role.OWNER), (STRANGER, town.OWES_ONE, Role.OWNER)]
    links += [(PAYER, town.OWES_SEVERAL, Role.OWNER)]
    effects: list[Effect] = [
        ConsentGiven(who, purpose, 1, long_ago)
        for who in (STRANGER, *ROLES)
        for purpose in CONSENTS
        if (who, purpose) != (STRANGER, "real_name")
    ]
    effects += [AccountsBound((_bound(*link, long_ago),)) for link in links]
    effects += [PasswordSet(VIEWER, FakeSecrets().hash("135790"), long_ago)]
    effects += [SubmissionMade(one) for one in _submissions()]
    return FakeRecords([*effects, *_invitations()])


def _bound(openid: str, acct_no: str, role: Role, at: datetime) -> Binding:
    return Binding(openid, acct_no, role, BillType.WECHAT_ONLY, ProofFactor.OWNER_NAME, at)


def _submissions() -> tuple[Submission, ...]:
    fault = Submission(
        number=FAULT,
        key=FAULT,
        openid=OWNER,
        acct_no=SECRET,
        kind=SubmissionKind.FAULT,
        payload={
            "fault": "LEAK_PUBLIC",
            "place": {"text": f"{PLACE}门口", "lat": None, "lon": None},
            "details": DETAILS,
        },
        created_at=NOON - timedelta(hours=2),
        state=SubmissionState.IN_PROGRESS,
        ext_no="WO1",
        result={"state": "on_way", "text": DETAILS},
    )
    reading = replace(
        fault,
        number=READING,
        key=READING,
        kind=SubmissionKind.READING,
        payload={"value": 87654, "prev_value": 87542, "meter_code": "SH219999QW7Z"},
        result={"state": "rejected", "reason": "blurred", "text": "请擦净表盘再拍"},
        state=SubmissionState.RETURNED,
    )
    return fault, reading


def _invitations() -> list[Effect]:
    def invite(code: str, made_at: datetime) -> Invite:
        return Invite(
            fingerprint=FakeSecrets().fingerprint(code),
            acct_no=SECRET,
            role=Role.VIEWER if code != OPEN_CODE else Role.READER,
            invited_by=OWNER,
            made_at=made_at,
            expires_at=made_at + timedelta(hours=24),
        )

    week, hour = NOON - timedelta(days=7), NOON - timedelta(hours=1)
    used = invite(USED, NOON - timedelta(days=20))
    member = replace(_bound(VIEWER, SECRET, Role.VIEWER, used.made_at), invited_by=OWNER)
    return [
        InviteMade(used),
        InviteAccepted(used.fingerprint, member),
        InviteMade(invite(REVOKED, NOON - timedelta(hours=3))),
        InvitesRevoked(OWNER, SECRET, NOON - timedelta(hours=2)),
        InviteMade(invite(EXPIRED, week)),
        InviteMade(invite(OPEN_CODE, hour)),
    ]
