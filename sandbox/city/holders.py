"""Customers and accounts 户号 as rows."""

import numpy as np

from sandbox.city.days import (
    DAY_S,
    NO_DAY,
    Ints,
    as_date,
    day_number,
    month_start,
    texts,
    where_known,
)
from sandbox.city.draw import Chunk
from sandbox.city.meter_rows import current_meters
from sandbox.city.numbers import Numbers
from sandbox.city.owners import KINDS, Owners
from sandbox.city.places import Places
from sandbox.city.plan import DMAS_PER_STATION, STATIONS
from sandbox.city.presets import USE_CLASSES
from sandbox.city.profiles import RES, STATUSES, Profiles
from sandbox.city.sink import Columns, coded

PAPER_BILLS = 0.7
NEVER_READ = "0000-00"
_UPDATED_S = 2 * 3600


def customer_columns(owners: Owners, cust_id: Ints) -> Columns:
    return {
        "cust_id": cust_id,
        "kind": coded(KINDS, owners.kind),
        "name": owners.name,
        "mobile": owners.mobile,
        "mobile_stale": owners.stale.astype(np.int64),
        "email": owners.email,
        "elderly": owners.elderly.astype(np.int64),
        "lowincome": owners.lowincome.astype(np.int64),
    }


def account_columns(rng: np.random.Generator, chunk: Chunk, numbers: Numbers) -> Columns:
    plan, profiles, owners = chunk.plan, chunk.profiles, chunk.owners
    n = len(chunk)
    columns: Columns = {
        "acct_no": numbers.acct_no,
        "cust_id": numbers.cust_id,
        "owner_name": owners.name,
        "invoice_name": where_known(rng.random(n) < 0.93, owners.name),
        "dma_id": profiles.index * STATIONS * DMAS_PER_STATION // plan.accounts + 1,
        "community_id": chunk.places.community + 1,
        "route_id": profiles.route + 1,
        "paper_bill": (rng.random(n) < PAPER_BILLS).astype(np.int64),
        "meter_id": current_meters(profiles, chunk.meters, numbers),
    }
    standing = _standing_columns(profiles, plan.window.as_of, rng.integers(0, 400, n))
    return {**columns, **standing, **_place_columns(chunk.places), **_counter_columns(chunk)}


def _standing_columns(profiles: Profiles, as_of: int, changed_before: Ints) -> Columns:
    proof_until = day_number(as_date(as_of).replace(month=12, day=31))
    grown = profiles.people_from != NO_DAY
    people = np.where(grown, profiles.people_new, profiles.people)
    large = (people >= 5) & (profiles.use_class == RES)
    changed = np.maximum(as_of - changed_before, profiles.open_day)
    changed = np.maximum(changed, profiles.closed_day)
    return {
        "use_class": coded(USE_CLASSES, profiles.use_class),
        "people_count": people,
        "people_proof_until": np.where(large, proof_until, NO_DAY),
        "status": coded(STATUSES, profiles.status),
        "open_date": profiles.open_day,
        "closed_date": profiles.closed_day,
        "prepaid_fen": profiles.prepaid_fen,
        "vacant": profiles.vacant.astype(np.int64),
        "updated_at": changed * DAY_S + _UPDATED_S,
    }


def _counter_columns(chunk: Chunk) -> Columns:
    """How far the account is: in its tiers as of the city's day, and on its dial."""
    charges, readings, year = chunk.charges, chunk.readings, chunk.plan.window.months[-1][0]
    rows = np.arange(len(chunk))
    read = readings.due.any(axis=1)
    last = readings.due.shape[1] - 1 - np.argmax(readings.due[:, ::-1], axis=1)
    periods = texts(list(chunk.plan.window.periods))
    tiered = chunk.profiles.use_class == RES
    return {
        "tier_year": year,
        "tier_since": np.full(len(rows), month_start(year, 1)),
        "tier_opening_l": charges.opening_l,
        "tier_cum_l": charges.year_cum_l,
        "tier1_upto_l": where_known(tiered, charges.bound1_l[:, -1]),
        "tier2_upto_l": where_known(tiered, charges.bound2_l[:, -1]),
        "read_period": np.where(read, periods[last], NEVER_READ),
        "last_read_on": np.where(read, readings.read_day[rows, last], chunk.profiles.open_day),
        "last_read_l": np.where(read, readings.value_l[rows, last], 0),
        "self_streak": np.where(read, readings.streak[rows, last], 0),
    }


def _place_columns(places: Places) -> Columns:
    return {
        "address": places.address,
        "building": places.building.astype(str).astype(np.object_),
        "unit": places.unit,
        "floor": places.floor,
        "room": places.room,
        "lon": places.lon,
        "lat": places.lat,
    }


def people_columns(profiles: Profiles, numbers: Numbers, first_id: int) -> Columns:
    at = np.flatnonzero(profiles.people_from != NO_DAY)
    return {
        "adjust_id": first_id + np.arange(len(at)),
        "acct_no": numbers.acct_no[at],
        "valid_from": profiles.people_from[at],
        "old_count": profiles.people[at],
        "new_count": profiles.people_new[at],
    }
