"""The demo's time, in the demo's child processes: a folder for PYTHONPATH, with the `sitecustomize`
that each Python of the server runs before anything else. The server knows nothing of it."""

from collections.abc import Mapping
from pathlib import Path

_CLOCK_FILE, _FOLDERS = "SANDBOX_CLOCK_FILE", "PYTHONPATH"
MOVED = (_CLOCK_FILE, _FOLDERS)


def surroundings(inherited: Mapping[str, str], clock_file: Path) -> dict[str, str]:
    """What a process needs in its environment to live in the sandbox's time."""
    folders = [str(Path(__file__).parent), inherited.get(_FOLDERS, "")]
    return {_FOLDERS: ":".join(filter(None, folders)), _CLOCK_FILE: str(clock_file)}
