"""Every way through every dialog: each declared way is walked, each reply can be rendered, each
question reads the same whenever it is asked, and what is remembered stays small."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from backends.ports import (
    Account,
    AccountsBound,
    BillType,
    Binding,
    BindingChanged,
    ConsentGiven,
    Effect,
    Nearby,
    Place,
    ProofFactor,
    ProofFailed,
    Role,
    Submission,
    SubmissionKind,
    SubmissionMade,
    SubmissionState,
)
from bot.wording.pages import MAX_BYTES
from bot.wording.render import Renderer
from dialogs import REGISTRY
from dialogs.billing.history import MOST_BILLS
from dialogs.consents import BIND_ACCOUNT
from dialogs.engine import record, steps
from dialogs.engine.house import House
from dialogs.engine.record import MAX_BYTES as MAX_RECORD_BYTES
from dialogs.engine.record import Frame, Record
from dialogs.engine.reply import Say
from tests.fakes import FakeCsms, FakeHotline, FakeRecords
from tests.shape import walk
from tests.shape.account_worlds import ACCOUNT_DIALOGS, ACCOUNT_WALKS, JOIN_WORLDS
from tests.shape.application_worlds import APPLICATION_DIALOGS, APPLICATION_WALKS
from tests.shape.bill_worlds import BILL_WORLDS
from tests.shape.identity_worlds import IDENTITY_DIALOGS, IDENTITY_WALKS
from tests.shape.information_worlds import INFORMATION_DIALOGS, INFORMATION_WALKS
from tests.shape.meter_worlds import METER_WORLDS
from tests.shape.password_worlds import PASSWORD_WALKS, PASSWORD_WORLDS
from tests.shape.pay_worlds import PAY_WALKS
from tests.shape.published_worlds import PUBLISHED_WORLDS
from tests.shape.walk import CITIZEN, NOW, Walked, World
from tests.town import (
    ACCOUNTS,
    BILLS,
    MOBILES,
    NEARBY,
    OWES_NOTHING,
    OWES_ONE,
    OWES_SEVERAL,
    town_csms,
)

GONE = "3188888888"
CONSENTED = ConsentGiven(CITIZEN, BIND_ACCOUNT, 1, NOW)
LONGEST_ADDRESS = "云川市" + "滨河新区" * 49 + "1"  # NVARCHAR(200), and no 号 to cut at


def bound(*acct_nos: str, openid: str = CITIZEN) -> AccountsBound:
    return AccountsBound(
        tuple(
            Binding(openid, no, Role.OWNER, BillType.WECHAT_ONLY, ProofFactor.OWNER_NAME, NOW)
            for no in acct_nos
        )
    )


def failures(count: int) -> list[Effect]:
    return [ProofFailed(CITIZEN, f"k{n}", NOW) for n in range(count)]


def town(*effects: Effect) -> World:
    return World(town_csms(), FakeRecords(effects))


class LateOwner(FakeRecords):
    """A family member becomes the owner while the citizen is still at it."""

    def owner_exists(self, acct_no: str, *, other_than: str) -> bool:
        asked_before = super().owner_exists(acct_no, other_than=other_than)
        if not asked_before:
            self.commit([bound(acct_no, openid="oOTHER")])
        return asked_before


class KnowsPlaces(FakeHotline):
    """Of 人民东路 an outage and a ticket, of 青年路 the outage, of 港口路 the ticket."""

    def nearby(self, fault: str, place: Place) -> Nearby:
        del fault
        outages = NEARBY.outages if "人民东路" in place.text or "青年路" in place.text else ()
        tickets = NEARBY.tickets if "人民东路" in place.text or "港口路" in place.text else ()
        return Nearby(outages, tickets)


def made(
    number: str,
    kind: SubmissionKind,
    state: SubmissionState = SubmissionState.DELIVERED,
    ago: timedelta = timedelta(days=2),
    **more: Any,
) -> SubmissionMade:
    payload = more.pop("payload", {"fault": "BURST"} if kind is SubmissionKind.FAULT else {})
    values: dict[str, Any] = {
        "key": number,
        "openid": CITIZEN,
        "acct_no": "",
        "created_at": NOW - ago,
    }
    return SubmissionMade(
        Submission(number=number, kind=kind, state=state, payload=payload, **values | more)
    )


def just_reported(number: str, text: str) -> SubmissionMade:
    payload = {"fault": "BURST", "place": {"text": text, "lat": None, "lon": None}}
    return made(number, SubmissionKind.FAULT, ago=timedelta(minutes=10), payload=payload)


OPEN_FAULT = made("W2611200000018", SubmissionKind.FAULT)
DONE_FAULT = made("W2611200000026", SubmissionKind.FAULT, SubmissionState.DONE)
TOLD = made("W2611200000042", SubmissionKind.READING, payload={"value": 1250})
SUBMISSIONS = (
    OPEN_FAULT,
    DONE_FAULT,
    TOLD,
    made("W2611200000034", SubmissionKind.READING, SubmissionState.RETURNED, acct_no=OWES_ONE),
    made(
        "W2611200000059",
        SubmissionKind.VISIT,
        SubmissionState.DONE,
        payload={"on": "2026-11-25", "band": "09:00-11:00"},
        result={"state": "booked", "on": "2026-11-25", "band": "09:00-11:00"},
    ),
    made("W2611200000067", SubmissionKind.FAULT, SubmissionState.STUCK),
)
URGED = made(
    "W2611200000075", SubmissionKind.URGE, ago=timedelta(hours=1), parent_no="W2611200000018"
)

WORLDS = {
    "submissions of every kind": town(*SUBMISSIONS),
    "one fault under way": town(OPEN_FAULT),
    "one fault urged an hour ago": town(OPEN_FAULT, URGED),
    "one reading under way": town(TOLD),
    "a hotline that knows places": World(
        town_csms(), FakeRecords([bound(OWES_ONE)]), hotline=KnowsPlaces()
    ),
    "what was just reported": World(
        town_csms(),
        FakeRecords(
            [
                just_reported("W2611220000014", "人民东路88弄"),
                just_reported("W2611220000022", "港口路1号"),
                just_reported("W2611220000030", "学府路9号"),
            ]
        ),
        hotline=KnowsPlaces(),
    ),
    "a late owner": World(town_csms(), LateOwner([CONSENTED])),
    "a stranger": town(),
    "consented": town(CONSENTED),
    "locked": town(CONSENTED, *failures(5)),
    "one try left": town(CONSENTED, *failures(4)),
    "family": town(CONSENTED, bound(OWES_ONE, openid="oOTHER")),
    "one account": town(CONSENTED, bound(OWES_NOTHING)),
    "one account that owes": town(CONSENTED, bound(OWES_SEVERAL)),
    "an account that is gone": town(CONSENTED, bound(GONE)),
    "several accounts": town(CONSENTED, bound(OWES_ONE, OWES_NOTHING, GONE)),
    "room for one more": town(
        CONSENTED, bound(OWES_NOTHING, *(f"31000009{n:02d}" for n in range(8)))
    ),
    "room for one more, of the family's": town(
        CONSENTED,
        bound(OWES_NOTHING, *(f"31000009{n:02d}" for n in range(8))),
        bound(OWES_ONE, OWES_SEVERAL, openid="oOTHER"),
    ),
}


# What is not set up, for those worlds in which it matters.
POLICIES: tuple[dict[str, Any], ...] = ({"takes_photos": False}, {"takes_faults": False})
METER_DIALOGS = ("self_reading", "book_visit")
PUBLISHED_DIALOGS = ("outages", "water_quality")
BILL_DIALOGS = (
    "arrears",
    "latest_bill",
    "bill_history",
    "bill_change",
    "payment_history",
    "tier_usage",
)
PASSWORD_MODES: tuple[dict[str, Any], ...] = (
    {},
    {"query_password": "off"},
    {"query_password": "required"},
)
# Walked in worlds of their own only.
LOOKED_AT_ALONE = (
    *IDENTITY_DIALOGS,
    *INFORMATION_DIALOGS,
    *ACCOUNT_DIALOGS,
    *APPLICATION_DIALOGS,
    "pay",
)
PLACES = ("a hotline that knows places", "what was just reported")


@pytest.fixture(scope="module")
def walks(shipped: House) -> list[Walked]:
    everywhere = [(shipped, world) for world in WORLDS.values()]
    without = [(_with(shipped, **one), WORLDS[name]) for one in POLICIES for name in PLACES]
    ways = [
        (house, world, name)
        for house, world in (*everywhere, *without)
        for name in REGISTRY
        if name not in LOOKED_AT_ALONE
    ]
    ways += [(shipped, world, name) for world in METER_WORLDS.values() for name in METER_DIALOGS]
    ways += [
        (house, world, name)
        for house in (shipped, _with(shipped, website_url=""))
        for world in PUBLISHED_WORLDS.values()
        for name in PUBLISHED_DIALOGS
    ]
    ways += [
        (_with(shipped, **mode), world, "query_password")
        for mode in PASSWORD_MODES
        for world in PASSWORD_WORLDS.values()
    ]
    ways += [(shipped, world, name) for world in BILL_WORLDS.values() for name in BILL_DIALOGS]
    ways += [
        (_with(shipped, **policy), world, name)
        for policy, world in INFORMATION_WALKS
        for name in INFORMATION_DIALOGS
    ]
    ways += [(_with(shipped, **policy), world, "pay") for policy, world in PAY_WALKS]
    ways += [(shipped, world, name) for world, name in ACCOUNT_WALKS]
    ways += [(shipped, world, "join_family") for world in JOIN_WORLDS]
    no_papers = _with(shipped, takes_documents=False)
    ways += [(no_papers, WORLDS["a stranger"], name) for name in (*IDENTITY_DIALOGS, "connection")]
    ways.append((_with(shipped, takes_photos=False), WORLDS["one account"], "spot_check"))
    ways += [(no_papers, WORLDS["one account"], n) for n in ("contact_details", "family")]
    walked = [
        one
        for name, world, data in (*IDENTITY_WALKS, *APPLICATION_WALKS, *PASSWORD_WALKS)
        for one in walk.walk(shipped, world, name, data)
    ]
    return [
        *(one for house, world, name in ways for one in walk.walk(house, world, name)),
        *walked,
    ]


@pytest.fixture(scope="module")
def texts(walks: list[Walked], renderer: Renderer) -> list[list[str]]:
    """What each of `walks` says, part by part."""
    return [[renderer.text(part) for part in one.moved.parts] for one in walks]


def _with(house: House, **changes: Any) -> House:
    return replace(house, policy=replace(house.policy, **changes))


def test_every_declared_way_is_walked(walks: list[Walked]) -> None:
    """A dialog that fails here lacks answers in answers.toml, or a world above."""
    arrived = {(one.dialog, one.state, _arrival(one)) for one in walks if not one.moved.refused}
    wanted = set()
    for name, dialog in REGISTRY.items():
        wanted |= {(name, "opening", to) for to in dialog.opens.leads_to.values()}
        for state, step in dialog.steps.items():
            wanted |= {(name, state, to) for to in step.leads_to.values()}
    assert wanted - arrived == set()


def test_every_declared_refusal_of_a_decision_is_met(walks: list[Walked]) -> None:
    met = {(one.dialog, one.state, one.moved.refused) for one in walks if one.moved.refused}
    wanted = {
        (name, state, reason)
        for name, dialog in REGISTRY.items()
        for state, step in dialog.steps.items()
        for reason in step.refuses
    }
    assert wanted - met == set()


def test_everything_said_on_every_way_can_be_rendered(
    walks: list[Walked], renderer: Renderer
) -> None:
    for one in walks:
        for page in renderer.message(one.moved.parts):
            assert 0 < len(page.encode()) <= MAX_BYTES, (one.dialog, one.state, one.said)


def test_a_question_asked_again_from_the_stored_record_reads_the_same(
    walks: list[Walked], texts: list[list[str]], shipped: House, renderer: Renderer
) -> None:
    questions = [
        (one, said[-1])
        for one, said in zip(walks, texts, strict=True)
        if one.moved.frame and not one.moved.refused
    ]
    assert len(questions) > 100
    for one, first in questions:
        again = renderer.text(steps.ask_again(shipped, stored(one.moved.frame)))
        assert first == again, (one.dialog, one.state, one.said)


def test_every_step_goes_on_from_the_stored_record(walks: list[Walked], shipped: House) -> None:
    """Data that JSON changes on the way (numbers as keys, tuples, dates) would show here."""
    for one in walks:
        if one.moved.frame:
            assert stored(one.moved.frame).data == one.moved.frame.data, (one.dialog, one.state)


def test_no_owner_name_or_full_address_is_remembered_or_said(
    walks: list[Walked], texts: list[list[str]]
) -> None:
    """Least data: what is kept of an account is masked, but for its number."""
    secrets = [account.owner_name for account in ACCOUNTS if account.owner_name]
    secrets += ["3单元501室", "1201室", "302室", *MOBILES.values()]
    secrets += ["赵一", "530102199003071238", "13700001111"]  # as answers.toml types them
    for one, said_in_parts in zip(walks, texts, strict=True):
        kept = record.to_json(Record(frame=one.moved.frame))
        said = "".join(said_in_parts)
        for secret in secrets:
            assert secret not in kept, (one.dialog, one.state, one.said)
            assert secret not in said, (one.dialog, one.state, one.said)


def test_only_who_asks_for_the_whole_number_reads_it_others_read_masked_ones(
    walks: list[Walked], texts: list[list[str]]
) -> None:
    for one, said_in_parts in zip(walks, texts, strict=True):
        parts = zip(one.moved.parts, said_in_parts, strict=True)
        said = "".join(text for part, text in parts if part.template != "full_number/number")
        assert OWES_ONE not in said, (one.dialog, one.state, one.said)
        assert OWES_NOTHING not in said, (one.dialog, one.state, one.said)


# --- the largest record ---------------------------------------------------------------------------


@pytest.fixture
def full_house() -> World:
    numbers = [f"31000009{n:02d}" for n in range(10)]
    accounts: list[Account] = [
        replace(ACCOUNTS[0], acct_no=number, address=LONGEST_ADDRESS) for number in numbers
    ]
    return World(FakeCsms(accounts), FakeRecords([CONSENTED, bound(*numbers)]))


def test_two_years_of_bills_beside_ten_accounts_fit_into_the_record(
    shipped: House, full_house: World
) -> None:
    numbers = [f"B{n:031d}" for n in range(30)]  # VARCHAR(32)
    bills = [
        replace(BILLS[0], bill_no=number, period="2026-10", amount=Decimal("9999999.99"))
        for number in numbers
    ]
    account = replace(ACCOUNTS[0], acct_no=bills[0].acct_no, address=LONGEST_ADDRESS)
    world = World(FakeCsms([account], bills), FakeRecords([CONSENTED, bound(account.acct_no)]))
    listed = steps.begin(shipped, "bill_history", walk.moment(world), {}).frame
    assert listed is not None
    assert len(listed.data["bills"]) == MOST_BILLS
    beside = steps.begin(shipped, "arrears", walk.moment(full_house), {}).frame
    assert size_of(listed, beside) < MAX_RECORD_BYTES


def test_two_dialogs_over_ten_accounts_of_the_longest_address_fit_into_the_record(
    shipped: House, full_house: World
) -> None:
    frames = [
        steps.begin(shipped, name, walk.moment(full_house), {}).frame
        for name in ("arrears", "my_accounts")
    ]
    assert all(frames)
    assert size_of(*frames) < MAX_RECORD_BYTES


def test_two_dialogs_over_ten_accounts_with_nicknames_fit_into_the_record(
    shipped: House, full_house: World
) -> None:
    own = full_house.records.bindings(CITIZEN)
    full_house.records.commit(
        [
            BindingChanged(CITIZEN, one.acct_no, NOW, nickname=f"爸妈家的房子{n:02d}")
            for n, one in enumerate(own)
        ]
    )
    frames = [
        steps.begin(shipped, name, walk.moment(full_house), {}).frame
        for name in ("arrears", "family")
    ]
    assert all("爸妈家的房子09" in str(frame) for frame in frames)
    assert size_of(*frames) < MAX_RECORD_BYTES


def test_a_long_complaint_over_ten_accounts_fits_into_the_record(
    shipped: House, full_house: World
) -> None:
    complaint = steps.begin(shipped, "complaint", walk.moment(full_house), {}).frame
    for number, text in enumerate(("1", "长" * 200)):
        assert complaint is not None
        complaint = steps.answer(shipped, complaint, walk.moment(full_house, text, number)).frame
    assert complaint is not None
    assert complaint.state == "account"
    beside = steps.begin(shipped, "arrears", walk.moment(full_house), {}).frame
    assert size_of(complaint, beside) < MAX_RECORD_BYTES


def test_binding_ten_accounts_of_the_longest_address_at_once_fits_into_the_record(
    shipped: House, full_house: World
) -> None:
    world = World(full_house.csms, FakeRecords([CONSENTED]))
    frame = steps.begin(shipped, "bind_account", walk.moment(world), {"next": "arrears"}).frame
    said = [
        text for n in range(10) for text in (f"31000009{n:02d}", "张伟", "1")
    ]  # the last 1 answers the bill type
    for number, text in enumerate(said):
        assert frame is not None
        frame = steps.answer(shipped, frame, walk.moment(world, text, number)).frame
    assert frame is not None
    assert frame.state == "confirm"
    assert len(frame.data["accounts"]) == 10
    assert size_of(frame) < MAX_RECORD_BYTES


def size_of(*frames: Frame | None) -> int:
    frame, parked = (*frames, None)[:2]
    done = tuple(f"c.{n:012d}" for n in range(5))
    stored_record = Record(frame=frame, parked=parked, done=done)
    return len(record.to_json(stored_record).encode())


def stored(frame: Frame | None) -> Frame:
    read = record.from_json(record.to_json(Record(frame=frame))).frame
    assert read is not None
    return read


def _arrival(one: Walked) -> str:
    if one.moved.frame:
        return one.moved.frame.state
    (said,) = one.moved.parts
    assert isinstance(said, Say)
    return said.template.split("/")[1]
