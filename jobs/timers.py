"""Writes systemd's timers for the hours of jobs/crontab: `python -m jobs.timers FOLDER`."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

CRONTAB = Path(__file__).with_name("crontab")
_LINE = re.compile(r'^\s*(\S+)\s+(\S+)\s+\* \* \*\s+waterdesk\s+eval "\$JOB" (\w+) ', re.MULTILINE)
_TIMER = """\
[Unit]
Description=When the Waterdesk job {name} runs

[Timer]
OnCalendar={when}
# A machine that was off runs it as soon as it is up again.
Persistent=true
RandomizedDelaySec=60

[Install]
WantedBy=timers.target
"""


def hours(crontab: str) -> Iterator[tuple[str, str, str]]:
    """(job, minute, hour) as cron writes them."""
    yield from ((name, minute, hour) for minute, hour, name in _LINE.findall(crontab))


def timers(crontab: str) -> dict[str, str]:
    """By the name of the unit."""
    return {
        f"waterdesk-job@{name}.timer": _TIMER.format(name=name, when=_calendar(minute, hour))
        for name, minute, hour in hours(crontab)
    }


def _calendar(minute: str, hour: str) -> str:
    """What runs each hour, or more often, does so in any zone."""
    if minute.startswith("*/"):
        return f"*-*-* *:00/{minute[2:]}"
    if hour == "*":
        return f"*-*-* *:{int(minute):02}"
    each = ",".join(f"{int(one):02}" for one in hour.split(","))
    return f"*-*-* {each}:{int(minute):02} Asia/Shanghai"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python -m jobs.timers FOLDER")
    for unit, text in timers(CRONTAB.read_text(encoding="utf-8")).items():
        (Path(sys.argv[1]) / unit).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{unit}\n")
