"""docs/dialogs.md shows the dialogs as they are."""

from dialogs import REGISTRY
from dialogs.engine import shape
from tests.shape import diagrams


def test_the_page_of_dialogs_is_fresh() -> None:
    shown = diagrams.PATH.read_text(encoding="utf-8")
    assert shown == diagrams.document(), f"run `{diagrams.COMMAND}`"


def test_every_state_and_way_is_drawn() -> None:
    shown = diagrams.document()
    for dialog in REGISTRY.values():
        section = shown.split(f"`{dialog.name}`\n")[1].split("\n## ")[0]
        for source, outcome, target in shape.edges(dialog):
            assert f"    {source} --> {target}: {outcome}" in section
        for state in (*dialog.steps, *dialog.ends):
            assert f"| {state} |" in section or f"| **{state}** |" in section
