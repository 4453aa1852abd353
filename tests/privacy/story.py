"""Who takes part and which accounts are theirs. Each saying stands beside words of the answer: a
conversation that goes another way is an error.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from numpy.random import default_rng

from sandbox.meter_photos import MeterPhoto, draw
from tests.load.outage import scripts
from tests.load.outage.phone import Action
from tests.privacy.values import PAPERS, VALUES
from tests.privacy.world import World

HER, BUYER, STRANGER, COMPANY, LEAVER = "her", "the buyer", "the stranger", "the company", "leaver"
FITS = (
    "SELECT a.acct_no, a.mobile, m.meter_code, m.last_value FROM wx_account a"
    " JOIN wx_meter m ON m.acct_no = a.acct_no WHERE a.status = 'active'"
    " AND length(a.mobile) = 11 AND m.is_remote = 0 AND m.visit_due = 0 AND m.self_streak < 4"
    " AND m.last_value BETWEEN 50 AND 8000 AND m.last_read_on < :today"
    " AND m.next_reading_on BETWEEN :first AND :last"
    " AND NOT EXISTS (SELECT 1 FROM wx_bill b WHERE b.acct_no = a.acct_no"
    " AND b.status IN ('open', 'partly'))"
    " AND NOT EXISTS (SELECT 1 FROM wx_spot_check s WHERE s.acct_no = a.acct_no)"
    " AND a.acct_no {not_} IN (SELECT acct_no FROM wx_real_name) ORDER BY a.acct_no"
)
METERS = 5
Step = tuple["str | Action | Saying", str]
IN_PASSING = (
    f"打 {VALUES['a mobile in passing']}，身份证{VALUES['her ID number']}，"
    f"卡{VALUES['a bank card in passing']}，回信{VALUES['an e-mail in passing']}，"
    "公司91350100M000100Y43"
)


@dataclass(frozen=True)
class Saying:
    """What is said depends on what was asked: the number beside this account in a list."""

    acct_no: str


@dataclass(frozen=True)
class Account:
    acct_no: str
    mobile: str
    meter_code: str
    last_value: int


@dataclass
class Story:
    world: World
    home: Account
    sold: Account
    taken_over: Account
    meters: Iterator[bytes]
    numbers: dict[str, str] = field(default_factory=dict)

    @property
    def values(self) -> Mapping[str, str]:
        """With what the city has on file and citizens prove accounts by."""
        proofs = {"home": self.home, "sold": self.sold, "taken over": self.taken_over}
        return {**VALUES, **{f"mobile on file, {name}": one.mobile for name, one in proofs.items()}}

    def goes(self, whose: str, *steps: Step) -> str:
        phone, reply = self.world.phone(whose), ""
        for said, expected in steps:
            action = scripts.option(said.acct_no)(reply) if isinstance(said, Saying) else said
            before, reply = reply, phone.does(action)
            assert expected in reply, f"{whose} said {said!r} to {before!r}, answered {reply!r}"
        return reply

    def submits(self, name: str, whose: str, *steps: Step) -> None:
        found = scripts.NUMBER.search(self.goes(whose, *steps))
        assert found, f"{name} has no number"
        self.numbers[name] = found[1]

    def paper(self, whose: str, name: str) -> Action:
        return self.world.phone(whose).sends(PAPERS[name])

    def meter(self, whose: str) -> Action:
        return self.world.phone(whose).sends(next(self.meters))


def begin(world: World) -> Story:
    rng = default_rng(11)
    photos = iter([draw(MeterPhoto(1000 + n, with_gps=True), rng) for n in range(METERS)])
    named, nameless = _accounts(world, ""), _accounts(world, "NOT")
    return Story(world, nameless[0], named[0], named[1], photos)


def _accounts(world: World, not_: str) -> list[Account]:
    today = world.now().date()
    found = world.query(
        FITS.format(not_=not_),
        today=today.isoformat(),
        first=(today - timedelta(days=5)).isoformat(),
        last=(today + timedelta(days=14)).isoformat(),
    )
    return [Account(*row) for row in found]
