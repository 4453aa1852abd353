"""Which slots for an on-site visit 上门抄表 are offered: few, and of each kind if there are any."""

from collections.abc import Sequence
from enum import StrEnum

from backends.ports import VisitSlot

MOST_OFFERED = 6
SATURDAY = 5
EVENING_FROM = 17


class SlotKind(StrEnum):
    DAY = "day"
    EVENING = "evening"
    WEEKEND = "weekend"


def kind(slot: VisitSlot) -> SlotKind:
    if slot.on.weekday() >= SATURDAY:
        return SlotKind.WEEKEND
    hour = slot.band.partition(":")[0]
    late = hour.isdecimal() and int(hour) >= EVENING_FROM
    return SlotKind.EVENING if late else SlotKind.DAY


def offered(slots: Sequence[VisitSlot]) -> list[VisitSlot]:
    """`slots`: soonest first. The soonest of each kind, then the soonest of any."""
    first: dict[SlotKind, VisitSlot] = {}
    for slot in slots:
        first.setdefault(kind(slot), slot)
    others = [slot for slot in slots if slot not in first.values()]
    chosen = [*first.values(), *others][:MOST_OFFERED]
    return sorted(chosen, key=lambda slot: (slot.on, slot.band))
