"""Each decision names the outcomes and refusals that its step declares: all, and no others."""

from collections.abc import Callable
from typing import Any

import pytest

from dialogs import REGISTRY
from dialogs.engine.definition import Bad, Dialog, Go, Ok
from dialogs.engine.readers import SHARED_REASONS
from tests.shape.outcomes import NotALiteral, named

DIALOGS = pytest.mark.parametrize("dialog", REGISTRY.values(), ids=REGISTRY)


@DIALOGS
def test_the_opening_names_the_outcomes_it_declares_and_refuses_nothing(dialog: Dialog) -> None:
    assert named(dialog.opens.decide, "Go") == set(dialog.opens.leads_to)
    assert named(dialog.opens.decide, "Bad") == set()


@DIALOGS
def test_each_decision_names_the_outcomes_its_step_declares(dialog: Dialog) -> None:
    for state, step in dialog.steps.items():
        assert named(step.decide, "Go") == set(step.leads_to), f"{dialog.name}.{state}"


@DIALOGS
def test_each_decision_names_the_refusals_its_step_declares(dialog: Dialog) -> None:
    for state, step in dialog.steps.items():
        assert named(step.decide, "Bad") == set(step.refuses), f"{dialog.name}.{state}"


@DIALOGS
def test_each_reader_names_the_reasons_it_declares(dialog: Dialog) -> None:
    for state, step in dialog.steps.items():
        reasons = named(step.reads.read, "Bad") - set(SHARED_REASONS)
        assert reasons == set(step.reads.reasons), f"{dialog.name}.{state}"


# --- the reading itself ---------------------------------------------------------------------------


def inner(full: bool) -> Go:
    return Go("last" if full else "listed")


def outer(answer: str) -> Go | Bad:
    if not answer:
        return Bad("empty")
    return Go("given") if answer == "x" else inner(full=True)


def through_a_table(answer: str) -> object:
    return TABLE[answer](answer)


def computed(answer: str) -> Go:
    return Go(f"chose_{answer}")


TABLE: dict[str, Callable[[str], Any]] = {"a": outer}


def enclosing(function: Callable[[str], Any]) -> Callable[[str], Any]:
    def read(answer: str) -> Any:
        return function(answer) or Ok("")

    return read


def test_outcomes_are_found_through_functions_tables_and_closures() -> None:
    assert named(outer, "Go") == {"given", "last", "listed"}
    assert named(outer, "Bad") == {"empty"}
    assert named(through_a_table, "Go") == {"given", "last", "listed"}
    assert named(enclosing(outer), "Bad") == {"empty"}


def test_a_computed_outcome_is_refused() -> None:
    with pytest.raises(NotALiteral, match="computed"):
        named(computed, "Go")
