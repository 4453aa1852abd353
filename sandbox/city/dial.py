"""What a meter's dial showed on days between its readings."""

import numpy as np

from sandbox.city.days import Ints
from sandbox.city.draw import Chunk


def dial_m3(chunk: Chunk, account: Ints, day: Ints) -> Ints:
    """Whole m³, by the share of the days between two readings; `account` counts in the chunk. After
    the last reading the dial is taken to stand still, and of a dial that was never read to be 0."""
    readings, months = chunk.readings, chunk.readings.due.shape[1]
    due, read_day = readings.due[account], readings.read_day[account]
    before, after = due & (read_day <= day[:, None]), due & (read_day > day[:, None])
    last = months - 1 - np.argmax(before[:, ::-1], axis=1)
    known = np.where(before.any(axis=1), readings.value_l[account, last], 0)
    coming = (account, np.argmax(after, axis=1))
    prev_l, prev_day = readings.prev_l[coming], readings.prev_day[coming]
    run_l = readings.value_l[coming] - prev_l
    days = np.maximum(readings.read_day[coming] - prev_day, 1)
    between = prev_l + run_l * np.clip(day - prev_day, 0, days) // days
    straight = after.any(axis=1) & (run_l >= 0) & (readings.swap_l[coming] == 0)
    changed = chunk.meters.swapped[account] & (day >= chunk.meters.swap_day[account])
    # In the period of a swap: the new dial's start once it hangs there, before it the old reading.
    there = after.any(axis=1) & ~straight & changed
    return np.asarray(np.where(straight, between, np.where(there, prev_l, known)) // 1000)


def meter_on(chunk: Chunk, meter_ids: tuple[Ints, Ints], account: Ints, day: Ints) -> Ints:
    """The id of the meter that hung there on the day."""
    changed = chunk.meters.swapped[account] & (day >= chunk.meters.swap_day[account])
    return np.where(changed, meter_ids[1][account], meter_ids[0][account])
