"""What must hold for every dialog whatever it is about; checked by tests and `waterdesk check`."""

import hashlib
import json
from collections.abc import Container, Iterator, Mapping
from typing import Any

from dialogs.engine import machine
from dialogs.engine.definition import Dialog, Reader
from dialogs.engine.readers import SHARED_REASONS
from dialogs.engine.wording import Wording


def edges(dialog: Dialog) -> Iterator[tuple[str, str, str]]:
    """(from, outcome, to) of every declared transition."""
    for outcome, target in dialog.opens.leads_to.items():
        yield machine.OPENING, outcome, target
    for state, step in dialog.steps.items():
        for outcome, target in step.leads_to.items():
            yield state, outcome, target


def unreachable(dialog: Dialog) -> set[str]:
    seen, todo = set[str](), [machine.OPENING]
    while todo:
        state = todo.pop()
        if state not in seen:
            seen.add(state)
            todo.extend(target for source, _, target in edges(dialog) if source == state)
    return {*dialog.steps, *dialog.ends} - seen


def traps(dialog: Dialog) -> set[str]:
    """Steps from which no end can be reached."""
    safe = set(dialog.ends)
    while grown := {source for source, _, target in edges(dialog) if target in safe} - safe:
        safe |= grown
    return set(dialog.steps) - safe


def templates(dialog: Dialog) -> Iterator[tuple[str, str]]:
    """(template, default) of everything the dialog may say."""
    for state in (*dialog.steps, *dialog.ends):
        yield f"{dialog.name}/{state}", ""
    for state, step in dialog.steps.items():
        for reason in (*SHARED_REASONS, *step.reads.reasons, *step.refuses):
            yield f"{dialog.name}/{state}.{reason}", f"common/bad.{reason}"


def missing_templates(dialogs: Mapping[str, Dialog], there: Container[str]) -> list[str]:
    """Replies that a dialog may need and nobody has written, in words for who is to write them."""
    return [
        f"replies/{name}.j2：没有这个文件，业务 {dialog.name} 要用；请补上"
        for dialog in dialogs.values()
        for name, default in templates(dialog)
        if name not in there and default not in there
    ]


def missing_words(dialogs: Mapping[str, Dialog], wording: Wording) -> list[str]:
    """Titles, options and menu entries that customer service has yet to write, or to take out."""
    wrong = [
        f"[titles] 没有 {name}，请写上它的名称" for name in dialogs if name not in wording.titles
    ]
    known = {*wording.titles, *wording.keywords.values(), *wording.menu}
    wrong += [f"没有 {name} 这个业务，请改正或删去" for name in sorted(known - dialogs.keys())]
    steps = {
        f"{name}.{at}": step for name, own in dialogs.items() for at, step in own.steps.items()
    }
    for where, step in steps.items():
        due = step.reads.options or fixed_choices(step.reads)
        if due and tuple(wording.options.get(where, {})) != due:
            wrong.append(f'[options."{where}"] 要依次写出 {"、".join(due)}')
    idle = sorted(wording.options.keys() - {at for at, step in steps.items() if listed(step.reads)})
    wrong += [f'[options."{where}"] 没有对应的选择步骤，请改正或删去' for where in idle]
    return [f"words.toml：{why}" for why in wrong]


class _NoData(dict[str, Any]):
    def __missing__(self, key: str) -> tuple[()]:
        return ()


def listed(reader: Reader) -> bool:
    return bool(reader.options or reader.choices)


def fixed_choices(reader: Reader) -> tuple[str, ...]:
    """What a list made from data holds without any data: the choices whose words are wording."""
    if reader.choices is None:
        return ()
    try:
        return tuple(value for value, label in reader.choices(_NoData()) if not label)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return ()  # it cannot do without data, and nobody can tell beforehand


def fingerprint(dialog: Dialog) -> str:
    """Changes whenever somebody in the middle of the dialog could be led astray by the change."""
    shape = {
        "edges": sorted(edges(dialog)),
        "ends": {end: how.value for end, how in dialog.ends.items()},
        "options": {state: step.reads.options for state, step in dialog.steps.items()},
        "wants": {state: step.reads.wants for state, step in dialog.steps.items()},
    }
    return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:16]


def diagram(dialog: Dialog) -> str:
    """Mermaid. Cancelling, going back and expiry are possible at every step and not drawn."""
    lines = ["stateDiagram-v2", f"    [*] --> {machine.OPENING}"]
    lines += [f"    {source} --> {target}: {outcome}" for source, outcome, target in edges(dialog)]
    lines += [f"    {end} --> [*]: {how.value}" for end, how in dialog.ends.items()]
    return "\n".join(lines)
