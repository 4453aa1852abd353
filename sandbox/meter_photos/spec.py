"""What a synthetic meter photo shows, and what is wrong with it."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.random import Generator, default_rng

Colour = tuple[int, int, int]

BRANDS = ("YUNHE", "CLEARFLOW", "LINJIANG", "SANQUAN", "AQUATAL", "BEIHU", "HENGLIU")
BODIES: tuple[Colour, ...] = ((44, 84, 140), (176, 138, 68), (96, 104, 112), (36, 110, 116))
WALLS = ("plaster", "concrete", "tiles", "bricks", "pit")
WALL_COLOURS: dict[str, tuple[Colour, ...]] = {
    "plaster": ((205, 203, 196), (196, 200, 204), (208, 198, 178)),
    "concrete": ((146, 146, 142), (128, 126, 122)),
    "tiles": ((206, 209, 208), (186, 200, 206), (212, 204, 188)),
    "bricks": ((150, 88, 68), (132, 96, 82)),
    "pit": ((74, 64, 52), (62, 62, 58)),
}


class PhotoFault(StrEnum):
    NONE = "none"
    BLURRED = "blurred"
    GLARE = "glare"
    TOO_DARK = "too_dark"
    TOO_SMALL = "too_small"
    NOT_IMAGE = "not_image"


@dataclass(frozen=True, slots=True)
class MeterPhoto:
    """`reading`: whole cubic metres, the black wheels. `litres`: what the red ones show.
    `severity`: how bad the fault is, from what a person would just call bad (0) to hopeless (1)."""

    reading: int
    meter_code: str = "01224157300463"
    digits: int = 5
    litres: int = 382
    fault: PhotoFault = PhotoFault.NONE
    severity: float = 0.5
    with_gps: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.reading < 10**self.digits:
            raise ValueError(f"a reading of {self.digits} digits is below {10**self.digits}")
        if not 0 <= self.litres < 1000:
            raise ValueError("litres are 0 to 999")


@dataclass(frozen=True, slots=True)
class Look:
    """What stays the same in every photo of one meter: the meter and its place."""

    brand: str
    body: Colour
    wall: str
    wall_colour: Colour
    paper: Colour
    pipe: Colour
    lid_up: bool
    second_pipe: float
    seed: int


def look_of(meter_code: str) -> Look:
    seed = int.from_bytes(hashlib.sha256(meter_code.encode()).digest()[:8], "big")
    rng = default_rng(seed)
    wall = WALLS[int(rng.choice(len(WALLS), p=(0.3, 0.25, 0.2, 0.1, 0.15)))]
    maker = int(meter_code[:2]) if meter_code[:2].isdecimal() else 0
    return Look(
        brand=BRANDS[maker % len(BRANDS)],
        body=_pick(rng, BODIES),
        wall=wall,
        wall_colour=_pick(rng, WALL_COLOURS[wall]),
        paper=_pick(rng, ((234, 233, 226), (238, 238, 238), (228, 224, 208))),
        pipe=_pick(rng, ((150, 152, 154), (188, 142, 88), (214, 214, 208), (112, 116, 118))),
        lid_up=bool(rng.random() < 0.6),
        second_pipe=float(rng.uniform(-1, 1)),
        seed=seed,
    )


def _pick(rng: Generator, colours: tuple[Colour, ...]) -> Colour:
    near = np.array(colours[int(rng.integers(len(colours)))]) + rng.integers(-6, 7, 3)
    red, green, blue = (int(value) for value in np.clip(near, 0, 255))
    return red, green, blue


def some_meter(
    rng: Generator, fault: PhotoFault = PhotoFault.NONE, *, with_gps: bool = False
) -> MeterPhoto:
    """Any meter of a city, with any reading; of five digits or, one in twelve, of four."""
    digits = 4 if rng.random() < 1 / 12 else 5
    maker, year, serial = rng.integers(1, 8), rng.integers(18, 26), rng.integers(10**9)
    return MeterPhoto(
        reading=int(rng.integers(10**digits)),
        meter_code=f"{maker:02d}{year}{serial:09d}{rng.integers(10)}",
        digits=digits,
        litres=int(rng.integers(1000)),
        fault=fault,
        severity=float(rng.random()),
        with_gps=with_gps,
    )
