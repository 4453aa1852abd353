"""Few slots are offered, of each kind if there are any, soonest first."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.ports import VisitSlot
from dialogs.readings.visit_slots import MOST_OFFERED, SlotKind, kind, offered

MONDAY, SATURDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 28), date(2026, 11, 29)


def slot(on: date, band: str = "09:00-11:00", number: int = 0) -> VisitSlot:
    return VisitSlot(f"S{on:%d}{band[:2]}{number}", on, band)


@pytest.mark.parametrize(
    ("one", "which"),
    [
        (slot(MONDAY), SlotKind.DAY),
        (slot(MONDAY, "15:00-17:00"), SlotKind.DAY),
        (slot(MONDAY, "17:00-19:00"), SlotKind.EVENING),
        (slot(MONDAY, "全天"), SlotKind.DAY),
        (slot(SATURDAY, "18:00-20:00"), SlotKind.WEEKEND),
        (slot(SUNDAY), SlotKind.WEEKEND),
    ],
)
def test_a_slot_is_by_day_in_the_evening_or_at_the_weekend(one: VisitSlot, which: SlotKind) -> None:
    assert kind(one) is which


def test_an_evening_and_a_weekend_far_off_are_offered_before_more_mornings() -> None:
    mornings = [slot(date(2026, 11, 23 + n)) for n in range(5)] + [slot(date(2026, 11, 30))] * 4
    evening, weekend = slot(date(2026, 12, 3), "18:00-20:00"), slot(date(2026, 12, 5))
    assert offered([*mornings, evening, weekend]) == [*mornings[:4], evening, weekend]


SLOTS = st.lists(
    st.builds(
        slot,
        st.dates(MONDAY, date(2026, 12, 24)),
        st.sampled_from(["09:00-11:00", "14:00-16:00", "18:00-20:00"]),
        st.integers(0, 3),
    ),
    unique_by=lambda one: one.slot_no,
    max_size=12,
).map(lambda slots: sorted(slots, key=lambda one: (one.on, one.band)))


@given(slots=SLOTS)
def test_every_kind_there_is_is_offered_and_nothing_else(slots: list[VisitSlot]) -> None:
    chosen = offered(slots)
    assert len(chosen) == min(len(slots), MOST_OFFERED)
    assert {kind(one) for one in chosen} == {kind(one) for one in slots}
    assert set(chosen) <= set(slots)
    assert chosen == sorted(chosen, key=lambda one: (one.on, one.band))
