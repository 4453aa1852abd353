"""The small tables, written once: stations, districts, communities, routes, calendar, tariffs."""

import numpy as np

from sandbox.city import words
from sandbox.city.days import Ints, as_date, day_number, texts
from sandbox.city.places import Neighbourhoods
from sandbox.city.plan import (
    CYCLES,
    DMAS_PER_STATION,
    PAYMENT_TERM_DAYS,
    STATIONS,
    CityPlan,
    Parts,
)
from sandbox.city.presets import PUBLISHED
from sandbox.city.sink import Sink, coded
from sandbox.city.tariffs import Tariff
from sandbox.city.visits import slot_columns

FIRST_REGION = 10


def write_ground(
    sink: Sink, plan: CityPlan, hoods: Neighbourhoods, tariffs: tuple[Tariff, ...]
) -> None:
    _write_stations(sink)
    _write_communities(sink, plan.communities, hoods)
    _write_routes(sink, plan)
    _write_calendar(sink, plan)
    _write_tariffs(sink, tariffs + PUBLISHED)
    _write_billing_day(sink, plan.window.as_of)
    sink.write("visit_slot", slot_columns(plan))
    sink.write("event_number", {"id": np.array([1]), "last": 0})


def _write_billing_day(sink: Sink, as_of: int) -> None:
    year_from = day_number(as_date(as_of).replace(month=1, day=1))
    sink.write("billing_day", {"day": np.array([as_of]), "year_from": np.array([year_from])})


def _write_stations(sink: Sink) -> None:
    ids = np.arange(1, STATIONS + 1)
    sink.write(
        "station",
        {
            "station_id": ids,
            "region": texts([str(FIRST_REGION + at) for at in range(STATIONS)]),
            "name": texts([f"{district}供水站" for district in words.DISTRICTS]),
        },
    )
    dma_ids = np.arange(1, STATIONS * DMAS_PER_STATION + 1)
    sink.write(
        "dma",
        {
            "dma_id": dma_ids,
            "station_id": (dma_ids - 1) // DMAS_PER_STATION + 1,
            "name": texts([f"分区{number:03d}" for number in dma_ids.tolist()]),
        },
    )


def _write_communities(sink: Sink, communities: Parts, hoods: Neighbourhoods) -> None:
    sink.write(
        "community",
        {
            "community_id": np.arange(1, len(hoods.name) + 1),
            "station_id": communities.station + 1,
            "name": texts(list(hoods.name)),
            "street": texts(list(hoods.street)),
        },
    )


def _write_routes(sink: Sink, plan: CityPlan) -> None:
    ids = np.arange(1, len(plan.cycle) + 1)
    sink.write(
        "route",
        {
            "route_id": ids,
            "station_id": plan.routes.station + 1,
            "name": texts([f"表册{number:05d}" for number in ids.tolist()]),
            "cycle": coded(CYCLES, plan.cycle),
            "reading_day": plan.reading_day,
            "seq_count": plan.routes.size,
        },
    )


def _write_calendar(sink: Sink, plan: CityPlan) -> None:
    """Also the readings that are planned but not billed yet."""
    calendar = plan.calendar()
    billed = (calendar.bill_day <= plan.window.as_of).astype(np.int64)
    sink.write(
        "route_calendar",
        {
            "route_id": calendar.route + 1,
            "period": texts(list(calendar.periods))[calendar.month],
            "plan_date": calendar.plan_day,
            "bill_date": calendar.bill_day,
            "due_date": calendar.bill_day + PAYMENT_TERM_DAYS,
            "status": coded(("planned", "billed"), billed),
        },
    )


def _write_tariffs(sink: Sink, tariffs: tuple[Tariff, ...]) -> None:
    for tariff_id, tariff in enumerate(tariffs, start=1):
        one: Ints = np.array([tariff_id])
        extension = tariff.extension
        valid_to = None if tariff.valid_to is None else day_number(tariff.valid_to)
        sink.write(
            "tariff",
            {
                "tariff_id": one,
                "city": tariff.city,
                "use_class": tariff.use_class,
                "valid_from": np.array([day_number(tariff.valid_from)]),
                "valid_to": None if valid_to is None else np.array([valid_to]),
                "tier_period": tariff.tier_period,
                "base_people": extension.from_people - 1 if extension else 0,
                "extra_m3": extension.extra_m3 if extension else 0,
                "extra_rule": extension.rule if extension else "none",
                "source": tariff.source,
            },
        )
        _write_prices(sink, tariff_id, tariff)


def _write_prices(sink: Sink, tariff_id: int, tariff: Tariff) -> None:
    for tier_no, upto_m3 in enumerate((*tariff.tier_upto_m3, None), start=1):
        sink.write(
            "tariff_tier",
            {"tariff_id": np.array([tariff_id]), "tier_no": tier_no, "upto_m3": upto_m3},
        )
    sink.write(
        "tariff_price",
        {
            "tariff_id": np.full(len(tariff.prices), tariff_id),
            "line_no": np.arange(1, len(tariff.prices) + 1),
            "fee_item": texts([price.fee_item for price in tariff.prices]),
            "tier_no": np.array([price.tier_no for price in tariff.prices]),
            "price_e4": np.array([price.price_e4 for price in tariff.prices]),
            "factor_pct": np.array([price.factor_pct for price in tariff.prices]),
        },
    )
