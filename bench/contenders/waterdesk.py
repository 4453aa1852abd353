"""(c) Waterdesk through its own entry, `wsgi:application`, with settings from the environment.

This module starts nothing: it says whether the product can be started, and prepares its databases.
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENTRY = "wsgi:application"
CITY_ACCOUNTS = 1000
PREPARE_TIMEOUT_S = 120


def missing() -> str | None:
    """Why there is nothing to measure; None when there is."""
    return None if (ROOT / "wsgi.py").exists() else "wsgi.py is not there yet"


def prepare(env: Mapping[str, str]) -> None:
    """The product's own commands build its schema and a small billing database."""
    command = Path(sys.executable).with_name("waterdesk")
    city = ["--url", env["WATERDESK_CSMS_URL"], "--accounts", str(CITY_ACCOUNTS), "--seed", "1"]
    for arguments in (["db", "upgrade"], ["city", "build", *city]):
        subprocess.run(
            [command, *arguments],
            cwd=ROOT,
            env=dict(env),
            check=True,
            capture_output=True,
            timeout=PREPARE_TIMEOUT_S,
        )
