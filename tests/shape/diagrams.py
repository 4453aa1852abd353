"""Writes docs/dialogs.md from the code and the wording: `python -m tests.shape.diagrams`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.wording.words import read_wording
from dialogs import REGISTRY
from dialogs.engine import machine, shape
from dialogs.engine.definition import Dialog, Step
from dialogs.engine.wording import Wording

ROOT = Path(__file__).resolve().parents[2]
PATH = ROOT / "docs/dialogs.md"
COMMAND = "python -m tests.shape.diagrams"
HEAD = f"""# The dialogs

Written by `{COMMAND}` from `dialogs/` and `templates/words.toml`; do not edit.

At every step the citizen may also say 取消 (cancel), 返回 (back), 重来 (start again), 菜单 (menu),
帮助 (help) and 人工 (a person); a step left alone expires. None of that is drawn.
The words of a state are `templates/replies/<dialog>/<state>.j2`, those of a refusal
`<state>.<reason>.j2`, or else `common/bad.<reason>.j2`.
"""


def document() -> str:
    wording = read_wording(ROOT / "templates")
    sections = ("\n".join(_section(dialog, wording)) for dialog in REGISTRY.values())
    return "\n".join([HEAD, *sections])


def _section(dialog: Dialog, wording: Wording) -> Iterator[str]:
    minutes = int(dialog.lives.total_seconds() // 60)
    words = [word for word, name in wording.keywords.items() if name == dialog.name]
    yield f"## {wording.titles[dialog.name]} `{dialog.name}`\n"
    yield f"Revision {dialog.revision}; a step waits {minutes} minutes.\n"
    yield f"Asked for by: {'、'.join(words)}.\n"
    yield f"```mermaid\n{shape.diagram(dialog)}\n```\n"
    yield "| state | answers | refuses | leads to |"
    yield "|---|---|---|---|"
    yield f"| {machine.OPENING} | – (decides by itself) | – | {_ways(dialog.opens.leads_to)} |"
    for state, step in dialog.steps.items():
        answers = _answers(dialog, state, step, wording)
        refuses = ", ".join((*step.reads.reasons, *step.refuses)) or "–"
        yield f"| {state} | {answers} | {refuses} | {_ways(step.leads_to)} |"
    for end, how in dialog.ends.items():
        yield f"| **{end}** | – (ends: {how.value}) | – | – |"
    yield ""


def _answers(dialog: Dialog, state: str, step: Step, wording: Wording) -> str:
    options = wording.options.get(f"{dialog.name}.{state}", {})
    listed = "、".join(names[0] for names in options.values())
    if step.reads.choices:
        return f"one of a list of the citizen's own{f', or {listed}' if listed else ''}"
    if step.reads.confirms:
        return f"confirms a summary: {listed}"
    return f"a choice: {listed}" if listed else step.reads.wants


def _ways(leads_to: Mapping[str, str]) -> str:
    return ", ".join(f"{outcome} → {target}" for outcome, target in leads_to.items())


if __name__ == "__main__":
    PATH.write_text(document(), encoding="utf-8")
