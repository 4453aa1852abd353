"""What a citizen does during the outage: ten errands' worth of submissions of all kinds, each a
conversation, in an order drawn by lot in which nobody urges what was not reported yet."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from backends.ports import SubmissionKind
from tests.load.outage import scripts
from tests.load.outage.citizens import Account, Citizen
from tests.load.outage.phone import Action, GaveUp, Script
from tests.load.outage.world import Utility

KINDS = SubmissionKind
PRIVATE = ("家里没水", "水表坏了", "家里的管道龙头", "移表换表", "偷水违章")
SHARED = ("爆管喷水", "大片停水", "水黄有异味", "漏水", "水压小", "阀门、表箱、井盖")
SPOTS = 12
MOST_GIVEN_UP = 3


@dataclass
class Photos:
    """Drawn once for all: each citizen sends a picture of a meter once only, as the gate wants."""

    meters: Sequence[bytes]
    scenes: Sequence[bytes]


@dataclass
class Errands:
    utility: Utility
    photos: Photos
    citizen: Citizen
    rng: Random
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        count = len(self.photos.meters)
        self._meters = iter(self.rng.sample(self.photos.meters, count))

    def first_fault(self) -> None:
        self.citizen.first_fault = self._report(self.rng.choice(PRIVATE), self._somewhere())
        self.faults.clear()  # it will be done before the others are made

    def all_of_them(self, more: int) -> None:
        """Nine submissions or so, then further ones until there are `more`."""
        goal = self.citizen.made + more
        for errand in self._order():
            if self.citizen.made < goal:
                errand()
        while self.citizen.made < goal and len(self.citizen.phone.given_up) < MOST_GIVEN_UP:
            self._further(goal - self.citizen.made)

    def book(self, place: int) -> None:
        if account := self.citizen.visited:
            self._numbered(KINDS.VISIT, scripts.visit(account.acct_no, place))

    def _order(self) -> Iterator[Callable[[], None]]:
        loose = [self._rate, self._read_meter, self._visit]
        chain = [self._fault_at_home, self._urge, self._add_photos, self._fault_outside, self._urge]
        while loose or chain:
            from_loose = loose and (not chain or self.rng.random() < len(loose) / 6)
            yield (loose if from_loose else chain).pop(0)

    def _further(self, room: int) -> None:
        if room >= 2 and self.rng.random() < 0.5:
            self._add_photos()
        else:
            self._fault_outside()

    def _rate(self) -> None:
        self._confirmed(
            KINDS.RATING, scripts.rating(self.citizen.first_fault, self.rng.randint(1, 5))
        )

    def _read_meter(self) -> None:
        own = self.citizen.own
        value = own.last_value + self.rng.randint(1, 24)
        self._numbered(KINDS.READING, scripts.reading(own.acct_no, value, self._meter))

    def _visit(self) -> None:
        """Those who have booked before the outage move it."""
        if account := self.citizen.visited:
            booked = any(kind is KINDS.VISIT for kind, _ in self.citizen.told)
            kind = KINDS.VISIT_CHANGE if booked else KINDS.VISIT
            self._numbered(kind, scripts.visit(account.acct_no, self.rng.randint(1, 5)))

    def _fault_at_home(self) -> None:
        account: Account = self.rng.choice(self.citizen.accounts)
        place = scripts.option(account.acct_no)
        script = scripts.fault(self.rng.choice(PRIVATE), place, self._scene)
        self._numbered(KINDS.FAULT, script)

    def _fault_outside(self) -> None:
        if self.rng.random() < 0.4:  # where others are, who see the same
            spot = self.rng.randrange(SPOTS)
            place = scripts.position(25.0 + spot / 50, 102.7)
            self._report(SHARED[spot % len(SHARED)], place)
        else:
            self._report(self.rng.choice(PRIVATE), self._somewhere())

    def _report(self, word: str, place: Action | str) -> str:
        return self._numbered(KINDS.FAULT, scripts.fault(word, place))

    def _urge(self) -> None:
        if number := self._not_urged():
            self._confirmed(KINDS.URGE, scripts.urge(number))

    def _not_urged(self) -> str:
        urged = {about for kind, about in self.citizen.confirmed if kind is KINDS.URGE}
        return next((number for number in self.faults if number not in urged), "")

    def _add_photos(self) -> None:
        number, heard = self.rng.choice(self.faults), list[str]()
        script = scripts.add_photos(number, [self._scene, self._scene], heard)
        self._run(KINDS.FAULT_PHOTO, script)
        self.citizen.confirmed += [(KINDS.FAULT_PHOTO, number)] * len(set(heard))

    def _numbered(self, kind: KINDS, script: Script) -> str:
        said = self._run(kind, script)
        found = scripts.NUMBER.search(said)
        number = found[1] if found else ""
        if number and (kind, number) not in self.citizen.told:
            self.citizen.told.append((kind, number))
        if kind is KINDS.FAULT and number:
            self.faults = [*(one for one in self.faults if one != number), number]
        return number

    def _confirmed(self, kind: KINDS, script: Script) -> None:
        if self._run(kind, script):
            self.citizen.confirmed.append((kind, script.begins[2:]))

    def _run(self, kind: KINDS, script: Script) -> str:
        phone = self.citizen.phone
        try:
            return phone.runs(script)
        except GaveUp:
            self.citizen.unheard.append(kind)
            phone.given_up.append(f"{script.begins}: {list(phone.lately)}")
            phone.does("取消")
            return ""

    def _meter(self) -> Action:
        picture = next(self._meters, None)
        if picture is None:
            raise GaveUp
        return self.citizen.phone.sends(picture)

    def _scene(self) -> Action:
        return self.citizen.phone.sends(self.rng.choice(self.photos.scenes))

    def _somewhere(self) -> Action | str:
        if self.rng.random() < 0.5:
            return scripts.position(self.rng.uniform(24, 26), self.rng.uniform(100, 104))
        return f"长虹路{self.rng.randint(1, 9999)}号{self.rng.randint(1, 30)}栋"
