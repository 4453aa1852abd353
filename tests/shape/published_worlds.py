"""Worlds of the website for the walks: what it has published, and how the last look at it went."""

from dataclasses import replace

from backends.ports import Checked, QualityBulletin
from tests.fakes import FakeBulletins, FakeRecords
from tests.published import CHECKED, NOTICES, UNDER_WAY, VALUES, town_bulletins, well
from tests.shape.meter_worlds import bound
from tests.shape.walk import World
from tests.town import OWES_ONE, OWES_SEVERAL, town_csms


class SoonWithdrawn(FakeBulletins):
    """Its values are gone once they have been seen."""

    def quality(self) -> QualityBulletin:
        found = super().quality()
        self.values = []
        return found


def failing() -> FakeBulletins:
    website = town_bulletins()
    website.checked = Checked(CHECKED, failing=True)
    return website


def world(bulletins: FakeBulletins, *acct_nos: str) -> World:
    records = FakeRecords([bound(*acct_nos)] if acct_nos else [])
    return World(town_csms(), records, bulletins=bulletins)


MANY = [replace(UNDER_WAY, outage_no=f"T{n:03d}") for n in range(60)]

PUBLISHED_WORLDS = {
    "a website never read": world(FakeBulletins()),
    "a website with nothing on it": world(FakeBulletins(checked_at=CHECKED)),
    "a website, and nothing bound": world(town_bulletins()),
    "a website that tells of an account": world(town_bulletins(), OWES_ONE, OWES_SEVERAL),
    "a website that fails": world(failing(), OWES_ONE),
    "a website with many notices": world(FakeBulletins(MANY, (), CHECKED), OWES_SEVERAL),
    "a website with one point of water": world(FakeBulletins(NOTICES, well("城东水厂"), CHECKED)),
    "a website whose report is withdrawn": world(SoonWithdrawn((), VALUES, CHECKED)),
}
