"""Events that are no question: following, leaving, a person taking over, what became of pushes. The
rest is silence."""

import re
from dataclasses import replace
from datetime import timedelta

from backends.ports import CitizenFollowed, CitizenLeft, PushFinished, SubscriptionsAnswered
from dialogs.engine import commands
from dialogs.engine.flow import Flow
from dialogs.engine.record import EMPTY, Human
from dialogs.engine.reply import Manner, Outcome

# WeChat ends a human session after 30 minutes of silence. During the session messages do not come
# to us at all, so one that does come later than this means the closing event was lost.
A_PERSON_SERVES = timedelta(minutes=30)


def react(flow: Flow) -> Outcome:
    event = flow.inbound.event
    if event == "unsubscribe":
        return _left(flow)
    if event in ("subscribe", "scan"):
        _arrive(flow, following=event == "subscribe")
    elif event == "kf_create_session":
        until = flow.moment.epoch_s + int(A_PERSON_SERVES.total_seconds())
        flow.record = replace(flow.record, human=Human(until=until, serving=True))
        flow.manner = Manner.SILENCE
    elif event == "kf_close_session":
        flow.record = replace(flow.record, human=None)
        flow.manner = Manner.SILENCE
    else:
        _of_pushes(flow)
        flow.manner = Manner.SILENCE
    return flow.outcome()


def _of_pushes(flow: Flow) -> None:
    """What became of pushes, and which subscription notices are welcome."""
    inbound, now = flow.inbound, flow.moment.now
    for msg_id, result in inbound.push_results:
        flow.effects.append(PushFinished(inbound.openid, msg_id, result, now))
    if inbound.answers:
        answered = SubscriptionsAnswered(inbound.openid, inbound.key, inbound.answers, now)
        flow.effects.append(answered)


def scene(flow: Flow) -> tuple[str, str] | None:
    """The dialog a scanned QR code leads to, and what its scene says beside (`meter:SH2100…`,
    `shop_3`). That is a hint of whoever printed the code, and no proof of anything."""
    if flow.inbound.event not in ("subscribe", "scan"):
        return None
    key = flow.inbound.event_key.removeprefix("qrscene_")
    word = scene_word(key)
    dialog = flow.house.wording.scenes.get(word, "")
    value = key[len(word) + 1 :]
    return (dialog, value) if dialog in flow.house.dialogs else None


def scene_word(key: str) -> str:
    """What stands before the first : or _ of a scene."""
    return re.split("[:_]", key, maxsplit=1)[0]


def _arrive(flow: Flow, *, following: bool) -> None:
    """Who follows is welcomed; a code with a scene then leads on, one without to the welcome."""
    found = scene(flow)
    if following or not found:
        _welcome(flow, following=following)
    if found:
        dialog, value = found
        flow.start(dialog, {"scene": value})


def _welcome(flow: Flow, *, following: bool) -> None:
    if following:
        flow.effects.append(CitizenFollowed(flow.inbound.openid, flow.moment.now))
    flow.say(
        "common/welcome",
        menu=commands.menu_lines(flow.house),
        utility=flow.house.policy.utility_name,
    )


def _left(flow: Flow) -> Outcome:
    """Everything in flight is forgotten, and pushes stop."""
    return Outcome(
        record=EMPTY,
        parts=(),
        manner=Manner.SILENCE,
        effects=(CitizenLeft(flow.inbound.openid, flow.moment.now),),
        forget_citizen=True,
    )
