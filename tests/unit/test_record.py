"""The record of a conversation: JSON and back without loss, small, and forgiving of damage."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.engine.record import (
    EMPTY,
    MAX_BYTES,
    MAX_DONE,
    SCHEMA,
    Frame,
    Human,
    Record,
    from_json,
    to_json,
    without_expired,
)

NAMES = st.text(max_size=12)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
FRAMES = st.builds(
    Frame,
    dialog=NAMES,
    revision=st.integers(0, 99),
    run_id=NAMES,
    state=NAMES,
    data=st.dictionaries(NAMES, VALUES, max_size=3),
    started=st.integers(0, 2**33),
    expires=st.integers(0, 2**33),
    visited=st.lists(NAMES, max_size=10).map(tuple),
    attempts=st.integers(0, 9),
    confirm_id=NAMES,
)
RECORDS = st.builds(
    Record,
    frame=st.none() | FRAMES,
    parked=st.none() | FRAMES,
    human=st.none() | st.builds(Human, until=st.integers(0, 2**33), serving=st.booleans()),
    done=st.lists(NAMES, max_size=MAX_DONE).map(tuple),
)


@given(RECORDS)
def test_a_record_survives_json(record: Record) -> None:
    try:
        text = to_json(record)
    except ValueError as error:
        assert "at most" in str(error)  # noqa: PT017 - only a record that outgrew its place
        return
    assert from_json(text) == record
    assert len(text.encode()) <= MAX_BYTES


def test_the_empty_record_is_empty() -> None:
    assert from_json("") == EMPTY
    assert EMPTY.empty
    assert from_json(to_json(EMPTY)).empty


@given(st.text())
def test_any_damaged_document_is_an_empty_record(text: str) -> None:
    assert from_json(text) == EMPTY


@given(VALUES)
def test_any_json_of_another_form_is_an_empty_record(value: Any) -> None:
    assert from_json(json.dumps(value)) == EMPTY


@pytest.mark.parametrize("field", ["f", "p", "h"])
@pytest.mark.parametrize("value", [1, "x", [1], {"a": 1}, [[]]])
def test_a_damaged_part_is_an_empty_record(field: str, value: object) -> None:
    assert from_json(json.dumps({"s": SCHEMA, field: value})) == EMPTY


def test_another_schema_is_an_empty_record() -> None:
    assert from_json(json.dumps({"s": SCHEMA + 1, "h": [1, 1]})) == EMPTY


def frame_with(data: dict[str, str]) -> Frame:
    return Frame("d", 1, "r", "s", data, started=0, expires=0)


@pytest.mark.parametrize("letter", ["a", "汉"])
def test_a_record_that_outgrows_its_place_is_refused(letter: str) -> None:
    fits = MAX_BYTES // len(letter.encode()) - 100
    assert to_json(Record(frame=frame_with({"x": letter * fits})))
    with pytest.raises(ValueError, match=f"at most {MAX_BYTES}"):
        to_json(Record(frame=frame_with({"x": letter * (fits + 200)})))


def test_of_two_dialogs_that_do_not_fit_the_one_under_way_is_kept() -> None:
    large = frame_with({"x": "汉" * 800})
    kept = from_json(to_json(Record(frame=large, parked=large, done=("c.1",))))
    assert kept == Record(frame=large, done=("c.1",))


def test_the_last_confirmations_are_remembered() -> None:
    record = EMPTY
    for number in range(MAX_DONE + 2):
        record = record.with_done(f"c.{number}")
    assert record.done == tuple(f"c.{number}" for number in range(2, MAX_DONE + 2))


@given(
    st.builds(Record, frame=FRAMES | st.none(), parked=FRAMES | st.none()), st.integers(0, 2**33)
)
def test_only_what_has_expired_is_emptied_and_stays_expired(record: Record, now_s: int) -> None:
    emptied = from_json(without_expired(to_json(record), now_s))
    for before, after in ((record.frame, emptied.frame), (record.parked, emptied.parked)):
        if before is None or before.expires > now_s:
            assert after == before
        else:
            assert after is not None
            assert (after.data, after.visited) == ({}, ())
            assert (after.dialog, after.expires) == (before.dialog, before.expires)
