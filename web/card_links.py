"""What a card says, carried in the address of the page behind it, so that the page can say it once
more in large print. Sealed: no log of addresses tells it, and nobody can make a page of ours say
what they like. Made by workers (`sealing`), read by web/go.py (`reading`).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from backends.errors import BackendUnavailable
from backends.ports import Secrets

IN_QUERY = "card"
LIVES = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Said:
    """`rows`: what each value is called, and the value. `at`: when it was sent."""

    rows: Mapping[str, str]
    at: datetime


def sealing(secrets: Secrets, now: Callable[[], datetime]) -> Callable[[Mapping[str, str]], str]:
    """From a card's rows to the query of its page: '' without a key to seal with."""

    def query(rows: Mapping[str, str]) -> str:
        said = json.dumps({"at": now().isoformat(timespec="minutes"), "rows": dict(rows)})
        try:
            return f"?{urlencode({IN_QUERY: secrets.seal(said)})}"
        except BackendUnavailable:
            return ""

    return query


def reading(secrets: Secrets, now: Callable[[], datetime]) -> Callable[[str], Said | None]:
    """None for what we have not sealed, and for what is so old that it holds no more."""

    def said(sealed: str) -> Said | None:
        try:
            text = secrets.open(sealed)
            told = json.loads(text) if text else {}
            found = Said(dict(told["rows"]), datetime.fromisoformat(told["at"]))
        except (BackendUnavailable, LookupError, TypeError, ValueError):
            return None
        return found if found.at > now() - LIVES else None

    return said
