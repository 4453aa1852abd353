"""Private values of a dialog under way: sealed together as one JSON object of texts, for
`Submission.sealed`, and beside it masked, for what the citizen reads.

The dialog keeps both: {"private": the token, "masked": {"name": "张*", …}}.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from backends.errors import BackendUnavailable
from dialogs.engine.definition import Turn
from dialogs.identity.id_numbers import masked_id_number
from dialogs.masking import masked_email, masked_mobile, masked_name

NOTHING: Mapping[str, Any] = {"private": "", "masked": {}}
MASKS: Mapping[str, Callable[[str], str]] = {
    "name": masked_name,
    "id_no": masked_id_number,
    "mobile": masked_mobile,
    "email": masked_email,
}


def added(turn: Turn, **values: str) -> dict[str, Any]:
    """What the dialog keeps with these values put in, or in place of earlier ones."""
    token = turn.data.get("private", "")
    known = opened(turn, token) if token else {}
    if known is None:
        raise BackendUnavailable("secrets", 0.0, "what was sealed cannot be opened any more")
    return _kept(turn, {**known, **values})


def taken_over(turn: Turn, sealed: str) -> dict[str, Any] | None:
    """What the dialog keeps of an earlier submission. None when it cannot be read any more."""
    known = opened(turn, sealed) if sealed else None
    return _kept(turn, known) if known else None


def opened(turn: Turn, sealed: str) -> dict[str, str] | None:
    text = turn.ask.secrets.open(sealed)
    if text is None:
        return None
    values: dict[str, str] = json.loads(text)
    return values


def _kept(turn: Turn, values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "private": turn.ask.secrets.seal(json.dumps(values, ensure_ascii=False)),
        "masked": {name: MASKS[name](value) for name, value in values.items()},
    }
