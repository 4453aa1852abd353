"""Where the accounts are: community and street names, and each account's address and position."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sandbox.city import words
from sandbox.city.days import Floats, Ints, Texts, texts
from sandbox.city.plan import CityPlan

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_CENTRE_LON, _CENTRE_LAT = 118.42, 29.87


@dataclass(frozen=True, slots=True)
class Places:
    community: Ints
    building: Ints
    unit: Ints
    floor: Ints
    room: Ints
    address: Texts
    lon: Floats
    lat: Floats


@dataclass(frozen=True, slots=True)
class Neighbourhoods:
    """The communities' names and streets, in the order of `CityPlan.communities`."""

    name: tuple[str, ...]
    street: tuple[str, ...]
    floors: Ints
    lon: Floats
    lat: Floats


def draw_neighbourhoods(plan: CityPlan) -> Neighbourhoods:
    rng = np.random.default_rng([plan.seed, 1])
    n = len(plan.communities.start)
    draws = rng.integers(0, 1 << 30, (5, n)).tolist()
    names, streets = [], []
    for at, station in enumerate(plan.communities.station.tolist()):
        phase = f"{at // 128 + 1}期" if n > 128 else ""
        name = _pick(words.COMMUNITY_WORDS, draws[0][at], words.COMMUNITY_KINDS, draws[1][at])
        names.append(name + phase)
        street = _pick(words.STREET_WORDS, draws[2][at], words.STREET_KINDS, draws[3][at])
        district = words.CITY_NAME + words.DISTRICTS[station]
        streets.append(f"{district}{street}{draws[4][at] % 900 + 1}号")
    angle = plan.communities.station / len(words.DISTRICTS) * 2 * np.pi
    spread = rng.normal(0, 0.03, (2, n))
    return Neighbourhoods(
        tuple(names),
        tuple(streets),
        np.where(rng.random(n) < 0.35, rng.integers(11, 34, n), rng.integers(4, 8, n)),
        _CENTRE_LON + 0.15 * np.cos(angle) + spread[0],
        _CENTRE_LAT + 0.12 * np.sin(angle) + spread[1],
    )


def _pick(heads: Sequence[str], head: int, tails: Sequence[str], tail: int) -> str:
    return heads[head % len(heads)] + tails[tail % len(tails)]


def draw_places(
    rng: np.random.Generator, plan: CityPlan, hoods: Neighbourhoods, index: Ints
) -> Places:
    """Accounts of a community fill its buildings door by door: 2 units, 2 doors a floor."""
    community = np.searchsorted(plan.communities.start, index, side="right") - 1
    door = index - plan.communities.start[community]
    per_building = hoods.floors[community] * 4
    within = door % per_building
    building, unit = door // per_building + 1, within % 4 // 2 + 1
    floor, room = within // 4 + 1, within % 2 + 1
    wide = rng.random(len(index)) < 0.03
    columns = (community, building, unit, floor, room, wide)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    jitter = rng.normal(0, 0.0015, (2, len(index)))
    return Places(
        community=community,
        building=building,
        unit=unit,
        floor=floor,
        room=floor * 100 + room,
        address=texts([_address(hoods, *row) for row in rows]),
        lon=np.round(hoods.lon[community] + jitter[0], 6),
        lat=np.round(hoods.lat[community] + jitter[1], 6),
    )


def _address(
    hoods: Neighbourhoods,
    community: int,
    building: int,
    unit: int,
    floor: int,
    room: int,
    wide: bool,
) -> str:
    door = f"{building}幢{unit}单元{floor}{room:02d}室"
    if wide:
        door = door.translate(FULL_WIDTH)
    return f"{hoods.street[community]}{hoods.name[community]}{door}"
