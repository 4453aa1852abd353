"""An empty database of our own, up to date, as often as tests want one: upgrading takes the better
part of a second, copying what was upgraded does not."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from backends.records.schema import upgrade


def upgraded_sqlite(path: Path) -> str:
    """Its URL; there must be nothing at `path` yet."""
    path.write_bytes(_upgraded())
    return f"sqlite:///{path}"


@cache
def _upgraded() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "own.sqlite3"
        upgrade(f"sqlite:///{path}")
        return path.read_bytes()
