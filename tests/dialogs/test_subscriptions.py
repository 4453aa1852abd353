"""Topics switched by a message that is run again, by a QR code, and by what notices say."""

import re

import pytest

from backends.ports import Topic, TopicChosen
from bot.concern import KINDS
from dialogs.engine import steps
from dialogs.engine.house import House
from tests.fakes import FakeRecords
from tests.service import Service
from tests.shape import walk
from tests.shape.account_worlds import world
from tests.shape.conftest import TEMPLATES, shipped  # noqa: F401 - a fixture
from tests.shape.walk import CITIZEN

TOPICS = {kind: concern.topic for kind, concern in KINDS.items() if concern.topic}
NOTICES = TEMPLATES / "replies/notice"
WAYS_OUT = [
    (path.stem, words)
    for path in sorted(NOTICES.glob("*.j2"))
    for words in re.findall(r'quick_reply\("(退订[^"]*)"', path.read_text(encoding="utf-8"))
]


def test_each_notice_that_can_be_stopped_says_how_and_no_other_does() -> None:
    assert [kind for kind, _ in WAYS_OUT] == sorted(TOPICS)


@pytest.mark.parametrize(("kind", "words"), WAYS_OUT)
def test_what_a_notice_says_stops_exactly_its_topic_at_once(
    service: Service, records: FakeRecords, kind: str, words: str
) -> None:
    citizen = service.citizen()
    for topic in Topic:
        chosen = TopicChosen(citizen.openid, topic, wanted=True, at=service.long_ago())
        records.commit([chosen])
    assert "已退订" in citizen.says(words).plain
    assert [one for one, on in records.topics(citizen.openid).items() if not on] == [TOPICS[kind]]


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("退订缴费", Topic.DUE),
        ("退订催缴", Topic.DUE),
        ("退订账单", Topic.BILL),
        ("退订抄表", Topic.READING),
        ("退订水质", Topic.WATER_QUALITY),
        ("TD停水", Topic.OUTAGE),
        ("td 账单", Topic.BILL),
        ("Ｔ缴费", Topic.DUE),
        ("退订活动", Topic.NEWS),
    ],
)
def test_a_topic_is_stopped_as_people_name_it(
    service: Service, records: FakeRecords, said: str, topic: Topic
) -> None:
    citizen = service.citizen()
    assert "已退订" in citizen.says(said).plain
    assert records.topics(citizen.openid) == {topic: False}


def test_it_does_in_the_middle_of_something_else_too(
    service: Service, records: FakeRecords
) -> None:
    citizen = service.citizen()
    citizen.says("绑定户号")
    assert "已退订：抄表提醒" in citizen.says("退订抄表").plain
    assert records.topics(citizen.openid) == {Topic.READING: False}


@pytest.mark.parametrize("said", ["退订", "TD", "td", "T", "Ｔ"])
def test_without_a_topic_the_list_is_shown_and_nothing_changes(
    service: Service, records: FakeRecords, said: str
) -> None:
    citizen = service.citizen()
    assert "点一下就开或关" in citizen.says(said).plain
    assert records.topics(citizen.openid) == {}


def test_a_topic_switched_by_a_message_that_is_run_again_stays_switched(
    shipped: House,  # noqa: F811 - a fixture
) -> None:
    here = world()
    frame = steps.begin(shipped, "subscriptions", walk.moment(here), {}).frame
    assert frame
    first = steps.answer(shipped, frame, walk.moment(here, "1", 1))
    here.records.commit(first.effects)
    again = steps.answer(shipped, frame, walk.moment(here, "1", 1))
    here.records.commit(again.effects)
    assert (again.effects, again.parts) == (first.effects, first.parts)
    assert here.records.topics(CITIZEN) == {Topic.OUTAGE: True}


def test_a_qr_code_made_for_a_topic_subscribes_and_any_other_shows_the_list(
    service: Service, records: FakeRecords
) -> None:
    citizen = service.citizen()

    def scans(scene: str) -> str:
        service.clock.advance(1)
        event = f"<Event>SCAN</Event><EventKey>{scene}</EventKey>"
        return citizen.deliver(citizen.wrap("event", event)).plain

    assert "已订阅：水质公布" in scans("subscribe:water_quality")
    assert records.topics(citizen.openid) == {Topic.WATER_QUALITY: True}
    assert "点一下就开或关" in scans("subscribe:weather")
