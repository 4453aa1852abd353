"""Nothing about an account reaches a citizen who is not bound to it, or whose role does not allow
it: strangers and family, stolen numbers, old menus, forwarded invitations, confirm ids of others.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

import pytest

from backends.errors import Overtaken
from backends.ports import Role
from bot.inbound import normal
from bot.wording.render import Renderer
from dialogs import REGISTRY, arrears
from dialogs.engine import conversation, record
from dialogs.engine.definition import Dialog, Go, Opening, Turn
from dialogs.engine.house import House, Moment, build
from dialogs.engine.inbound import Inbound, Kind
from dialogs.engine.record import EMPTY, Record
from dialogs.engine.reply import Outcome
from tests.dialogs import leak_town as household
from tests.dialogs.leak_town import (
    EXPIRED,
    FAULT,
    MARKERS,
    NOON,
    OPEN_CODE,
    OWN,
    OWNER,
    PAYER,
    PLACE,
    READER,
    READING,
    REVOKED,
    SECRET,
    STRANGER,
    USED,
    VIEWER,
    may_be_told,
)
from tests.fakes import FakeBulletins, FakeRecords
from tests.shape import walk
from tests.shape.conftest import (  # noqa: F401 - fixtures
    contract,
    files,
    renderer,
    shipped,
)
from tests.shape.walk import World

PEOPLE = (STRANGER, READER, VIEWER, PAYER, OWNER)
KINDS = {"text": Kind.TEXT, "image": Kind.IMAGE, "location": Kind.LOCATION}
SEQUENCES = 600
OLD_KEYS = ("bill", "BILL_QUERY", "arrears_old", "pay")
SCENES = ("meter:SH219999QW7Z", "bill:B202610SECRET", "shop_3", "subscribe:bill", SECRET)


@dataclass(frozen=True)
class Act:
    """`kind`: text, image, location, click or scan; or on: the answer number `what` that leads on
    from wherever they are. `confirm`: which of the confirm ids that were ever shown to anybody
    goes with it, counted from the latest; -1 for none."""

    who: str
    kind: str
    what: str
    confirm: int = -1


@dataclass
class Street:
    """All of them, talking without the wire to one service."""

    house: House
    renderer: Renderer
    records: FakeRecords = field(default_factory=household.records)
    kept: dict[str, Record] = field(default_factory=dict)
    confirm_ids: list[str] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    once_bound: set[str] = field(default_factory=set)
    reached: set[tuple[str, str]] = field(default_factory=set)
    now: datetime = NOON

    def __post_init__(self) -> None:
        self._world = World(household.csms(), self.records, bulletins=FakeBulletins())
        self._numbers = itertools.count()

    def act(self, act: Act) -> tuple[str, set[str]]:
        """What was said, and the markers that may stand in it: what somebody has typed themselves
        they know already."""
        act = self._resolved(act)
        self.typed[act.who] = self.typed.get(act.who, "") + "\n" + act.what
        before = self._roles(act.who)
        self.now += timedelta(seconds=20)
        outcome = self._decide(act)
        kept = outcome.record
        self.kept[act.who] = record.from_json(record.to_json(kept))
        if kept.frame:
            self.reached.add((kept.frame.dialog, kept.frame.state))
        if kept.frame and kept.frame.confirm_id:
            self.confirm_ids.append(kept.frame.confirm_id)
        said = "\n".join(self.renderer.message(outcome.parts)) if outcome.parts else ""
        known = {marker for marker in MARKERS if marker in self.typed[act.who]}
        if before:
            self.once_bound.add(act.who)
        if act.who in self.once_bound:
            known.add(PLACE)  # a list made while they were bound may be shown once more
        return said, known | may_be_told(act.who, before | self._roles(act.who))

    def _resolved(self, act: Act) -> Act:
        if act.kind != "on":
            return act
        frame = self.kept.get(act.who, EMPTY).frame
        ways = (walk.answers(self.house, frame) if frame else []) or ["1"]
        said = ways[int(act.what) % len(ways)]
        for mark, kind in ((walk.PHOTO, "image"), (walk.LOCATION, "location")):
            if said.startswith(mark):
                return replace(act, kind=kind, what=said.removeprefix(mark))
        return replace(act, kind="text", what=said)

    def _decide(self, act: Act) -> Outcome:
        moment = self._moment(act)
        stands = self.kept.get(act.who, EMPTY)
        outcome = conversation.take_turn(self.house, stands, moment)
        try:
            self.records.commit(outcome.effects)
        except Overtaken:
            outcome = conversation.take_turn(self.house, stands, moment)
            self.records.commit(outcome.effects)
        return outcome

    def _roles(self, openid: str) -> set[Role]:
        return {one.role for one in self.records.bindings(openid) if one.acct_no == SECRET}

    def _moment(self, act: Act) -> Moment:
        number = next(self._numbers)
        event = {"click": "click", "scan": "scan"}.get(act.kind, "")
        known = self.confirm_ids[::-1]
        inbound = Inbound(
            key=f"m{number}",
            openid=act.who,
            account_id="gh",
            kind=KINDS.get(act.kind, Kind.EVENT),
            at=self.now,
            text=normal(act.what) if act.kind == "text" else "",
            original=act.what if act.kind == "text" else "",
            menu_id=known[act.confirm] if 0 <= act.confirm < len(known) else "",
            event=event,
            event_key=act.what if event else "",
            media_id=act.what if act.kind == "image" else "",
            label=act.what if act.kind == "location" else "",
            latitude=25.04 if act.kind == "location" else None,
            longitude=102.71 if act.kind == "location" else None,
        )
        ids = (f"id{number:08d}{n:02d}" for n in itertools.count())
        return Moment(inbound, self.now, self._world, lambda: next(ids))

    def leaks(self, acts: Sequence[Act]) -> Iterator[tuple[Act, str]]:
        """Each marker that was told to somebody who should not know it, to them or in a notice."""
        for act in acts:
            said, allowed = self.act(act)
            yield from ((act, marker) for marker in MARKERS - allowed if marker in said)
        for notice in self.records.planned:
            allowed = may_be_told(notice.openid, self._roles(notice.openid))
            told = str(dict(notice.view))
            for marker in MARKERS - allowed:
                if marker in told:
                    yield Act(notice.openid, "notice", notice.kind), marker


def words(house: House) -> list[str]:
    """Every dialog by its title, every option's label, and what only these people would say."""
    labels = {names[0] for options in house.wording.options.values() for names in options.values()}
    stolen = [SECRET, FAULT, READING, f"进度 {FAULT}", f"评价 {READING}", "87700"]
    codes = [f"邀请码 {code}" for code in (USED, EXPIRED, REVOKED, OPEN_CODE)]
    plain = ["1", "2", "3", "4", "取消", "返回", "继续", "菜单", "完成", "李静", OWN, "王小明"]
    plain += ["11010519491231002X", "13912345678", "a@b.example", "135792"]
    return [*house.wording.titles.values(), *sorted(labels), *stolen, *codes, *plain, *plain]


def bouts(house: House, rng: Random) -> list[Act]:
    """One of them begins something and goes on with it for a while; then another does."""
    said, acts = words(house), list[Act]()
    for _ in range(rng.randint(1, 4)):
        who = rng.choice([STRANGER, STRANGER, STRANGER, *PEOPLE])
        begun = rng.choice(
            [
                *[Act(who, "click", rng.choice([*REGISTRY, *OLD_KEYS]))] * 8,
                Act(who, "scan", rng.choice(SCENES)),
                Act(who, "text", rng.choice(said)),
            ]
        )
        acts += [begun, *(_next(who, said, rng) for _ in range(rng.randint(3, 15)))]
    return acts


def _next(who: str, said: list[str], rng: Random) -> Act:
    hostile = [
        Act(who, "text", rng.choice(said)),
        Act(who, "text", rng.choice(["1", "2", "提交"]), confirm=rng.randint(0, 3)),
        Act(who, "image", rng.choice(["good-1", "good-2"])),
        Act(who, "location", "滨河路12号"),
    ]
    onward = Act(who, "on", str(rng.randint(0, 40)))
    return onward if rng.random() < 0.85 else rng.choice(hostile)


def test_whatever_is_tried_nobody_learns_what_is_not_theirs(
    shipped: House,  # noqa: F811
    renderer: Renderer,  # noqa: F811
) -> None:
    """Chance follows the ways through the dialogs, and strays from them."""
    reached = set[tuple[str, str]]()
    for seed in range(SEQUENCES):
        street = Street(shipped, renderer)
        sequence = bouts(shipped, Random(seed))
        assert list(street.leaks(sequence)) == [], f"seed {seed}"
        reached |= street.reached
    there = {(name, state) for name, dialog in REGISTRY.items() for state in dialog.steps}
    assert len(reached) > len(there) * 0.8, f"chance has not seen {sorted(there - reached)}"


@pytest.mark.parametrize("who", PEOPLE)
def test_every_dialog_by_its_name_and_number_tells_each_only_what_is_theirs(
    who: str,
    shipped: House,  # noqa: F811
    renderer: Renderer,  # noqa: F811
) -> None:
    for name in REGISTRY:
        for answer in ("1", "2", "3", SECRET, FAULT):
            acts = [Act(who, "click", name), *(Act(who, "text", answer) for _ in range(3))]
            assert list(Street(shipped, renderer).leaks(acts)) == [], name


def test_those_who_may_know_are_told(shipped: House, renderer: Renderer) -> None:  # noqa: F811
    """Otherwise the markers prove nothing."""
    told = set[str]()
    street = Street(shipped, renderer)
    for said in ("我的户号", "查欠费", "当月账单", "缴费记录", "自助抄表", FAULT):
        told |= {marker for marker in MARKERS if marker in street.act(Act(OWNER, "text", said))[0]}
    assert told >= {"慕*", "青藤巷91号", "913.37", "871.23", "618.52", "777.77", "QW7Z"}
    assert {"188****7766", household.DETAILS} <= told


def test_a_forwarded_code_that_is_still_good_makes_a_reader_and_no_more(
    shipped: House,  # noqa: F811
    renderer: Renderer,  # noqa: F811
) -> None:
    street = Street(shipped, renderer)
    joined = [Act(STRANGER, "text", said) for said in (f"邀请码 {OPEN_CODE}", "1")]
    asked = [Act(STRANGER, "text", said) for said in ("我的户号", "2", "查欠费", "当月账单")]
    assert list(street.leaks([*joined, *asked])) == []
    roles = [one.role for one in street.records.bindings(STRANGER) if one.acct_no == SECRET]
    assert roles == [Role.READER]
    again = [Act(PAYER, "text", said) for said in (f"邀请码 {OPEN_CODE}", "1")]
    assert list(street.leaks(again)) == []
    roles = [one.role for one in street.records.bindings(PAYER) if one.acct_no == SECRET]
    assert roles == [Role.PAYER]


# --- the judge itself -----------------------------------------------------------------------------


def test_a_dialog_that_does_not_ask_who_it_speaks_to_is_found_out(
    shipped: House,  # noqa: F811
    renderer: Renderer,  # noqa: F811
) -> None:
    mine = REGISTRY["arrears"]
    leaky: Dialog = replace(mine, opens=Opening(_owed_to_anybody, mine.opens.leads_to))
    house = build({**REGISTRY, "arrears": leaky}, shipped.wording, shipped.policy)
    acts = [Act(STRANGER, "text", "查欠费")]
    assert {marker for _, marker in Street(house, renderer).leaks(acts)} >= {"871.23"}


def _owed_to_anybody(turn: Turn, heard: None) -> Go:
    elsewhere = replace(turn, inbound=replace(turn.inbound, openid=OWNER))
    return arrears.opening(elsewhere, heard)
