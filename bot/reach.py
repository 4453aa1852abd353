"""The backends as decisions see them: out of reach in a request thread, at hand in the pool."""

from dataclasses import dataclass
from typing import NoReturn

from backends.ports import Csms, Hotline, Photos, Records


class NeedsBackend(Exception):
    """A decision asked a backend: the turn belongs in the pool, not in the request's thread."""


class OutOfReach:
    """The backends as the request's thread sees them."""

    @property
    def csms(self) -> NoReturn:
        raise NeedsBackend

    @property
    def records(self) -> NoReturn:
        raise NeedsBackend

    @property
    def photos(self) -> NoReturn:
        raise NeedsBackend

    @property
    def hotline(self) -> NoReturn:
        raise NeedsBackend


@dataclass(frozen=True, slots=True)
class WithinReach:
    csms: Csms
    records: Records
    photos: Photos
    hotline: Hotline
