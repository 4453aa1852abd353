"""Medians, ratios and the table. In: the measurements of a run. Out: rich renderables and JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from rich.table import Table

from bench.line_up import Contender
from bench.measure import Measurement, Plan
from bench.rounds import Failure

SATURATED_PERCENT = 90
PAIRS = (("c", "b"), ("c", "a"), ("b", "a"))


@dataclass(frozen=True, slots=True)
class Ratio:
    """Of two contenders, taken round by round: both saw the machine in the same state."""

    over: str
    under: str
    quantity: str
    middle: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.middle:.2f} ({self.least:.2f}..{self.most:.2f})"


def ratios(measurements: Sequence[Measurement]) -> Iterator[Ratio]:
    by_round = {(each.contender, each.round): each for each in measurements}
    for over, under in PAIRS:
        rounds = [r for key, r in by_round if key == over and (under, r) in by_round]
        for quantity in ("cpu_us", "requests_per_s"):
            values = [
                getattr(by_round[over, r], quantity) / getattr(by_round[under, r], quantity)
                for r in rounds
            ]
            if values:
                yield Ratio(over, under, quantity, median(values), min(values), max(values))


def table(line_up: Iterable[Contender], measurements: Sequence[Measurement]) -> Table:
    result = Table(title="Medians over the rounds")
    for heading in ("", "contender", "req/s", "CPU µs", "Redis µs", "busy %", "p50 ms", "p99 ms"):
        result.add_column(heading, justify="left" if heading in {"", "contender"} else "right")
    for contender in line_up:
        own = [each for each in measurements if each.contender == contender.key]
        if own:
            result.add_row(contender.key, contender.title, *_cells(own))
    return result


def _cells(own: Sequence[Measurement]) -> Iterator[str]:
    for quantity, digits in (
        ("requests_per_s", 0),
        ("cpu_us", 1),
        ("redis_us", 1),
        ("busy_percent", 0),
        ("p50_ms", 2),
        ("p99_ms", 2),
    ):
        values = [getattr(each, quantity) for each in own]
        yield f"{median(values):,.{digits}f}"


def warnings(measurements: Sequence[Measurement]) -> Iterator[str]:
    for key in dict.fromkeys(each.contender for each in measurements):
        busy = median(each.busy_percent for each in measurements if each.contender == key)
        if busy < SATURATED_PERCENT:
            yield (
                f"({key}) the server had {busy:.0f} % of its CPU: its req/s and latencies say more "
                "about what else runs here, or about the generator, than about it; trust CPU µs"
            )


def ratio_table(measurements: Sequence[Measurement]) -> Table:
    result = Table(title="Ratios, taken round by round: median (min..max)")
    for heading in ("", "CPU per message", "req/s"):
        result.add_column(heading)
    found = list(ratios(measurements))
    for over, under in PAIRS:
        cells = [str(each) for each in found if (each.over, each.under) == (over, under)]
        if cells:
            result.add_row(f"{over}/{under}", *cells)
    return result


def replies(measurements: Sequence[Measurement], contender: str) -> str:
    """The commonest first lines of what a contender answered, with their shares."""
    seen: Counter[str] = Counter()
    for each in measurements:
        if each.contender == contender:
            seen.update(each.replies)
    total = sum(seen.values())
    shares = (f"{line} {100 * times / total:.0f} %" for line, times in seen.most_common(5))
    rest = f"; {len(seen) - 5} more" if len(seen) > 5 else ""
    return f"{total} replies checked: {' · '.join(shares)}{rest}"


def as_json(
    plan: Plan,
    machine: dict[str, str],
    measurements: Sequence[Measurement],
    failures: Sequence[Failure],
) -> dict[str, Any]:
    options = {**asdict(plan.options), "cpus": sorted(plan.options.cpus)}
    return {
        "machine": machine,
        "plan": {**asdict(plan), "options": options},
        "measurements": [asdict(each) for each in measurements],
        "ratios": [asdict(each) for each in ratios(measurements)],
        "failures": [asdict(each) for each in failures],
    }
