"""One message, one turn: what the citizen meant, and which dialog or command it is for.

Pure but for the queries that decisions ask. The order is the rule: global commands first, then a
menu tap or the dialog under way, then keywords, then the fallback.
"""

from dataclasses import replace

from dialogs.engine import commands, migrations, platform_events, steps
from dialogs.engine.definition import Exit
from dialogs.engine.flow import Flow
from dialogs.engine.house import House, Moment
from dialogs.engine.inbound import Kind
from dialogs.engine.readers import position
from dialogs.engine.record import Record
from dialogs.engine.reply import Outcome

MAX_SENTENCE = 30


def take_turn(house: House, record: Record, moment: Moment) -> Outcome:
    inbound = moment.inbound
    flow = Flow(house, moment, record)
    if inbound.kind is Kind.EVENT and inbound.event != "click":
        if platform_events.scene(flow):
            _settle(flow)
        return platform_events.react(flow)
    if commands.with_a_person(flow):
        return flow.outcome()
    if not _only_turns_the_page(flow):
        _settle(flow)
    if not _stale_confirmation(flow):
        _route(flow)
    return flow.outcome()


def _only_turns_the_page(flow: Flow) -> bool:
    """更多 has no room to say that a dialog has expired: the next message is told."""
    return flow.house.wording.commands.get(flow.inbound.word) == "more"


def _route(flow: Flow) -> None:
    inbound, wording = flow.inbound, flow.house.wording
    if inbound.kind is Kind.EVENT:
        _do(flow, inbound.event_key)
    elif inbound.word in wording.commands:
        commands.run(flow, wording.commands[inbound.word])
    elif flow.record.frame:
        flow.answer(flow.record.frame)
    elif name := _meant(flow):
        _do(flow, name)
    else:
        _fall_back(flow)


def _do(flow: Flow, key: str) -> None:
    name = flow.house.wording.retired.get(key, key)
    if name in flow.house.dialogs:
        flow.start(name)
    else:
        commands.run(flow, name)


def _meant(flow: Flow) -> str:
    """The dialog a text asks for: its keyword, its menu number, or the longest keyword or command
    inside a short sentence (解除绑定 is no 绑定)."""
    said, wording = flow.inbound.word, flow.house.wording
    if said in wording.keywords:
        return wording.keywords[said]
    if heard := flow.house.hears(said):
        return heard
    number = position(said)
    # A number that comes after the dialog has expired answers a question that is no longer asked.
    if number and number <= len(wording.menu) and not flow.parts:
        return wording.menu[number - 1]
    if not said or len(said) > MAX_SENTENCE:
        return ""
    words = {**wording.keywords, **wording.commands}
    inside = [word for word in words if len(word) > 1 and word in said]
    return words[max(inside, key=len)] if inside else ""


def _settle(flow: Flow) -> None:
    """Lay aside what has expired or what an update has changed; the citizen is told."""
    frame = flow.record.frame
    if frame is None:
        return
    if frame.expires <= flow.moment.epoch_s:
        flow.drop(frame, Exit.EXPIRED)
        flow.say("common/expired", title=flow.title(frame.dialog))
        return
    current = migrations.bring_up_to_date(flow.house, frame)
    if current is None:
        flow.drop(frame, Exit.INTERRUPTED)
        flow.say("common/updated", title=flow.title(frame.dialog))
    flow.record = replace(flow.record, frame=current)


def _stale_confirmation(flow: Flow) -> bool:
    """A tap on the confirm link of an older summary must never confirm the present one."""
    if not steps.is_confirmation(flow.inbound):
        return False
    frame = flow.record.frame
    if frame and frame.confirm_id == flow.inbound.menu_id:
        return False
    used = flow.inbound.menu_id in flow.record.done
    flow.say("common/already_confirmed" if used else "common/stale_confirmation")
    if frame:
        flow.ask_again(frame)
    return True


def _fall_back(flow: Flow) -> None:
    if flow.parts:  # it has just been said that the dialog has expired: that explains enough
        return
    kind = flow.inbound.kind
    if kind is Kind.TEXT and flow.inbound.text:
        flow.say(
            "common/fallback",
            menu=commands.menu_lines(flow.house),
            hotline=flow.house.policy.hotline,
        )
    elif kind is Kind.TEXT:
        flow.say("common/empty")
    else:
        welcoming = [name for name, one in flow.house.dialogs.items() if kind in one.welcomes]
        titles = [flow.title(name) for name in welcoming]
        flow.say("common/unexpected", kind=kind.value, meant_for=titles)
