"""Writes one chunk of the city: gives its rows their numbers and hands them to the sink."""

from dataclasses import dataclass, field

import numpy as np

from sandbox.city import plants
from sandbox.city.bills import Bills, bill_columns, flatten, late_fee_columns, reading_columns
from sandbox.city.corrections import Books, write_corrections
from sandbox.city.days import NO_DAY
from sandbox.city.draw import Chunk, City, draw_chunk, stream
from sandbox.city.ground import FIRST_REGION
from sandbox.city.holders import (
    account_columns,
    customer_columns,
    people_columns,
)
from sandbox.city.late_fee import CITY_RULE
from sandbox.city.meter_rows import meter_change_columns, meter_columns
from sandbox.city.numbers import Numbers, account_numbers
from sandbox.city.payments import (
    allocation_columns,
    ledger_columns,
    pay_bills,
    pay_partly,
    payment_columns,
    prepaid_only,
    top_up,
)
from sandbox.city.sink import Sink
from sandbox.city.spot_checks import draw_checks, spot_check_columns
from sandbox.city.succession import write_succession
from sandbox.city.visits import visit_columns


@dataclass(slots=True)
class Numbering:
    """The last id used of every table; `take` hands out the next run and says where it begins."""

    used: dict[str, int] = field(default_factory=dict)

    def take(self, table: str, count: int) -> int:
        first = self.used.get(table, 0) + 1
        self.used[table] = first + count - 1
        return first


def write_chunk(sink: Sink, city: City, ids: Numbering, number: int) -> None:
    chunk = draw_chunk(city, number)
    numbers = _number(chunk, ids)
    _write_holders(sink, chunk, numbers, ids, stream(city.plan, number, 7))
    write_succession(sink, chunk, numbers, ids, stream(city.plan, number, 9))
    bills = _write_bills(sink, chunk, numbers, ids)
    _write_payments(sink, chunk, bills, numbers, ids, stream(city.plan, number, 8))
    _write_checks(sink, chunk, numbers, ids, stream(city.plan, number, 10))
    plants.write_plants(sink, chunk.planted, numbers.acct_no)


def _number(chunk: Chunk, ids: Numbering) -> Numbers:
    order = np.arange(len(chunk))
    swapped = chunk.meters.swapped
    regions = FIRST_REGION + chunk.plan.routes.station[chunk.profiles.route]
    first_meter = ids.take("meter", len(chunk))
    first_swapped = ids.take("meter", int(swapped.sum()))
    return Numbers(
        acct_no=account_numbers(regions, chunk.profiles.index + 1),
        cust_id=ids.take("customer", len(chunk)) + order,
        meter_ids=(
            first_meter + order,
            np.where(swapped, first_swapped + np.cumsum(swapped) - 1, 0),
        ),
    )


def _write_holders(
    sink: Sink, chunk: Chunk, numbers: Numbers, ids: Numbering, rng: np.random.Generator
) -> None:
    sink.write("customer", customer_columns(chunk.owners, numbers.cust_id))
    for meters in meter_columns(chunk.profiles, chunk.meters, numbers):
        sink.write("meter", meters)
    changes = ids.take("meter_change", int(chunk.meters.swapped.sum()))
    sink.write("meter_change", meter_change_columns(chunk.meters, chunk.readings, numbers, changes))
    sink.write("account", account_columns(rng, chunk, numbers))
    grown = int((chunk.profiles.people_from != NO_DAY).sum())
    adjusts = ids.take("people_adjust", grown)
    sink.write("people_adjust", people_columns(chunk.profiles, numbers, adjusts))


def _write_checks(
    sink: Sink, chunk: Chunk, numbers: Numbers, ids: Numbering, rng: np.random.Generator
) -> None:
    checks = draw_checks(rng, chunk)
    first = ids.take("spot_check", len(checks.account))
    sink.write("spot_check", spot_check_columns(rng, chunk, checks, numbers, first))


def _write_bills(sink: Sink, chunk: Chunk, numbers: Numbers, ids: Numbering) -> Bills:
    count = int(chunk.readings.due.sum())
    bills = flatten(chunk, ids.take("bill", count), ids.take("reading", count))
    wrong_ids = {account: ids.take("bill", 2) for account in plants.corrected(chunk.planted)}
    sink.write("reading", reading_columns(chunk, bills, numbers))
    sink.write("bill", bill_columns(chunk, bills, numbers, wrong_ids))
    sink.write("late_fee", late_fee_columns(chunk.plan, bills, CITY_RULE.grace_days))
    write_corrections(sink, Books(chunk, numbers, wrong_ids), bills, ids)
    sink.write("visit", visit_columns(chunk, numbers, ids))
    return bills


def _write_payments(
    sink: Sink,
    chunk: Chunk,
    bills: Bills,
    numbers: Numbers,
    ids: Numbering,
    rng: np.random.Generator,
) -> None:
    first = ids.used.get("payment", 0) + 1
    payments, allocations = pay_bills(rng, chunk.plan, chunk.profiles, bills, first)
    parts, part_allocations = pay_partly(rng, bills, first + len(payments))
    offsets = prepaid_only(payments)
    next_pay_id = first + len(payments) + len(parts)
    top_ups = top_up(rng, chunk.plan, chunk.profiles, offsets, next_pay_id)
    for made in (payments, parts, top_ups):
        ids.take("payment", len(made))
        sink.write("payment", payment_columns(made, numbers.acct_no))
    for allocated in (allocations, part_allocations):
        sink.write("payment_alloc", allocation_columns(allocated))
    entries = ids.take("prepay_ledger", len(top_ups) + len(offsets))
    sink.write("prepay_ledger", ledger_columns(top_ups, offsets, numbers.acct_no, entries))
