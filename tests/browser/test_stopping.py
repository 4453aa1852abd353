"""The demo ends as anybody would end it: nothing of it is left."""

import os
import re
import signal
import time
from pathlib import Path

import pytest

from tests.browser.demo import Demo

pytestmark = pytest.mark.browser


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_ctrl_c_leaves_no_process_behind(demo: Demo) -> None:
    children = _descendants(demo.process.pid)
    assert len(children) >= 3, "server, its workers and Redis"
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(timeout=30) == 0
    deadline_s = time.monotonic() + 10
    while alive := [pid for pid in children if _alive(pid)]:
        assert time.monotonic() < deadline_s, alive
        time.sleep(0.1)


def _descendants(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = re.split(r"\) ", stat.read_text())[-1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            child = int(stat.parent.name)
            found += [child, *_descendants(child)]
    return found


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
