"""Runs the server's cron jobs as a timer would, in the demo's environment and time."""

import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import datetime

from sandbox.jobs_api import Finished

JOBS = (sys.executable, "-m", "jobs")
_TIMEOUT_S = 60.0


def run_job(env: Mapping[str, str], name: str, dry_run: bool, now: datetime) -> Finished:
    command = [*JOBS, name, "--now", now.isoformat(timespec="seconds")]
    begun_s = time.monotonic()
    try:
        done = subprocess.run(
            [*command, "--dry-run"] if dry_run else command,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            # As on a terminal: what was done, and what somebody should read, in their order.
            stderr=subprocess.STDOUT,
            timeout=_TIMEOUT_S,
            check=False,
        )
        code, output = done.returncode, done.stdout
    except subprocess.TimeoutExpired as error:
        code, output = None, error.stdout or b""
    return Finished(code, output.decode("utf-8", "replace"), time.monotonic() - begun_s)
