"""Whose phone a browser window is: a cookie says it, and keeps the cookies of each phone apart, as
if every citizen had a browser of their own."""

import hashlib
from collections.abc import Iterable

HOLDER = "sandbox_phone"
_APART = "phone-"
USER_AGENT = " MicroMessenger/8.0.50(0x18003237) NetType/WIFI Language/zh_CN"


def to_server(cookies: str, holder: str) -> str:
    """The Cookie header for the server: what it gave to this phone. `holder` '' is no phone but a
    browser of another kind, which has the cookies that nobody keeps apart."""
    own = _own(holder)
    pairs = [pair.strip() for pair in cookies.split(";")]
    foreign = (f"{HOLDER}=", _APART)
    if not holder:
        return "; ".join(pair for pair in pairs if pair and not pair.startswith(foreign))
    return "; ".join(pair.removeprefix(own) for pair in pairs if pair.startswith(own))


def to_phone(headers: Iterable[tuple[str, str]], holder: str) -> list[tuple[str, str]]:
    """An answer's headers, the cookies marked as this phone's."""
    if not holder:
        return list(headers)
    own = _own(holder)
    return [
        (name, own + value if name.lower() == "set-cookie" else value) for name, value in headers
    ]


def _own(holder: str) -> str:
    return f"{_APART}{hashlib.sha256(holder.encode()).hexdigest()[:8]}-"
