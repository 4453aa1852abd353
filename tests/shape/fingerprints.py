"""Writes fingerprints.toml: `python -m tests.shape.fingerprints`, after a dialog has changed and
its revision was raised. It refuses a dialog whose shape changed while its revision did not."""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from dialogs import REGISTRY
from dialogs.engine import shape
from dialogs.engine.definition import Dialog

PATH = Path(__file__).with_name("fingerprints.toml")
COMMAND = "python -m tests.shape.fingerprints"
HEAD = f"# Shape and revision of each dialog as last released; written by `{COMMAND}`.\n"

Known = Mapping[str, tuple[int, str]]


def read(path: Path = PATH) -> Known:
    if not path.exists():
        return {}
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: (entry["revision"], entry["fingerprint"]) for name, entry in table.items()}


def problems(dialogs: Mapping[str, Dialog], known: Known) -> Iterator[str]:
    for name, dialog in dialogs.items():
        if name not in known:
            yield f"{name} is new: run `{COMMAND}`"
            continue
        revision, fingerprint = known[name]
        same_shape = shape.fingerprint(dialog) == fingerprint
        if not same_shape and dialog.revision == revision:
            yield (
                f"{name} has changed: raise its revision to {revision + 1}, write a migration from "
                f"{revision} in dialogs/engine/migrations.py if one is possible; then run "
                f"`{COMMAND}`"
            )
        elif dialog.revision < revision:
            yield f"{name}: revision {dialog.revision} was used before {revision}; raise it"
        elif dialog.revision > revision:
            yield f"{name} has a new revision: run `{COMMAND}`"
    for name in sorted(known.keys() - dialogs.keys()):
        yield f"{name} is gone: run `{COMMAND}`"


def write(dialogs: Mapping[str, Dialog], path: Path = PATH) -> list[str]:
    """What stands against writing; nothing is written then."""
    known = read(path)
    wrong = [why for why in problems(dialogs, known) if "raise" in why]
    if not wrong:
        entries = (
            f"\n[{name}]\nrevision = {dialog.revision}\n"
            f'fingerprint = "{shape.fingerprint(dialog)}"\n'
            for name, dialog in sorted(dialogs.items())
        )
        path.write_text(HEAD + "".join(entries), encoding="utf-8")
    return wrong


if __name__ == "__main__":
    sys.exit("\n".join(write(REGISTRY)) or None)
