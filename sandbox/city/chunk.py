"""One chunk of the city: some ten thousand accounts, from their profiles to their payments.

Each slice draws from a random stream of its own, so that a change in one leaves the others alone.
"""

from dataclasses import dataclass, field

import numpy as np

from sandbox.city import plants
from sandbox.city.bills import (
    Bills,
    bill_columns,
    flatten,
    late_fee_columns,
    reading_columns,
)
from sandbox.city.charging import Charges, charge
from sandbox.city.corrections import write_corrections
from sandbox.city.days import Bools, Ints, Texts
from sandbox.city.ground import FIRST_REGION
from sandbox.city.holders import (
    account_columns,
    current_meters,
    customer_columns,
    draw_realname,
    meter_change_columns,
    meter_columns,
    people_columns,
    realname_columns,
)
from sandbox.city.late_fee import CITY_RULE
from sandbox.city.meters import Meters, draw_meters
from sandbox.city.numbers import account_numbers
from sandbox.city.owners import Owners, draw_owners
from sandbox.city.paying import Settlements, settle
from sandbox.city.payments import (
    allocation_columns,
    ledger_columns,
    pay_bills,
    pay_partly,
    payment_columns,
    prepaid_only,
    top_up,
)
from sandbox.city.places import Neighbourhoods, Places, draw_places
from sandbox.city.plan import CityPlan
from sandbox.city.profiles import Profiles, draw_profiles
from sandbox.city.readings import Readings, read_meters
from sandbox.city.sink import Sink
from sandbox.city.tariffs import Tariff
from sandbox.city.usage import monthly_litres


@dataclass(slots=True)
class Numbering:
    """The next free id of every table; `take` hands out a run of them."""

    used: dict[str, int] = field(default_factory=dict)

    def take(self, table: str, count: int) -> int:
        first = self.used.get(table, 0) + 1
        self.used[table] = first + count - 1
        return first


@dataclass(frozen=True, slots=True)
class Chunk:
    plan: CityPlan
    tariffs: tuple[Tariff, ...]
    acct_no: Texts
    cust_id: Ints
    meter_ids: tuple[Ints, Ints]
    planted: plants.Planted
    profiles: Profiles
    owners: Owners
    places: Places
    usage: Ints
    meters: Meters
    readings: Readings
    charges: Charges
    settlements: Settlements
    replaces: Bools


def write_chunk(
    sink: Sink,
    plan: CityPlan,
    tariffs: tuple[Tariff, ...],
    hoods: Neighbourhoods,
    numbering: Numbering,
    number: int,
) -> None:
    def stream(topic: int) -> np.random.Generator:
        return np.random.default_rng([plan.seed, 2, number, topic])

    profiles = draw_profiles(stream(0), plan, plan.chunk_routes[number])
    owners = draw_owners(stream(1), profiles.use_class)
    places = draw_places(stream(2), plan, hoods, profiles.index)
    planted = plants.plant(plan, profiles, owners, places)
    usage = monthly_litres(stream(3), plan, profiles)
    meters = draw_meters(stream(4), plan, profiles, usage)
    readings = read_meters(stream(5), plan, profiles, meters, usage)
    charges = charge(plan, tariffs, profiles, readings, usage)
    replaces = plants.replaced_bills(profiles, planted, readings.due)
    opened = _opened_days(plan, profiles, replaces)
    settlements = settle(stream(6), plan, profiles, readings.due, charges.amount_fen, opened)
    n = len(profiles)
    first_meter = numbering.take("meter", n)
    swaps = numbering.take("meter", int(meters.swapped.sum()))
    chunk = Chunk(
        plan=plan,
        tariffs=tariffs,
        acct_no=account_numbers(
            FIRST_REGION + plan.routes.station[profiles.route], profiles.index + 1
        ),
        cust_id=numbering.take("customer", n) + np.arange(n),
        meter_ids=(
            first_meter + np.arange(n),
            np.where(meters.swapped, swaps + np.cumsum(meters.swapped) - 1, 0),
        ),
        planted=planted,
        profiles=profiles,
        owners=owners,
        places=places,
        usage=usage,
        meters=meters,
        readings=readings,
        charges=charges,
        settlements=settlements,
        replaces=replaces,
    )
    _write_holders(sink, chunk, numbering, stream(7))
    bills = _write_bills(sink, chunk, numbering)
    _write_payments(sink, chunk, bills, numbering, stream(8))
    write_corrections(sink, chunk, bills, numbering)
    plants.write_plants(sink, planted, chunk.acct_no)


def _opened_days(plan: CityPlan, profiles: Profiles, replaces: Bools) -> Ints:
    """The route's bill day; a bill that replaces a reversed one is opened with the next bill."""
    opened = plan.bill_day[profiles.route].copy()
    account, month = np.nonzero(replaces)
    opened[account, month] = opened[account, month + profiles.step[account]]
    return opened


def _write_holders(
    sink: Sink, chunk: Chunk, numbering: Numbering, rng: np.random.Generator
) -> None:
    plan, profiles, acct_no = chunk.plan, chunk.profiles, chunk.acct_no
    realname = draw_realname(rng, chunk.owners)
    sink.write("customer", customer_columns(chunk.owners, chunk.cust_id))
    first, swapped = meter_columns(plan, profiles, chunk.meters, acct_no, chunk.meter_ids)
    sink.write("meter", first)
    sink.write("meter", swapped)
    changes = numbering.take("meter_change", int(chunk.meters.swapped.sum()))
    sink.write(
        "meter_change",
        meter_change_columns(chunk.meters, chunk.readings, acct_no, chunk.meter_ids, changes),
    )
    sink.write(
        "account",
        account_columns(
            rng, plan, profiles, chunk.owners, chunk.places, chunk.charges, acct_no,
            current_meters(profiles, chunk.meters, chunk.meter_ids), realname, chunk.cust_id,
        ),
    )  # fmt: skip
    adjusts = numbering.take("people_adjust", int((profiles.people_from > 0).sum()))
    sink.write("people_adjust", people_columns(profiles, acct_no, adjusts))
    records = numbering.take("realname", int((realname > 0).sum()))
    sink.write(
        "realname",
        realname_columns(rng, plan, profiles, realname, acct_no, chunk.cust_id, records),
    )


def _write_bills(sink: Sink, chunk: Chunk, numbering: Numbering) -> Bills:
    count = int(chunk.readings.due.sum())
    bills = flatten(
        chunk.readings,
        chunk.charges,
        chunk.settlements,
        chunk.replaces,
        numbering.take("bill", count),
        numbering.take("reading", count),
    )
    sink.write(
        "reading",
        reading_columns(chunk.plan, bills, chunk.readings, chunk.acct_no, chunk.meter_ids),
    )
    sink.write("bill", bill_columns(chunk.plan, bills, chunk.readings, chunk.acct_no))
    sink.write("late_fee", late_fee_columns(chunk.plan, bills, CITY_RULE.grace_days))
    return bills


def _write_payments(
    sink: Sink, chunk: Chunk, bills: Bills, numbering: Numbering, rng: np.random.Generator
) -> None:
    first = numbering.used.get("payment", 0) + 1
    payments, allocations = pay_bills(rng, chunk.plan, chunk.profiles, bills, first)
    parts, part_allocations = pay_partly(rng, bills, first + len(payments))
    offsets = prepaid_only(payments)
    top_ups = top_up(rng, chunk.plan, chunk.profiles, offsets, first + len(payments) + len(parts))
    for made in (payments, parts, top_ups):
        numbering.take("payment", len(made))
        sink.write("payment", payment_columns(made, chunk.acct_no))
    for allocated in (allocations, part_allocations):
        sink.write("payment_alloc", allocation_columns(allocated))
    entries = numbering.take("prepay_ledger", len(top_ups) + len(offsets))
    sink.write("prepay_ledger", ledger_columns(top_ups, offsets, chunk.acct_no, entries))
