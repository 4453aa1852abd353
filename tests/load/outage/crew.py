"""The `waterdesk worker` processes: started, killed, started again."""

import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import HOUSE

WATERDESK_WORKER = (sys.executable, "-m", "bot.cli", "worker")
HASTY_WORKER = (sys.executable, "-m", "tests.load.outage.hasty_worker")
WORKERS = 2
ENDS_WITHIN_S = 20.0


@dataclass
class Crew:
    """They have a log in common."""

    command: Sequence[str]
    environ: dict[str, str]
    log: Path
    size: int = WORKERS
    lock: threading.Lock = field(default_factory=threading.Lock)
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    kills: int = 0

    def start(self) -> None:
        self.running = [self._started() for _ in range(self.size)]

    def kill_one(self) -> None:
        with self.lock:
            place = self.kills % self.size
            self.running[place].kill()
            self.running[place].wait(ENDS_WITHIN_S)
            self.kills += 1
            self.running[place] = self._started()

    def all_up(self) -> bool:
        """Whether each that was started has come as far as working."""
        return self.log.read_text().count("working in") >= self.size + self.kills

    def ended(self) -> list[int]:
        """Exit codes of those that ended by themselves."""
        with self.lock:
            codes = [process.poll() for process in self.running]
        return [code for code in codes if code is not None]

    def stop(self) -> None:
        with self.lock:
            for process in self.running:
                process.terminate()
            for process in self.running:
                try:
                    process.wait(ENDS_WITHIN_S)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait(ENDS_WITHIN_S)

    def _started(self) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as output:
            return subprocess.Popen(
                self.command,
                cwd=HOUSE,
                env=self.environ,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
