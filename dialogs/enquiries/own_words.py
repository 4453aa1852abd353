"""What a citizen tells in their own words, as it may be kept and handed on: identity, card and
telephone numbers and e-mail addresses are masked, since people write them unasked."""

import re

from backends.ports.masking import masked_email, masked_mobile
from dialogs.engine.definition import Bad, Ok, Turn

SHORTEST, LONGEST = 4, 200
_EMAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){13,18}[Xx]?(?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")
SHOWN_HEAD, SHOWN_TAIL = 3, 2


def read(turn: Turn, typed: str) -> Ok | Bad:
    """Of `typed` as it was looked up, the text as the citizen wrote it."""
    if len(re.sub(r"\W", "", typed)) < SHORTEST:
        return Bad("too_short")
    return Ok(masked(turn.inbound.original or typed)[:LONGEST])


def masked(text: str) -> str:
    text = _EMAIL.sub(lambda found: masked_email(found[0]), text)
    text = _MOBILE.sub(lambda found: masked_mobile(_digits(found[0])[-11:]), text)
    return _LONG_NUMBER.sub(lambda found: _hidden(_digits(found[0])), text)


def _digits(text: str) -> str:
    return re.sub(r"[^\dXx]", "", text)


def _hidden(number: str) -> str:
    hidden = "*" * (len(number) - SHOWN_HEAD - SHOWN_TAIL)
    return f"{number[:SHOWN_HEAD]}{hidden}{number[-SHOWN_TAIL:]}"
