"""Whether every fen is accounted for: the differences of three books, what excuses them, and sums
that they have to explain. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.load.month.books import Books
from tests.load.month.differences import Difference, differences_of


@dataclass(frozen=True, slots=True)
class Sums:
    """In fen. `returned`: what CSMS did not take, as we were told."""

    wechat: int
    ours: int
    csms: int
    returned: int
    given_back: int


@dataclass(frozen=True, slots=True)
class Found:
    sums: Sums
    differences: tuple[Difference, ...]
    unfounded: tuple[str, ...]
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def problems(self) -> list[str]:
        """What nobody can excuse, and sums that the differences do not explain."""
        found = [
            f"{one.what} {one.key}: {one.said}" for one in self.differences if not one.is_excused
        ]
        found += [f"listed, but not so: {key}" for key in self.unfounded]
        return [*found, *self._sums()]

    def _sums(self) -> Iterator[str]:
        sums = self.sums
        yield from self._gap("WeChat and we", sums.wechat - sums.ours, "ours_fen")
        yield from self._gap("we and CSMS", sums.ours - sums.returned - sums.csms, "csms_fen")
        yield from self._gap("refunds", sums.returned - sums.given_back, "back_fen")

    def _gap(self, between: str, fen: int, name: str) -> Iterator[str]:
        explained = sum(getattr(one, name) for one in self.differences)
        if fen != explained:
            yield f"{between}: {fen} fen apart, of which {explained} are explained"


def audit(books: Books, planted: frozenset[str] = frozenset()) -> Found:
    """`planted`: order numbers of which reconciliation was made to believe something."""
    listed = {one.key for one in books.ours.listed}
    differences = tuple(_marked(one, listed) for one in differences_of(books))
    known = {one.key for one in differences} | {one.order_no for one in differences}
    unfounded = tuple(
        f"{one.mismatch} {one.key}"
        for one in books.ours.listed
        if not one.is_settled and not {one.key, one.order_no} & (known | planted)
    )
    counts = Counter(one.mismatch for one in books.ours.listed)
    return Found(_sums(books), differences, unfounded, counts)


def _marked(one: Difference, listed: set[str]) -> Difference:
    if one.key not in listed:
        return one
    gaps = (one.ours_fen, one.csms_fen, one.back_fen)
    return Difference(one.what, one.key, one.order_no, one.said, *gaps, is_listed=True)


def _sums(books: Books) -> Sums:
    paid = books.ours.paid.values()
    return Sums(
        wechat=sum(one.fen for one in books.wechat.trades.values()),
        ours=sum(one.fen for one in paid),
        csms=sum(one.fen for one in books.city.payments.values()),
        returned=sum(item.returned_fen for one in paid for item in one.items),
        given_back=sum(one.fen for one in books.wechat.given_back.values()),
    )
