"""Draws one chunk of the city: some ten thousand accounts, from their habits to their bills.

Each slice has a random stream of its own, so that a change in one leaves the others alone.
"""

from dataclasses import dataclass

import numpy as np

from sandbox.city import plants
from sandbox.city.charging import Charges, charge
from sandbox.city.days import Bools, Ints
from sandbox.city.meters import Meters, draw_meters
from sandbox.city.owners import Owners, draw_owners
from sandbox.city.paying import Settlements, settle
from sandbox.city.places import Neighbourhoods, Places, draw_places
from sandbox.city.plan import CityPlan
from sandbox.city.profiles import Profiles, draw_profiles
from sandbox.city.readings import Readings, read_meters
from sandbox.city.tariffs import Tariff
from sandbox.city.usage import monthly_litres


@dataclass(frozen=True, slots=True)
class City:
    plan: CityPlan
    tariffs: tuple[Tariff, ...]
    hoods: Neighbourhoods


@dataclass(frozen=True, slots=True)
class Chunk:
    plan: CityPlan
    tariffs: tuple[Tariff, ...]
    profiles: Profiles
    owners: Owners
    places: Places
    planted: plants.Planted
    meters: Meters
    readings: Readings
    charges: Charges
    replaces: Bools
    settlements: Settlements

    def __len__(self) -> int:
        return len(self.profiles)


def stream(plan: CityPlan, number: int, topic: int) -> np.random.Generator:
    return np.random.default_rng([plan.seed, 2, number, topic])


def draw_chunk(city: City, number: int) -> Chunk:
    plan = city.plan
    profiles = draw_profiles(stream(plan, number, 0), plan, plan.chunk_routes[number])
    owners = draw_owners(stream(plan, number, 1), profiles.use_class)
    places = draw_places(stream(plan, number, 2), plan, city.hoods, profiles.index)
    planted = plants.plant(plan, profiles, owners, places)
    usage = monthly_litres(stream(plan, number, 3), plan, profiles)
    meters = draw_meters(stream(plan, number, 4), plan, profiles, usage)
    readings = read_meters(stream(plan, number, 5), plan, profiles, meters, usage)
    charges = charge(plan, city.tariffs, profiles, readings, usage)
    replaces = plants.replaced_bills(planted, readings.due)
    opened = _opened_days(plan, profiles, replaces)
    rng = stream(plan, number, 6)
    settlements = settle(rng, plan, profiles, readings.due, charges.amount_fen, opened)
    who = (profiles, owners, places, planted)
    return Chunk(plan, city.tariffs, *who, meters, readings, charges, replaces, settlements)


def _opened_days(plan: CityPlan, profiles: Profiles, replaces: Bools) -> Ints:
    """The route's bill day; a bill that replaces a reversed one is opened with the next bill."""
    opened = plan.bill_day[profiles.route].copy()
    account, month = np.nonzero(replaces)
    opened[account, month] = opened[account, month + profiles.step[account]]
    return opened
