"""The global commands, which work everywhere: 取消 返回 菜单 帮助 人工 热线 重来 继续 更多."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from dialogs.engine import steps
from dialogs.engine.definition import Exit
from dialogs.engine.flow import Flow
from dialogs.engine.house import House
from dialogs.engine.inbound import Kind
from dialogs.engine.record import Human
from dialogs.engine.reply import Manner, Option

QUEUE_FOR_A_PERSON = timedelta(minutes=30)


def run(flow: Flow, name: str) -> None:
    """An unknown name (a menu key retired since the phone last loaded the menu) shows the menu."""
    COMMANDS.get(name, menu)(flow)


def menu(flow: Flow) -> None:
    """The dialog under way is parked: the numbers of the menu would else be answers to it."""
    if frame := flow.record.frame:
        flow.park(frame)
    parked = flow.waiting()
    flow.say(
        "common/menu",
        menu=menu_lines(flow.house),
        parked=flow.title(parked.dialog) if parked else "",
        utility=flow.house.policy.utility_name,
    )


def help_(flow: Flow) -> None:
    flow.say("common/help", hotline=flow.house.policy.hotline)
    if frame := flow.record.frame:
        flow.ask_again(frame)


def cancel(flow: Flow) -> None:
    """The dialog under way, or else the parked one."""
    frame = flow.record.frame or flow.record.parked
    if not frame:
        flow.say("common/nothing_to_cancel")
        return
    if not flow.record.frame:
        flow.record = replace(flow.record, parked=None)
    flow.drop(frame, Exit.CANCELLED)
    flow.say("common/cancelled", title=flow.title(frame.dialog))
    flow.mention_parked()


def back(flow: Flow) -> None:
    frame = flow.record.frame
    if not frame:
        menu(flow)
        return
    earlier = steps.step_back(flow.house, frame, flow.moment)
    if earlier is None:
        flow.say("common/no_way_back")
    flow.record = replace(flow.record, frame=earlier or frame)
    flow.ask_again(earlier or frame)


def restart(flow: Flow) -> None:
    """From the beginning, but still on the way to what was asked at first."""
    frame = flow.record.frame
    if not frame:
        menu(flow)
        return
    flow.drop(frame, Exit.INTERRUPTED)
    flow.start(frame.dialog, {"next": frame.data["next"]} if frame.data.get("next") else None)


def resume(flow: Flow) -> None:
    parked = flow.record.parked
    if frame := flow.record.frame:
        flow.ask_again(frame)
    elif not parked:
        flow.say("common/nothing_to_resume")
    elif not flow.resume():
        expired = parked.expires <= flow.moment.epoch_s
        flow.drop(parked, Exit.EXPIRED if expired else Exit.INTERRUPTED)
        flow.say("common/expired" if expired else "common/updated", title=flow.title(parked.dialog))


def human(flow: Flow) -> None:
    policy = flow.house.policy
    now = flow.moment.now.time()
    if not policy.human_open <= now < policy.human_close:
        flow.say(
            "common/human_closed",
            hotline=policy.hotline,
            opens=policy.human_open.strftime("%H:%M"),
            closes=policy.human_close.strftime("%H:%M"),
        )
        if frame := flow.record.frame:
            flow.ask_again(frame)
        return
    until = flow.moment.epoch_s + int(QUEUE_FOR_A_PERSON.total_seconds())
    flow.record = replace(flow.record, human=Human(until=until))
    if flow.inbound.kind is Kind.EVENT:
        # WeChat hands over messages only: a menu tap cannot be transferred, the next message can.
        flow.say("common/human_next")
    else:
        flow.manner = Manner.TRANSFER


def hotline(flow: Flow) -> None:
    """The number alone on its line: phones make it a link that dials."""
    flow.say("common/hotline", hotline=flow.house.policy.hotline)
    if frame := flow.record.frame:
        flow.ask_again(frame)


def thanks(flow: Flow) -> None:
    flow.say("common/thanks")
    if frame := flow.record.frame:
        flow.ask_again(frame)


def more(flow: Flow) -> None:
    flow.manner = Manner.NEXT_PAGE


def with_a_person(flow: Flow) -> bool:
    """Whether a person has the conversation: silent while one serves; while waiting in the queue,
    messages are handed over, except a command or a keyword, which leads back to us."""
    waiting = flow.record.human
    if waiting is None:
        return False
    if waiting.until <= flow.moment.epoch_s:
        flow.record = replace(flow.record, human=None)
        return False
    if waiting.serving:
        flow.manner = Manner.SILENCE
        return True
    if flow.inbound.kind is Kind.EVENT or _leads_back(flow):
        flow.record = replace(flow.record, human=None)
        return False
    flow.manner = Manner.TRANSFER
    return True


def _leads_back(flow: Flow) -> bool:
    """A tapped link was ours, a keyword or command is for us; a greeting or thanks are for the
    person. 人工 said again joins the queue again, which does no harm."""
    wording, said = flow.house.wording, flow.inbound.word
    if flow.inbound.menu_id:
        return True
    command = wording.commands.get(said)
    return said in wording.keywords or (command is not None and command not in FOR_THE_PERSON)


def menu_lines(house: House) -> tuple[Option, ...]:
    titles = house.wording.titles
    return tuple(
        Option(number=n, label=titles[name], send=titles[name])
        for n, name in enumerate(house.wording.menu, start=1)
    )


GREETING = "greeting"
FOR_THE_PERSON = (GREETING, "thanks")
COMMANDS: dict[str, Callable[[Flow], None]] = {
    "menu": menu,
    "help": help_,
    "cancel": cancel,
    "back": back,
    "restart": restart,
    "resume": resume,
    "human": human,
    "hotline": hotline,
    "thanks": thanks,
    "more": more,
    GREETING: menu,
}
