"""Which tests run in the same process when there are several (`make test` without T=), and which
are taken up first."""

from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling

# Each of these has a world of its own that takes seconds to build, made once for all its tests.
SHARE_A_WORLD = ("browser", "city", "contract", "office", "privacy", "sandbox")
# Whoever takes minutes begins at once, so that no process works alone in the end.
LONG = ("browser", "contract", "load", "jobs", "sandbox")


def world_of(nodeid: str) -> str:
    """The folder under tests/ whose world the test lives in, or the path of its own file."""
    path = nodeid.partition("::")[0]
    _, *folders, _ = PurePosixPath(path).parts
    return next((name for name in SHARE_A_WORLD if name in folders), path)


def turn_of(nodeid: str) -> int:
    """Lower comes earlier."""
    folder = PurePosixPath(nodeid).parts[1]
    return LONG.index(folder) if folder in LONG else len(LONG)


class OneWorldOneProcess(LoadScopeScheduling):
    """xdist's own groups (--dist=loadgroup) do nothing beside the pytest of today: every test would
    be dealt out alone, and every process would build every world."""

    def _split_scope(self, nodeid: str) -> str:
        return world_of(nodeid)
