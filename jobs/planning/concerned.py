"""From a list of what is due to the citizens it concerns, a portion at a time: all planners'."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from backends.ports import Binding, Ledger, Notice, Role, Topic
from jobs.planning.plan import Page

READ_AT_ONCE = 2000
"""Rows of one look at CSMS: a list that it has to sort is sorted once for so many."""
ASKED_AT_ONCE = 500
"""Accounts whose citizens are asked for together, and planned in one transaction."""


class OfAccount(Protocol):
    @property
    def acct_no(self) -> str: ...


K = TypeVar("K")
Row = TypeVar("Row", bound=OfAccount)


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom it is for: who is bound in these roles and, with a topic, wants it."""

    roles: tuple[Role, ...]
    topic: Topic | None = None


def walked(
    page: Callable[[K, int], Sequence[Row]], mark: Callable[[Row], K], first: K
) -> Iterator[Sequence[Row]]:
    """The whole list in portions. `page` reads behind a key, `mark` is the key of a row."""
    behind = first
    while True:
        rows = page(behind, READ_AT_ONCE)
        for start in range(0, len(rows), ASKED_AT_ONCE):
            yield rows[start : start + ASKED_AT_ONCE]
        if len(rows) < READ_AT_ONCE:
            return
        behind = mark(rows[-1])


def told(
    ledger: Ledger,
    audience: Audience,
    portions: Iterable[Sequence[Row]],
    notice: Callable[[Row, Binding], Notice],
    *,
    wanted: Callable[[Row], bool] = lambda row: True,
) -> Iterator[Page]:
    """A page for each portion; rows that are not `wanted` are looked at and told to nobody."""
    for rows in portions:
        some = [row for row in rows if wanted(row)]
        acct_nos = list(dict.fromkeys(row.acct_no for row in some))
        bound = ledger.concerned(acct_nos, roles=audience.roles, topic=audience.topic)
        of_account: dict[str, list[Binding]] = {}
        for binding in bound:
            of_account.setdefault(binding.acct_no, []).append(binding)
        notices = (notice(row, to) for row in some for to in of_account.get(row.acct_no, ()))
        yield Page(len(rows), tuple(notices))
