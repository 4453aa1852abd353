"""What CSMS has that is due: the lists that cron jobs walk along, a page at a time.

Each page is keyset paged over an index (docs/contracts/csms.md), so that what it costs grows with
what is due and not with the city. A page shorter than `limit` is the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from backends.ports.csms import Account, Bill, Meter, Visit
from backends.ports.holders import SpotCheck


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page began to be read: all that sorts up to `(on, key)` has been seen."""

    on: date
    key: str = ""


class DueLists(Protocol):
    def bills_due(self, since: Mark, last: date, limit: int) -> tuple[Bill, ...]:
        """Bills with something left to pay that fall due from `since` up to and on `last`, by due
        date, then bill number."""
        ...

    def bills_opened(self, since: Mark, limit: int) -> tuple[Bill, ...]:
        """Bills but reversed ones that were opened on or after that day, by day, then number."""
        ...

    def still_owed(self, acct_nos: Sequence[str]) -> tuple[Bill, ...]:
        """All bills of these accounts with something left to pay as of now, due or not."""
        ...

    def meters_to_read(self, since: Mark, last: date, limit: int) -> tuple[Meter, ...]:
        """Meters that do not read themselves whose reading day is from `since` up to and on
        `last`, by day, then meter code. Those that need a visit are among them."""
        ...

    def visits_due(self, after: str, limit: int) -> tuple[Visit, ...]:
        """Visits in state due, not booked yet, by visit number."""
        ...

    def visits_on(self, on: date, after: str, limit: int) -> tuple[Visit, ...]:
        """Visits booked for that day, by visit number."""
        ...

    def spot_checks_open(self, after: str, limit: int) -> tuple[SpotCheck, ...]:
        """Those that wait for a photo, by check number."""
        ...

    def accounts(self, acct_nos: Sequence[str]) -> tuple[Account, ...]:
        """As `Csms.accounts`: for their addresses."""
        ...
