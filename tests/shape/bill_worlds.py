"""Worlds of bills for the walks: one for each way an account can stand with its bills and tiers."""

import itertools
from collections.abc import Mapping
from dataclasses import replace

from backends.ports import Bill, Role
from tests.billed import BILLED, BY_THE_MONTH
from tests.fakes import FakeCsms, FakeRecords
from tests.shape.meter_worlds import bound
from tests.shape.walk import World
from tests.town import (
    ACCOUNTS,
    BILLS,
    NAMELESS,
    OWES_MANY,
    OWES_NOTHING,
    OWES_ONE,
    OWES_SEVERAL,
    town_csms,
)


class ReissuingCsms(FakeCsms):
    """Every bill is replaced by one of another number between two looks."""

    def __init__(self) -> None:
        super().__init__(ACCOUNTS, BILLS)
        self._looks = itertools.count(1)

    def bills(self, acct_no: str, since_period: str) -> tuple[Bill, ...]:
        look = next(self._looks)
        found = super().bills(acct_no, since_period)
        return tuple(replace(bill, bill_no=f"{bill.bill_no}-{look}") for bill in found)


def _town(*acct_nos: str, role: Role = Role.OWNER) -> World:
    return World(town_csms(), FakeRecords([bound(*acct_nos, role=role)]))


BILL_WORLDS: Mapping[str, World] = {
    "two years of bills": _town(BILLED),
    "tiers by the month": _town(BY_THE_MONTH),
    "a first bill": _town(OWES_ONE),
    "a business": _town(OWES_MANY),
    "no bills at all": _town(NAMELESS),
    "every kind of bills": _town(BILLED, OWES_ONE, OWES_NOTHING, OWES_SEVERAL, OWES_MANY, NAMELESS),
    "a reader": _town(BILLED, role=Role.READER),
    "bills that are issued anew": World(ReissuingCsms(), FakeRecords([bound(OWES_ONE)])),
}
