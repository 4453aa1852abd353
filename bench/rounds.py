"""Runs the contenders in turn, a b c a b c …, so that a machine that slows down slows all of them.

In: the line-up and the stage. Out: measurements, and why a contender has none.
"""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.line_up import Contender
from bench.load import LoadBroken
from bench.measure import Measurement, Stage, measure
from bench.replies import WrongReply
from bench.server import ServerDied


@dataclass(frozen=True, slots=True)
class Failure:
    contender: str
    reason: str


def run(
    line_up: Sequence[Contender], stage: Stage, tell: Callable[[str], None]
) -> tuple[list[Measurement], list[Failure]]:
    """A contender that fails once is out: half of its rounds would be compared with nothing."""
    measurements: list[Measurement] = []
    failures: dict[str, Failure] = {}
    for number in range(1, stage.plan.rounds + 1):
        for contender in line_up:
            if contender.key in failures:
                continue
            tell(f"round {number}/{stage.plan.rounds} ({contender.key}) {contender.title}")
            try:
                measurements.append(measure(contender, number, stage))
            except (LoadBroken, ServerDied, WrongReply, subprocess.SubprocessError) as error:
                failures[contender.key] = Failure(contender.key, _reason(error))
    whole = [each for each in measurements if each.contender not in failures]
    return whole, list(failures.values())


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        tail = error.stderr.decode(errors="replace").strip().splitlines()[-3:]
        words = [Path(error.cmd[0]).name, *error.cmd[1:3]]
        return f"{' '.join(words)} failed: {' | '.join(tail)}"
    return f"{type(error).__name__}: {error}"
