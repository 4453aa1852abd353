"""消息订阅: what the citizen is told of without asking, by topic, switched on and off.

“订阅停水” and “退订停水” do it at once, and so does a QR code made for a topic.
"""

import re
from collections.abc import Mapping
from typing import Any

from backends.ports import ONLY_ON_REQUEST, Topic, TopicChosen
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.readers import choice

NONE, ENOUGH = "none", "enough"
# Many services take TD for 退订, so that is written here, too: TD停水.
_TD = r"^td?(?=[\u4e00-\u9fff])"
HEARS = re.compile(rf"(?:^.{{0,4}}?(?:订阅|退订|退掉)|{_TD}).{{0,8}}$")
_OFF = re.compile(rf"{_TD}|退订|退掉|(?:取消|不要|不再|不想|不)订阅")


def opening(turn: Turn, heard: str | None) -> Go:
    scene = turn.data.get("scene", "")
    if heard == NONE:
        return _all_off(turn)
    if heard in set(Topic):
        wanted = not _OFF.search(turn.inbound.word)
        chosen = _chosen(turn, Topic(heard), wanted=wanted)
        return Go("on" if wanted else "off", effects=(chosen,), show={"topic": heard})
    if scene in set(Topic):
        return Go("on", effects=(_chosen(turn, Topic(scene), wanted=True),), show={"topic": scene})
    return Go("listed", keep=_listed(_on(turn)))


def topics(turn: Turn, answer: str) -> Go:
    if answer == ENOUGH:
        return Go("enough")
    if answer == NONE:
        return _all_off(turn)
    # By what the citizen saw: a message that is replayed must not switch it back.
    on = {one["topic"]: one["on"] for one in turn.data["listed"]}
    chosen = _chosen(turn, Topic(answer), wanted=not on[answer])
    return Go("switched", keep=_listed({**on, answer: chosen.wanted}), effects=(chosen,))


def _all_off(turn: Turn) -> Go:
    return Go("all_off", effects=tuple(_chosen(turn, one, wanted=False) for one in Topic))


def _on(turn: Turn) -> Mapping[str, bool]:
    known = turn.ask.records.topics(turn.openid)
    return {one.value: known.get(one, one not in ONLY_ON_REQUEST) for one in Topic}


def _listed(on: Mapping[str, bool]) -> dict[str, Any]:
    return {"listed": [{"topic": topic, "on": wanted} for topic, wanted in on.items()]}


def _chosen(turn: Turn, topic: Topic, *, wanted: bool) -> TopicChosen:
    return TopicChosen(turn.openid, topic, wanted, turn.now)


SUBSCRIPTIONS = Dialog(
    name="subscriptions",
    revision=1,
    glance=True,
    hears=HEARS,
    opens=Opening(
        opening,
        {"listed": "topics", "on": "on", "off": "off", "all_off": "all_off"},
        hears="topics",
    ),
    steps={
        "topics": Step(
            reads=choice(*Topic, NONE, ENOUGH),
            decide=topics,
            leads_to={"switched": "topics", "all_off": "all_off", "enough": "enough"},
        ),
    },
    ends={
        "on": Exit.COMPLETED,
        "off": Exit.COMPLETED,
        "all_off": Exit.COMPLETED,
        "enough": Exit.COMPLETED,
    },
)
