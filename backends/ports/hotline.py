"""The hotline 热线 as conversations ask it (docs/contracts/hotline.yaml). Reports themselves go
through `requests`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault is: a point (WGS-84 or GCJ-02 as the phone gave it), words, or both."""

    text: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """A published outage 停水公告 under way or soon. `kind`: planned or emergency."""

    outage_no: str
    kind: str
    area: str
    reason: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A ticket 工单 that somebody else has opened nearby."""

    ticket_no: str
    fault: str
    place: str
    opened_at: datetime
    distance_m: int | None


@dataclass(frozen=True, slots=True)
class Nearby:
    outages: tuple[Outage, ...] = ()
    tickets: tuple[OpenTicket, ...] = ()


class Hotline(Protocol):
    def nearby(self, fault: str, place: Place) -> Nearby:
        """What is known already at the place: published outages, open tickets of the same kind."""
        ...

    def ping(self) -> None: ...
