"""Situations that must exist: overwrites single profiles of a chunk, and remembers where."""

from dataclasses import dataclass

import numpy as np

from sandbox.city.days import Bools, Texts, texts
from sandbox.city.owners import Owners
from sandbox.city.places import Places
from sandbox.city.plan import CityPlan
from sandbox.city.profiles import Profiles
from sandbox.city.sink import Sink


@dataclass(frozen=True, slots=True)
class Planted:
    """The accounts of each case, counted within the chunk."""

    cases: dict[str, list[int]]


def plant(plan: CityPlan, profiles: Profiles, owners: Owners, places: Places) -> Planted:
    return Planted({})


def replaced_bills(profiles: Profiles, planted: Planted, due: Bools) -> Bools:
    return np.zeros_like(due)


def write_plants(sink: Sink, planted: Planted, acct_no: Texts) -> None:
    cases = [case for case, at in planted.cases.items() for _ in at]
    accounts = [account for at in planted.cases.values() for account in at]
    if cases:
        sink.write("city_plant", {"case": texts(cases), "acct_no": acct_no[accounts]})
