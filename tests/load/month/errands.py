"""What a citizen does with an order, drawn from the seed: most pay, the others are why there are
books to be compared."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from random import Random
from threading import Lock

from sandbox.office.cashier import pay_at_counter
from sandbox.office.errors import OfficeError
from tests.load.month.people import Payer
from tests.load.month.phone import Call, Phone
from tests.load.month.placing import Placed, Placing
from tests.load.month.world import Month


class Way(StrEnum):
    """TWO_ORDERS: another order for the same bills is pressed while the first is being paid.
    COUNTER: somebody pays at the counter before the button is pressed. FAMILY: another citizen
    presses for the same bills meanwhile. LAST_SECOND: paid seconds before the closing. OVERTAKEN:
    so, and the counter takes the money once the bills are free, before CSMS has heard of it."""

    PAYS = "pays"
    LEAVES = "leaves"
    CANCELS = "cancels"
    LOOKS = "looks"
    TWO_ORDERS = "two orders"
    COUNTER = "counter"
    FAMILY = "family"
    LAST_SECOND = "last second"
    OVERTAKEN = "overtaken"


SHARES = {
    Way.PAYS: 78,
    Way.LEAVES: 5,
    Way.CANCELS: 3,
    Way.LOOKS: 2,
    Way.TWO_ORDERS: 3,
    Way.COUNTER: 2,
    Way.FAMILY: 2,
    Way.LAST_SECOND: 3,
    Way.OVERTAKEN: 2,
}
LATE = frozenset({Way.LAST_SECOND, Way.OVERTAKEN})


@dataclass
class Errand:
    payer: Payer
    other: Payer
    way: Way
    placed: Placed | None = None
    call: Call | None = None


def draw(payers: Sequence[Payer], count: int, rng: Random) -> list[Errand]:
    """Nobody is at two errands at once."""
    some = rng.sample(payers, min(2 * count, len(payers) // 2 * 2))
    ways = rng.choices(list(SHARES), list(SHARES.values()), k=len(some) // 2)
    pairs = zip(some[::2], some[1::2], ways, strict=True)
    return [Errand(payer, other, way) for payer, other, way in pairs]


@dataclass
class Errands:
    """Runs them, and counts what came of them."""

    month: Month
    placing: Placing
    counts: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def count(self, what: str) -> None:
        with self.lock:
            self.counts[what] += 1

    def runs(self, errand: Errand) -> None:
        self.begins(errand)
        self.ends(errand)

    def begins(self, errand: Errand, expires_at: datetime | None = None) -> None:
        """Up to an open pay sheet."""
        self.count(f"way: {errand.way}")
        payer = errand.payer
        errand.placed = self._placed(payer, expires_at)
        if errand.placed is None:
            self.count("talk led to no order")
            return
        phone = Phone(self.month, payer.openid)
        if errand.way is Way.COUNTER:
            self.at_counter(payer)
        if phone.opens(errand.placed) and errand.way is not Way.LOOKS:
            errand.call = phone.presses(errand.placed)
        self._over(phone)

    def ends(self, errand: Errand) -> None:
        placed, call = errand.placed, errand.call
        if placed is None or call is None:
            return
        match errand.way:
            case Way.LEAVES | Way.LOOKS:
                return
            case Way.CANCELS:
                self.placing.drop(errand.payer, placed.order_no)
            case Way.TWO_ORDERS:
                self._twice(errand.payer, placed, call)
            case Way.FAMILY:
                self._begun_by(errand.other, placed)
                self.pays(errand.payer, placed, call)
            case _:
                self.pays(errand.payer, placed, call)

    def pays(self, payer: Payer, placed: Placed, call: Call) -> bool:
        phone = Phone(self.month, payer.openid)
        paid = phone.pays(call)
        self.count("charged" if paid else "not charged")
        if paid and int(placed.order_no[-1]) % 2:
            phone.asks(placed)
        self._over(phone)
        return paid

    def at_counter(self, payer: Payer) -> None:
        """Busy or locked, it sends people away."""
        try:
            for acct_no in payer.acct_nos:
                pay_at_counter(self.month.office, acct_no, self.month.now())
                self.count("at the counter")
        except OfficeError:
            self.count("refused at the counter")

    def _placed(self, payer: Payer, expires_at: datetime | None) -> Placed | None:
        if payer.talks and expires_at is None:
            self.count("orders by talk")
            return self.placing.by_talk(payer)
        self.count("orders by effect")
        return self.placing.by_effect(payer, self.placing.items(payer), expires_at)

    def _begun_by(self, payer: Payer, placed: Placed) -> Call | None:
        """Another order for the same, up to its pay sheet."""
        if not placed.bills:
            return None
        self.count("orders by effect")
        other = self.placing.by_effect(payer, placed.bills)
        phone = Phone(self.month, payer.openid)
        call = phone.presses(other) if phone.opens(other) else None
        self._over(phone)
        if call is not None:
            self.pays(payer, other, call)
        return call

    def _twice(self, payer: Payer, placed: Placed, call: Call) -> None:
        with ThreadPoolExecutor(1) as beside:
            second = beside.submit(self._begun_by, payer, placed)
            self.pays(payer, placed, call)
            with suppress(Exception):
                second.result()

    def _over(self, phone: Phone) -> None:
        for why in phone.refused:
            self.count(f"refused: {why}")
        phone.session.close()
