"""Who applies: name, identity number, mobile; sealed as soon as read (`dialogs.private`)."""

from dialogs import parsers, private
from dialogs.engine.definition import Bad, Go, Ok, Turn
from dialogs.identity.id_numbers import id_number, person_name
from dialogs.identity.summary import given

ID_REASONS = ("id_fifteen", "id_format", "id_birthday", "id_check")


def read_name(turn: Turn, typed: str) -> Ok | Bad:
    """With its capitals."""
    return person_name(turn.inbound.original or typed)


def read_id_no(turn: Turn, typed: str) -> Ok | Bad:
    return id_number(typed, turn.today)


def read_mobile(_: Turn, typed: str) -> Ok | Bad:
    return parsers.mobile(typed)


def name(turn: Turn, typed: str) -> Go:
    return given(turn, private.added(turn, name=typed))


def mobile(turn: Turn, number: str) -> Go:
    return given(turn, private.added(turn, mobile=number))
