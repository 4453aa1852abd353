"""`python -m bench.photos`: how well the gate tells good photos of meters from bad ones, and a copy
from another photo. Seeds of its own: no threshold was chosen with these photos in sight.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from numpy.random import Generator, default_rng

from backends.photos.adapter import open_photos
from backends.ports import Flaw, Photo, PhotoPurpose
from backends.ports.prints import same_picture
from sandbox.meter_photos import PhotoFault, draw, draw_twice, same_again, some_meter

HELD_OUT_SEED = 20_261_122
GOOD, FOUND_AGAIN, ANOTHER = "accepted", "the same", "another"


@dataclass(frozen=True, slots=True)
class Kind:
    """`wanted`: the only right verdict; `at_least`: the share of photos that must get it."""

    name: str
    wanted: str
    at_least: float
    trial: Callable[[Generator], str]
    share: float = 0.3


def judged(data: bytes) -> Photo | Flaw:
    """As the service judges it: fetched, examined, sealed."""
    with TemporaryDirectory(prefix="photos-") as folder:
        photos = open_photos(lambda _: data, Path(folder), ["bench"])
        return photos.take("media", PhotoPurpose.METER)


def verdict(data: bytes) -> str:
    found = judged(data)
    return found.reason.value if isinstance(found, Flaw) else GOOD


def _one(fault: PhotoFault, rng: Generator) -> str:
    return verdict(draw(some_meter(rng, fault), rng))


def _saved_again(rng: Generator) -> str:
    photo = draw(some_meter(rng), rng)
    return _likeness(photo, same_again(photo, rng))


def _taken_again(rng: Generator) -> str:
    return _likeness(*draw_twice(some_meter(rng), rng))


def _read_again(rng: Generator) -> str:
    spec = some_meter(rng)
    later = replace(spec, reading=(spec.reading + int(rng.integers(1, 40))) % 10**spec.digits)
    return _likeness(draw(spec, rng), draw(later, rng))


def _likeness(one: bytes, other: bytes) -> str:
    first, second = judged(one), judged(other)
    if isinstance(first, Flaw) or isinstance(second, Flaw):
        return "refused"
    return FOUND_AGAIN if same_picture(first.print, second.print) else ANOTHER


KINDS = (
    Kind("good", GOOD, 0.99, partial(_one, PhotoFault.NONE), share=1.0),
    *(
        Kind(fault.value, fault.value, 0.98, partial(_one, fault))
        for fault in PhotoFault
        if fault is not PhotoFault.NONE
    ),
    Kind("saved again", FOUND_AGAIN, 0.98, _saved_again),
    Kind("taken again", ANOTHER, 0.99, _taken_again),
    Kind("another reading", ANOTHER, 0.99, _read_again),
)


def run(kind: Kind, numbers: range, seed: int = HELD_OUT_SEED) -> Counter[str]:
    at = KINDS.index(kind)
    return Counter(kind.trial(default_rng([seed, at, number])) for number in numbers)


def _run_at(at: int, numbers: range, seed: int) -> Counter[str]:
    return run(KINDS[at], numbers, seed)


def _in_parts(count: int, part: int = 20) -> Iterator[range]:
    return (range(start, min(start + part, count)) for start in range(0, count, part))


def main(
    count: Annotated[int, typer.Option(min=10, help="good photos; 30 % as many bad")] = 1000,
    seed: Annotated[int, typer.Option(min=0)] = HELD_OUT_SEED,
    only: Annotated[str, typer.Option(help="kinds, e.g. good,glare")] = "",
) -> None:
    """Judge synthetic photos of meters and print who was told what."""
    failed = False
    print(f"| {'photos':15} | number | right  | needed | otherwise |")
    print("|---|---|---|---|---|")
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for at, kind in enumerate(KINDS):
            if only and kind.name not in only.split(","):
                continue
            parts = _in_parts(round(count * kind.share))
            told = sum(pool.map(partial(_run_at, at, seed=seed), parts), Counter[str]())
            right = told[kind.wanted] / told.total()
            failed |= right < kind.at_least
            others = ", ".join(f"{n} {what}" for what, n in told.items() if what != kind.wanted)
            shares = f"{right:6.1%} | {kind.at_least:6.0%}"
            print(f"| {kind.name:15} | {told.total():6} | {shares} | {others or '-'} |", flush=True)
    raise typer.Exit(1 if failed else 0)


if __name__ == "__main__":
    typer.run(main)
