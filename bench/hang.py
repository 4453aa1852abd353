"""`python -m bench.hang`: what a hanging CSMS costs the citizens who do not need it.

The same load twice in turn, with CSMS well and with CSMS hanging: some ask what they owe, at a
fixed rate; others use menu, help, dialog steps and their own bindings. The figure is a ratio.
"""

import itertools
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench.machine import description, leave_on_sigterm
from tests.load.binders import Binder, bind_all, gather
from tests.load.hang import Asker, askers
from tests.load.labels import labels
from tests.load.person import ANSWERED_WITHIN_S, quantile
from tests.load.stack import Stack, running_stack

AIM = 1.5
OWN_ACCOUNT = "<own account>"
OTHERS_SAY = (
    ("菜单", "menu"),
    ("帮助", "help"),
    ("绑定户号", "account_no"),
    (OWN_ACCOUNT, "already_bound"),
    ("帮助", "account_no"),
    ("取消", "cancelled"),
)
TOLD_WITHIN_S = 60.0


@dataclass
class Phase:
    """`answers`: what those who asked were answered at once; `told`: late answers to each."""

    hanging: bool
    others_took_s: list[float] = field(default_factory=list)
    askers_took_s: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    acknowledged: int = 0
    told_once: int = 0


def main(
    seconds: Annotated[float, typer.Option(min=2, help="of one phase, and of a hang")] = 30.0,
    rounds: Annotated[int, typer.Option(min=1, help="of one phase each")] = 2,
    asked_per_s: Annotated[float, typer.Option(help="questions that need CSMS")] = 5.0,
    others: Annotated[int, typer.Option(min=1, help="citizens who need no CSMS")] = 12,
    others_per_s: Annotated[float, typer.Option(help="their messages")] = 60.0,
) -> None:
    leave_on_sigterm()
    load = Load(seconds, asked_per_s, others, others_per_s)
    with tempfile.TemporaryDirectory(prefix="waterdesk-hang-") as folder:
        crowd_size = load.asked * rounds * 2
        with running_stack(Path(folder), accounts=1000 + 10 * crowd_size) as stack:
            phases = _measure(stack, load, rounds)
    _report(Console(), phases)


@dataclass(frozen=True)
class Load:
    seconds: float
    asked_per_s: float
    others: int
    others_per_s: float

    @property
    def asked(self) -> int:
        return int(self.seconds * self.asked_per_s)


def _measure(stack: Stack, load: Load, rounds: int) -> list[Phase]:
    crowd = iter(askers(stack, load.asked * rounds * 2))
    rest, _ = gather(stack, load.others, first=load.asked * rounds * 2)
    bind_all(rest, at_once=8)
    for other in rest:
        other.person.took_s.clear()
    phases = []
    for number in range(rounds * 2):
        asking = list(itertools.islice(crowd, load.asked))
        phases.append(_phase(stack, load, asking, rest, hanging=number % 2 == 1))
    return phases


def _phase(
    stack: Stack, load: Load, asking: Sequence[Asker], rest: Sequence[Binder], *, hanging: bool
) -> Phase:
    phase = Phase(hanging)
    sent_before = len(stack.wechat.sent)
    with ThreadPoolExecutor(len(asking) + len(rest)) as pool:
        with stack.hanging_csms() if hanging else nullcontext():
            end_s = time.monotonic() + load.seconds
            pace_s = load.others / load.others_per_s
            talking = []
            for one in rest:  # staggered: in step they would queue behind each other
                talking.append(pool.submit(_talk, one, end_s, pace_s))
                time.sleep(pace_s / len(rest))
            answers = _ask_in_turn(pool, asking, 1 / load.asked_per_s)
            for one in talking:
                phase.wrong += one.result()
        said = [answer.result() for answer in answers]
    phase.acknowledged = said.count(frozenset({"looking_up"}))
    stack.wechat.wait_for(sent_before + phase.acknowledged, TOLD_WITHIN_S)
    _judge(stack, phase, list(zip(asking, said, strict=True)))
    for other in rest:
        phase.others_took_s += other.person.took_s
        other.person.took_s.clear()
    return phase


def _judge(stack: Stack, phase: Phase, answers: list[tuple[Asker, frozenset[str]]]) -> None:
    """Answered at once, or acknowledged and told once: nothing else is right."""
    for asker, answer in answers:
        late = [labels(text) for text in stack.wechat.told(asker.person.openid)]
        phase.told_once += late == [asker.owed]
        if answer != asker.owed and (answer, late) != (frozenset({"looking_up"}), [asker.owed]):
            phase.wrong.append(f"asked: {sorted(answer)}, then {late}")
        phase.askers_took_s += asker.person.took_s


def _ask_in_turn(
    pool: ThreadPoolExecutor, asking: Sequence[Asker], every_s: float
) -> list[Future[frozenset[str]]]:
    answers = []
    for asker in asking:
        answers.append(pool.submit(asker.asks))
        threading.Event().wait(every_s)
    return answers


def _talk(other: Binder, end_s: float, pace_s: float) -> list[str]:
    wrong = []
    for text, expected in itertools.cycle(OTHERS_SAY):
        next_s = time.monotonic() + pace_s
        said = labels(other.person.says(text.replace(OWN_ACCOUNT, other.acct_no)).plain)
        if expected not in said:
            wrong.append(f"{text}: {sorted(said)}")
        if time.monotonic() >= end_s and text == "取消":
            break
        time.sleep(max(0.0, next_s - time.monotonic()))
    return wrong


def _report(console: Console, phases: list[Phase]) -> None:
    table = Table("phase", "others", "p50 ms", "p99 ms", "asked", "slowest s", "acked", "told once")
    for phase in phases:
        table.add_row(
            "CSMS hangs" if phase.hanging else "CSMS well",
            str(len(phase.others_took_s)),
            *(f"{quantile(phase.others_took_s, q) * 1000:.1f}" for q in (0.5, 0.99)),
            str(len(phase.askers_took_s)),
            f"{max(phase.askers_took_s):.2f}",
            str(phase.acknowledged),
            str(phase.told_once),
        )
    console.print(table)
    took_s: dict[bool, list[float]] = {False: [], True: []}
    for phase in phases:
        took_s[phase.hanging] += phase.others_took_s
    ratio = quantile(took_s[True], 0.99) / quantile(took_s[False], 0.99)
    late = sum(s > ANSWERED_WITHIN_S for p in phases for s in p.askers_took_s + p.others_took_s)
    wrong = [line for phase in phases for line in phase.wrong]
    console.print(f"p99 of the others, hanging / well: {ratio:.2f} (aim: at most {AIM})")
    console.print(f"deliveries later than {ANSWERED_WITHIN_S} s: {late}; wrong: {len(wrong)}")
    for line in wrong[:10]:
        console.print(line, style="red", markup=False)
    console.print(", ".join(f"{name} {value}" for name, value in description().items()))
    raise typer.Exit(1 if late or wrong or ratio > AIM else 0)


if __name__ == "__main__":
    typer.run(main)
