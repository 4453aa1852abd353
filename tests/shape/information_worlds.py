"""Worlds for the dialogs that tell and take what is about no account in particular."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from backends.ports import Article, Outlet, Role, WayToPay
from dialogs.billing.tariff import Tariffs
from tests.fakes import FakeCsms, FakeRecords
from tests.shape.meter_worlds import bound
from tests.shape.walk import World
from tests.town import ACCOUNTS, OWES_NOTHING, OWES_ONE, town_csms

INFORMATION_DIALOGS = (
    "complaint",
    "consult",
    "outlets",
    "ways_to_pay",
    "price_explained",
    "news",
    "official_site",
    "authenticity",
)


class NothingWritten:
    """Implements `ports.Content`: customer service has not got round to it."""

    def outlets(self) -> tuple[Outlet, ...]:
        return ()

    def ways_to_pay(self) -> tuple[WayToPay, ...]:
        return ()

    def articles(self, today: date) -> tuple[Article, ...]:
        del today
        return ()


INFORMATION_WORLDS: Mapping[str, World] = {
    "a stranger": World(town_csms(), FakeRecords()),
    "nothing written": World(town_csms(), FakeRecords(), content=NothingWritten()),
    "one account": World(town_csms(), FakeRecords([bound(OWES_ONE)])),
    "two accounts": World(town_csms(), FakeRecords([bound(OWES_ONE, OWES_NOTHING)])),
    "two accounts, one of them gone": World(
        FakeCsms(ACCOUNTS[:1]), FakeRecords([bound(OWES_ONE, OWES_NOTHING)])
    ),
    "a reader": World(town_csms(), FakeRecords([bound(OWES_ONE, role=Role.READER)])),
}
# What the utility has not set up, in which world.
SET_UP: dict[str, Any] = {}
INFORMATION_WALKS: tuple[tuple[dict[str, Any], World], ...] = (
    *((SET_UP, world) for world in INFORMATION_WORLDS.values()),
    ({"website_url": "", "takes_faults": False}, INFORMATION_WORLDS["a stranger"]),
    ({"tariffs": Tariffs(), "takes_photos": False}, INFORMATION_WORLDS["a stranger"]),
    ({"tariffs": Tariffs(), "takes_photos": False}, INFORMATION_WORLDS["two accounts"]),
    ({"tariffs": Tariffs()}, INFORMATION_WORLDS["one account"]),
)
