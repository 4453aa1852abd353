"""The run: bind and report while all is well; everything goes down and citizens submit; the desks
come back, staff answer, and everybody reads what became of it."""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random

from numpy.random import default_rng
from sqlalchemy import text

from sandbox.delivery import Courier
from sandbox.hotline import staff
from sandbox.meter_photos import MeterPhoto, draw
from sandbox.office import answer_everything, make_visit_due
from sandbox.platform import Platform
from tests.load.outage import scripts
from tests.load.outage.citizens import Citizen, gather
from tests.load.outage.errands import Errands, Photos
from tests.load.outage.saboteur import Saboteur
from tests.load.outage.world import Utility

LOOKS_EVERY_S = 0.5
STAFF_SAYS = {"on_way": "", "done": "已经修好", "closed": ""}
UNANSWERED = "SELECT count(*) FROM submission WHERE state IN ('queued', 'stuck')"
STUCK = "SELECT count(*) FROM submission WHERE state = 'stuck'"
UNTOLD = "SELECT count(*) FROM notification WHERE state IN ('planned', 'claimed')"
KEPT = "SELECT count(*) FROM notification WHERE state = 'kept' AND openid = :openid"
POSITIONS = "SELECT name, position FROM event_cursor"


@dataclass(frozen=True)
class Sizes:
    """`each`: submissions of a citizen during the outage. `lasts_s`: how long killing goes on
    after the desks are back, once for the deliveries and once for the notices. `thinks_s`: how long
    a citizen thinks before each message of the outage, on average."""

    citizens: int
    each: int
    at_once: int
    pictures: int
    kill_every_s: float
    lasts_s: float
    settles_s: float
    thinks_s: float = 0.0
    seed: int = 1


@dataclass
class Report:
    citizens: list[Citizen]
    took_s: dict[str, float] = field(default_factory=dict)
    made_during_outage: int = 0
    queued_at_return: int = 0
    web_kills: int = 0
    worker_kills: int = 0
    answered: dict[str, int] = field(default_factory=dict)
    tickets: int = 0
    problems: list[str] = field(default_factory=list)


def run(utility: Utility, sizes: Sizes, tell: Callable[[str], None] = lambda _: None) -> Report:
    rng = Random(sizes.seed)
    platform = Platform(utility.wechat, Courier(utility.wechat))
    report = Report(gather(utility, platform, sizes.citizens, rng))
    photos = drawn(sizes.pictures)
    play = Play(utility, sizes, report, Saboteur(utility, sizes.kill_every_s), tell)
    play.errands = [Errands(utility, photos, one, Random(rng.random())) for one in report.citizens]
    for phase in (play.bind, play.before, play.outage, play.back, play.answer, play.read):
        started_s = time.monotonic()
        tell(f"{phase.__name__} …")
        phase()
        report.took_s[phase.__name__] = time.monotonic() - started_s
    report.web_kills = play.saboteur.web_kills
    report.worker_kills = play.saboteur.worker_kills
    return report


@dataclass
class Play:
    utility: Utility
    sizes: Sizes
    report: Report
    saboteur: Saboteur
    tell: Callable[[str], None]
    errands: list[Errands] = field(default_factory=list)

    def bind(self) -> None:
        def join(errands: Errands) -> None:
            phone = errands.citizen.phone
            phone.platform.follow(phone.openid, "")
            for account in errands.citizen.accounts:
                phone.runs(scripts.bind(account.acct_no, account.owner))

        self._each(join)

    def before(self) -> None:
        """One fault each, repaired, so that it can be rated; half of the visits booked."""
        self._make_visits_due()
        self._each(Errands.first_fault)
        waiting = [one for one in self.errands if one.citizen.visited][::2]
        self._each(lambda one: one.book(1 + self.errands.index(one) % 5), waiting)
        self._until(self._all_handed_over)
        self._answer()
        self._until(self._all_taken_in)

    def outage(self) -> None:
        self.utility.desks_down()
        before = sum(one.made for one in self.report.citizens)
        for one in self.report.citizens:
            one.phone.thinks_s = self.sizes.thinks_s
        with self.saboteur.at_work():
            self._each(lambda one: one.all_of_them(self.sizes.each))
        self.report.made_during_outage = sum(one.made for one in self.report.citizens) - before
        self.report.queued_at_return = self._count(UNANSWERED)

    def back(self) -> None:
        with self.saboteur.at_work():
            self.utility.desks_back()
            self._pause(self.sizes.lasts_s / 2)
            self.utility.hotline_is("ok")
            self._pause(self.sizes.lasts_s / 2)
        self._until(self._all_handed_over)

    def answer(self) -> None:
        """The staff of both answer everything while workers are killed."""
        with self.saboteur.at_work():
            self._answer()
            self._pause(self.sizes.lasts_s)
        self._until(self._all_taken_in)
        self._until(lambda: self._count(UNTOLD) == 0)

    def read(self) -> None:
        """Each asks how things stand until nothing that was kept for them is left."""

        def ask(errands: Errands) -> None:
            phone = errands.citizen.phone
            phone.does("进度")
            while self._count(KEPT, openid=phone.openid):
                phone.does("进度")

        self._each(ask)

    def _answer(self) -> None:
        utility = self.utility
        ended = answer_everything(utility.office, utility.now(), Random(self.sizes.seed))
        for state, count in ended.items():
            self.report.answered[state] = self.report.answered.get(state, 0) + count
        for state, says in STAFF_SAYS.items():
            for ticket_no in self._open_tickets(state):
                staff.move(utility.hotline, ticket_no, state, says, utility.now())
        with utility.hotline.reading() as db:
            (self.report.tickets,) = db.execute("SELECT count(*) FROM ticket").fetchone()

    def _open_tickets(self, state: str) -> list[str]:
        before = {"on_way": "new", "done": "on_way", "closed": "done"}[state]
        with self.utility.hotline.reading() as db:
            rows = db.execute("SELECT ticket_no FROM ticket WHERE state = ?", (before,)).fetchall()
        return [row["ticket_no"] for row in rows]

    def _make_visits_due(self) -> None:
        for one in self.report.citizens:
            if one.visited:
                make_visit_due(self.utility.office, one.visited.acct_no, self.utility.now())

    def _all_handed_over(self) -> bool:
        return self._count(UNANSWERED) == self._count(STUCK)

    def _all_taken_in(self) -> bool:
        with self.utility.records.connect() as db:
            taken = {row.name: row.position for row in db.execute(text(POSITIONS))}
        with self.utility.office.connect() as db:
            csms = db.execute(text("SELECT max(event_id) FROM wx_event")).scalar()
        with self.utility.hotline.reading() as db:
            (hotline,) = db.execute("SELECT max(event_id) FROM event").fetchone()
        last = {"events:csms": csms, "events:hotline": hotline}
        return all(taken.get(name, 0) >= (event or 0) for name, event in last.items())

    def _count(self, statement: str, **named: str) -> int:
        with self.utility.records.connect() as db:
            return int(db.execute(text(statement), named).scalar_one())

    def _each(
        self, act: Callable[[Errands], None], errands: Iterable[Errands] | None = None
    ) -> None:
        with ThreadPoolExecutor(self.sizes.at_once) as pool:
            list(pool.map(act, self.errands if errands is None else errands))

    def _until(self, settled: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + self.sizes.settles_s
        while not settled():
            if time.monotonic() > deadline_s:
                self.report.problems.append(f"{settled.__name__}: not within the time")
                return
            self._pause(LOOKS_EVERY_S)

    def _pause(self, seconds: float) -> None:
        threading.Event().wait(seconds)


def drawn(pictures: int) -> Photos:
    """Scenes are the same pictures, as small as another app makes them."""
    rng = default_rng(7)
    meters = [draw(MeterPhoto(1000 + number), rng) for number in range(pictures)]
    return Photos(meters, meters)
