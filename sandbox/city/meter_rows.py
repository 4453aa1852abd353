"""The meters of a chunk and their swaps as rows."""

import numpy as np

from sandbox.city.days import NO_DAY, Ints, Texts, where_known
from sandbox.city.meters import BORES, CONDITIONS, REASONS, SPOTS, TECHS, Meters
from sandbox.city.numbers import Numbers, meter_barcodes
from sandbox.city.profiles import CLOSED, Profiles
from sandbox.city.readings import Readings
from sandbox.city.sink import Columns, coded


def meter_columns(profiles: Profiles, meters: Meters, numbers: Numbers) -> tuple[Columns, Columns]:
    """The meters at the start of the history, and those that came by a swap."""
    swapped = np.flatnonzero(meters.swapped)
    everyone = np.arange(len(profiles))
    removed = np.where(meters.swapped, meters.swap_day, profiles.closed_day)
    five = np.full(len(profiles), 5)
    first = (meters.install_day, removed, meters.digits, np.zeros_like(five))
    later = (meters.swap_day, np.full(len(five), NO_DAY), five, meters.new_start_l)
    return (
        _meter_rows(meters, numbers, 0, everyone, first),
        _meter_rows(meters, numbers, 1, swapped, later),
    )


def _meter_rows(
    meters: Meters,
    numbers: Numbers,
    which: int,
    at: Ints,
    own: tuple[Ints, Ints, Ints, Ints],
) -> Columns:
    meter_id = numbers.meter_ids[which][at]
    installed, removed, digits, start_l = (column[at] for column in own)
    years = installed.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return {
        "meter_id": meter_id,
        "barcode": meter_barcodes(meters.maker[at], years, meter_id),
        "acct_no": numbers.acct_no[at],
        "maker": meters.maker[at],
        "bore": coded(BORES, meters.bore[at]),
        "tech": coded(TECHS, meters.tech[at]),
        "digits": digits,
        "resolution_l": meters.resolution_l[at],
        "install_date": installed,
        "removed_date": removed,
        "install_reading_l": start_l,
        "pos": coded(SPOTS, meters.spot[at]),
        "status": coded(CONDITIONS, meters.condition[at]),
    }


def meter_change_columns(
    meters: Meters, readings: Readings, numbers: Numbers, first_id: int
) -> Columns:
    at = np.flatnonzero(meters.swapped)
    return {
        "change_id": first_id + np.arange(len(at)),
        "acct_no": numbers.acct_no[at],
        "old_meter_id": numbers.meter_ids[0][at],
        "old_end_l": readings.old_end_l[at],
        "new_meter_id": numbers.meter_ids[1][at],
        "new_start_l": meters.new_start_l[at],
        "reason": coded(REASONS, meters.reason[at]),
        "changed_at": meters.swap_day[at],
    }


def current_meters(profiles: Profiles, meters: Meters, numbers: Numbers) -> Texts:
    """The meter now on the wall; none where the account is closed."""
    current = np.where(meters.swapped, numbers.meter_ids[1], numbers.meter_ids[0])
    return where_known(profiles.status != CLOSED, current)
