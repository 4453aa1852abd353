"""Our commands as processes of their own, without the second in which each would import all that it
is made of: one process has imported it, and forks for every command."""

import importlib
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

WATERDESK, JOBS = "bot.cli", "jobs.__main__"
ENDS_WITHIN_S = 60

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(
    [__name__, WATERDESK, JOBS, "backends.records.schema", "bot.check", "sandbox.city.__main__"]
)


def run(
    module: str, environment: Mapping[str, str], *arguments: str, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """As `python -m module` would end."""
    with TemporaryDirectory() as folder:
        said = Path(folder, "stdout"), Path(folder, "stderr")
        order = (module, arguments, dict(environment), cwd or Path.cwd(), said)
        process = _FORKING.Process(target=_become, args=order)
        process.start()
        process.join(ENDS_WITHIN_S)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired([module, *arguments], ENDS_WITHIN_S)
        code, (out, err) = process.exitcode, (path.read_text(encoding="utf-8") for path in said)
        process.close()
    return subprocess.CompletedProcess([module, *arguments], code, out, err)


def _become(
    module: str,
    arguments: tuple[str, ...],
    environment: Mapping[str, str],
    cwd: Path,
    said: tuple[Path, Path],
) -> None:
    for descriptor, path in enumerate(said, start=1):
        with path.open("wb") as file:
            os.dup2(file.fileno(), descriptor)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    sys.argv = [module, *arguments]
    importlib.import_module(module).main()
