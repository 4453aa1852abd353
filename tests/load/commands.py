"""The model's global commands: what 菜单 帮助 取消 返回 继续 must answer in any state of mind."""

from collections.abc import Callable
from dataclasses import replace

from tests.load.mind import Expected


def _menu(turn: Expected) -> None:
    if turn.mind.frame:
        turn.park(turn.mind.frame)
    turn.say("menu", *(["kept"] if turn.mind.parked else []))


def _help(turn: Expected) -> None:
    turn.say("help")
    if turn.mind.frame:
        turn.ask(turn.mind.frame)


def _cancel(turn: Expected) -> None:
    frame = turn.mind.frame or turn.mind.parked
    if frame is None:
        turn.say("nothing_to_cancel")
        return
    if turn.mind.frame is None:
        turn.remember(parked=None)
    turn.end(frame, "cancelled", "cancelled")


def _back(turn: Expected) -> None:
    frame = turn.mind.frame
    if frame is None:
        _menu(turn)
        return
    if frame.visited:
        frame = replace(frame, state=frame.visited[-1], visited=frame.visited[:-1], attempts=0)
        turn.remember(frame=frame)
    else:
        turn.say("no_way_back")
    turn.ask(frame)


def resume(turn: Expected) -> None:
    if turn.mind.frame:
        turn.ask(turn.mind.frame)
    elif parked := turn.mind.parked:
        turn.remember(frame=parked, parked=None)
        turn.say("resumed")
        turn.ask(parked)
    else:
        turn.say("nothing_to_resume")


COMMANDS: dict[str, Callable[[Expected], None]] = {
    "menu": _menu,
    "help": _help,
    "cancel": _cancel,
    "back": _back,
    "resume": resume,
}
