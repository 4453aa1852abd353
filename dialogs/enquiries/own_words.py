"""What a citizen tells in their own words: long enough to be answered."""

import re

from dialogs.engine.definition import Bad, Ok, Turn
from dialogs.masking import masked_words

SHORTEST, LONGEST = 4, 200


def read(turn: Turn, typed: str) -> Ok | Bad:
    """Of `typed` as it was looked up, the text as the citizen wrote it."""
    if len(re.sub(r"\W", "", typed)) < SHORTEST:
        return Bad("too_short")
    return Ok(masked_words(turn.inbound.original or typed)[:LONGEST])
