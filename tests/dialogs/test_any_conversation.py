"""Whatever is said in whatever order: always one answer that can be rendered, a small record that
survives JSON, and nothing bound or asked for that was not confirmed."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backends.ports import AccountsBound, BindingEnded, SubmissionKind, SubmissionMade
from bot.inbound import normal
from bot.wording.render import Renderer
from dialogs import REGISTRY
from dialogs.engine import conversation, record
from dialogs.engine.house import House, Moment
from dialogs.engine.inbound import Inbound, Kind
from dialogs.engine.record import EMPTY, Record
from dialogs.engine.reply import Manner, Outcome
from tests.fakes import FakeOrders, FakeRecords
from tests.shape.conftest import (  # noqa: F401 - fixtures
    contract,
    files,
    renderer,
    shipped,
)
from tests.shape.walk import World
from tests.town import CLOSED, OWES_MANY, OWES_ONE, OWES_SEVERAL, town_csms

NOON = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
ANSWERS = [
    "1",
    "2",
    "3",
    "一",
    "99",
    "同意",
    "确认绑定",
    "改账单方式",
    "再绑一个",
    "绑好了",
    "全部",
]
FACTS = [OWES_ONE, OWES_SEVERAL, OWES_MANY, CLOSED, "张伟", "欧阳娜娜", "李四", "12", "56.70"]
COMMANDS = ["取消", "返回", "菜单", "帮助", "人工", "重来", "继续", "更多", "你好", "取消。"]
KEYWORDS = ["绑定户号", "查欠费", "我的户号", "我想查水费", "户号", "抄表", "上门抄表"]
READINGS = ["1250", "1234", "1200", "1290", "99999", "提交", "改读数", "重新拍照", "确认预约"]
HOLDER = [
    "实名登记",
    "过户",
    "变更申请",
    "解绑",
    "修改",
    "改姓名",
    "重拍房产证",
    "赵一",
    "确认解绑",
]
REPORTS = ["报修", "漏水", "水管爆了", "人民东路88弄", "下一步", "跳过", "提交报修", "改地点"]
APPLYING = ["报装", "抽检", "改地址", "重拍资料", "人民东路88弄6号", "提交申请"]
PROGRESS = ["进度", "催办", "补照片", "W2611220000014", "评价W2611220000014", "W2611220000015"]
MEDIA = ["good-1", "good-2", "same-1", "same-2", "blurred", "too_dark", "not_image", "gone", ""]
ODD = ["", " ", "。", "🙂" * 50, "长" * 500, "<a href='x'>y</a>", "\x00", "{{ 7 * 7 }}", "]]>"]

SAID = st.sampled_from(
    [
        *ANSWERS,
        *FACTS,
        *COMMANDS,
        *KEYWORDS,
        *READINGS,
        *HOLDER,
        *REPORTS,
        *APPLYING,
        *PROGRESS,
        *ODD,
    ]
) | st.text(max_size=40)
KEYS = st.sampled_from([*REGISTRY, "menu", "help", "human", "gone"])
EVENTS = st.sampled_from(
    ["subscribe", "unsubscribe", "scan", "view", "kf_create_session", "kf_close_session", "odd"]
)
THINGS = st.sampled_from([k for k in Kind if k not in (Kind.TEXT, Kind.EVENT)])


@dataclass(frozen=True)
class Said:
    text: str
    menu_id: str = ""


@dataclass(frozen=True)
class Tapped:
    key: str


@dataclass(frozen=True)
class Event:
    name: str


@dataclass(frozen=True)
class Thing:
    kind: Kind


@dataclass(frozen=True)
class Photo:
    media_id: str
    kind: Kind = Kind.IMAGE


@dataclass(frozen=True)
class Place:
    label: str
    kind: Kind = Kind.LOCATION


@dataclass(frozen=True)
class Later:
    minutes: int


Step = Said | Tapped | Event | Thing | Photo | Place | Later
# Chance alone seldom gets far: it may start anywhere on the way through a binding and on to a
# reading or a visit, or through a report.
BINDING = tuple(map(Said, ("查欠费", "同意", OWES_ONE, "张伟", "绑好了", "2", "1")))
READING = (*BINDING, Said("抄表"), Photo("good-0"), Said("1250"), Said("1"))
SMALLER = (*READING[:-2], Said("1200"), Said("1"), Said("1"))
NEIGHBOUR = tuple(map(Said, ("抄表", "同意", OWES_SEVERAL, "欧阳娜娜", "绑好了", "2", "1")))
VISIT = (*NEIGHBOUR, Said("1"), Said("1"))
REPORT = tuple(map(Said, ("水管爆了", "人民东路88弄", "2", "1", "下一步", "跳过", "1")))
PAPERS = (
    Photo("good-1"),
    Photo("good-2"),
    Photo("good-3"),
    Said("完成"),
    Said("下一步"),
    Said("1"),
)
PERSON = tuple(map(Said, ("同意", "赵一", "530102199003071238")))
METER = (Said("13700001111"), Photo("good-4"), Said("SH210000000025"), Said("1250"))
REGISTERED = (*BINDING, Said("实名登记"), *PERSON, *PAPERS)
TRANSFERRED = (*NEIGHBOUR, Said("过户"), Said("1"), Said("2"), *PERSON, *METER, *PAPERS)
OVERRIDDEN = (Said("变更申请"), Said("同意"), Said(OWES_MANY), *PERSON[1:], *METER, *PAPERS)
CANCELLED = (*NEIGHBOUR, *map(Said, ("解绑", "2", "1", "跳过", "1")))
UNBOUND = (*BINDING, Said("解绑"), Said("1"))
FORM = ("报装", "同意", "2", "赵一", "530102199003071238", "人民东路88弄6号", "13700001111")
APPLIED = (*map(Said, FORM), Photo("good-1"), Said("完成"), Said("跳过"), Said("1"))
CHECKED = (*BINDING, Said("抽检"), Photo("good-0"), Said("1250"), Said("1"))
HOLDERS = (REGISTERED, TRANSFERRED, OVERRIDDEN, CANCELLED, UNBOUND)
WAYS = (READING, SMALLER, VISIT, REPORT, APPLIED, CHECKED, *HOLDERS)
ANY_STEPS = st.lists(
    st.builds(Said, SAID)
    | st.builds(Said, SAID, st.sampled_from(["0", "c.id0000000501", "c.gone"]))
    | st.builds(Tapped, KEYS)
    | st.builds(Thing, THINGS)
    | st.builds(Photo, st.sampled_from(MEDIA))
    | st.builds(Place, st.sampled_from(["人民东路88弄", "", "<b>"]))
    | st.builds(Event, EVENTS)
    | st.builds(Later, st.sampled_from([1, 29, 31, 600, 1441])),
    max_size=20,
)
STEPS = st.builds(
    lambda way, far, rest: (*way[:far], *rest), st.sampled_from(WAYS), st.integers(0, 20), ANY_STEPS
)
TAPS = st.builds(Said, st.sampled_from(["1", "确认绑定", "2"]), st.sampled_from(["0", "c.gone"]))
CONFIRMING = st.builds(
    lambda summary, taps: (*summary, *taps),
    st.sampled_from((BINDING[:6], *(way[:-1] for way in WAYS))),
    st.lists(TAPS, min_size=1, max_size=4),
)
# What is asked of the utility; to urge, to rate, to add a photo is about what was asked before.
CONFIRMED = {
    SubmissionKind.READING,
    SubmissionKind.VISIT,
    SubmissionKind.VISIT_CHANGE,
    SubmissionKind.FAULT,
    SubmissionKind.COMPLAINT,
    SubmissionKind.CONSULT,
    SubmissionKind.REAL_NAME,
    SubmissionKind.TRANSFER,
    SubmissionKind.OVERRIDE,
    SubmissionKind.CANCEL_REAL_NAME,
    SubmissionKind.SPOT_CHECK,
    SubmissionKind.CONNECTION,
}


@dataclass
class Talk:
    """One citizen's conversation without the wire."""

    house: House
    renderer: Renderer
    records: FakeRecords = field(default_factory=FakeRecords)
    record: Record = EMPTY
    now: datetime = NOON

    def __post_init__(self) -> None:
        self._numbers = itertools.count()
        csms = town_csms()
        self._world = World(csms, self.records, orders=FakeOrders(self.records))

    def take(self, step: Step) -> Outcome | None:
        if isinstance(step, Later):
            self.now += timedelta(minutes=step.minutes)
            return None
        outcome = conversation.take_turn(self.house, self.record, self.moment(step))
        self.records.commit(outcome.effects)
        self.record = record.from_json(record.to_json(outcome.record))
        assert self.record == outcome.record
        return outcome

    def moment(self, step: Step) -> Moment:
        number = next(self._numbers)
        inbound = Inbound(
            key=f"m{number}",
            openid="oTEST",
            account_id="gh",
            kind=_kind(step),
            at=self.now,
            text=normal(step.text) if isinstance(step, Said) else "",
            menu_id=step.menu_id if isinstance(step, Said) else "",
            event="click" if isinstance(step, Tapped) else getattr(step, "name", ""),
            event_key=getattr(step, "key", ""),
            media_id=getattr(step, "media_id", ""),
            label=getattr(step, "label", ""),
            latitude=25.04 if isinstance(step, Place) else None,
            longitude=102.71 if isinstance(step, Place) else None,
        )
        ids = (f"id{number:08d}{n:02d}" for n in itertools.count())
        return Moment(inbound=inbound, now=self.now, ask=self._world, new_id=lambda: next(ids))


def _kind(step: Step) -> Kind:
    if isinstance(step, Said):
        return Kind.TEXT
    return step.kind if isinstance(step, Thing | Photo | Place) else Kind.EVENT


@pytest.fixture
def talk_of(shipped: House, renderer: Renderer) -> Talk:  # noqa: F811 - fixtures
    return Talk(shipped, renderer)


def afresh(talk: Talk) -> Talk:
    return Talk(talk.house, talk.renderer)


ANY = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@ANY
@given(steps=STEPS)
def test_every_message_has_one_answer_that_can_be_read(
    talk_of: Talk, steps: Sequence[Step]
) -> None:
    talk = afresh(talk_of)
    for step in steps:
        outcome = talk.take(step)
        if outcome is None:
            continue
        if outcome.manner is Manner.TEXT:
            assert all(talk.renderer.message(outcome.parts)), step
        else:
            assert not outcome.parts, step
        if isinstance(step, Tapped) and not _served(talk):
            assert outcome.manner is Manner.TEXT, "a menu tap cannot be transferred"


@ANY
@given(steps=STEPS | CONFIRMING)
def test_nothing_is_bound_but_by_confirming_a_summary(talk_of: Talk, steps: Sequence[Step]) -> None:
    talk = afresh(talk_of)
    for step in steps:
        before = talk.record.frame
        outcome = talk.take(step)
        bound = outcome and any(isinstance(e, AccountsBound) for e in outcome.effects)
        if bound:
            assert before
            assert before.state == "confirm"
            assert isinstance(step, Said)
            assert step.menu_id in ("", before.confirm_id)


@ANY
@given(steps=STEPS | CONFIRMING)
def test_nothing_is_asked_for_but_by_confirming_a_summary(
    talk_of: Talk, steps: Sequence[Step]
) -> None:
    talk = afresh(talk_of)
    for step in steps:
        before = talk.record.frame
        outcome = talk.take(step)
        made = (
            [e.submission for e in outcome.effects if isinstance(e, SubmissionMade)]
            if outcome
            else []
        )
        if any(one.kind in CONFIRMED for one in made):
            assert len(made) == 1
            assert before
            assert talk.house.dialogs[before.dialog].steps[before.state].reads.confirms
            assert isinstance(step, Said)
            assert step.menu_id in ("", before.confirm_id)
            assert talk.record.frame is None or talk.record.frame.dialog != before.dialog


@ANY
@given(steps=STEPS | CONFIRMING)
def test_no_link_ends_but_by_confirming_it(talk_of: Talk, steps: Sequence[Step]) -> None:
    talk = afresh(talk_of)
    for step in steps:
        before = talk.record.frame
        outcome = talk.take(step)
        if outcome and any(isinstance(effect, BindingEnded) for effect in outcome.effects):
            assert before
            assert talk.house.dialogs[before.dialog].steps[before.state].reads.confirms
            assert isinstance(step, Said)
            assert step.menu_id in ("", before.confirm_id)


@pytest.mark.parametrize(
    ("way", "kind"),
    [
        (READING, "reading"),
        (SMALLER, "reading"),
        (VISIT, "visit"),
        (REGISTERED, "real_name"),
        (TRANSFERRED, "transfer"),
        (OVERRIDDEN, "override"),
        (CANCELLED, "cancel_real_name"),
        (APPLIED, "connection"),
        (CHECKED, "spot_check"),
    ],
)
def test_each_way_does_lead_to_what_it_is_named_after(
    talk_of: Talk, way: Sequence[Step], kind: str
) -> None:
    talk = afresh(talk_of)
    made = [talk.take(step) for step in way][-1]
    assert made
    assert [e.submission.kind for e in made.effects if isinstance(e, SubmissionMade)] == [kind]


@ANY
@given(steps=STEPS)
def test_there_is_always_a_way_out(talk_of: Talk, steps: Sequence[Step]) -> None:
    """After anything: the person's turn over, 取消 twice leaves nothing under way or parked."""
    talk = afresh(talk_of)
    for step in (*steps, Event("kf_close_session"), Said("取消"), Said("取消")):
        talk.take(step)
    assert talk.record.frame is None
    assert talk.record.parked is None


@ANY
@given(steps=STEPS)
def test_the_same_turn_decided_twice_is_the_same(talk_of: Talk, steps: Sequence[Step]) -> None:
    """A turn may be run again after a lost lease: it must not depend on anything but its input."""
    talk = afresh(talk_of)
    for step in steps:
        if not isinstance(step, Later):
            moment = talk.moment(step)
            fixed = [
                conversation.take_turn(
                    talk.house,
                    talk.record,
                    Moment(moment.inbound, moment.now, moment.ask, lambda: "same"),
                )
                for _ in range(2)
            ]
            assert fixed[0] == fixed[1]
        talk.take(step)


def _served(talk: Talk) -> bool:
    return talk.record.human is not None and talk.record.human.serving
