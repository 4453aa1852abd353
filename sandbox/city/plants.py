"""Plants the cases in a chunk: overwrites single profiles, and remembers which account is what."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sandbox.city import words
from sandbox.city.cases import KEEP_NAME, MONTHLY_ROUTE, Case, cases
from sandbox.city.days import NO_DAY, Bools, Texts, texts
from sandbox.city.owners import COMPANY, PERSON, Owners
from sandbox.city.places import FULL_WIDTH, Places
from sandbox.city.plan import CityPlan
from sandbox.city.profiles import ACTIVE, NORMAL, RES, UNSET, VERIFIED, Profiles
from sandbox.city.sink import Sink

CORRECTED = ("estimate_corrected", "bill_reversed")
_CORRECTED_MONTH = 8
_FIRST_ROOM = 6

# A household without surprises: whatever a case does not set stands like this.
_PLAIN = {
    "use_class": RES,
    "people": 3,
    "people_new": 3,
    "people_from": NO_DAY,
    "status": ACTIVE,
    "closed_day": NO_DAY,
    "idle_from": NO_DAY,
    "vacant": 0,
    "payer": NORMAL,
    "debit": 0,
    "prepayer": 0,
    "prepaid_fen": 0,
    "part_paid": 0,
    "owed_last": 0,
    "swap_month": UNSET,
    "digits": 5,
    "dial_l": 412_000,
    "real_name": VERIFIED,
    "handed_on": 0,
    "checked": 0,
}


@dataclass(frozen=True, slots=True)
class Planted:
    """The accounts of each case, counted within the chunk, and the month of the window whose bill
    the `CORRECTED` cases replace."""

    cases: dict[str, list[int]]
    corrected_month: int


def plant(plan: CityPlan, profiles: Profiles, owners: Owners, places: Places) -> Planted:
    planted: dict[str, list[int]] = {}
    for case, account in _seats(plan, profiles):
        _fix_profile(plan, profiles, account, case)
        _fix_owner(owners, account, case)
        if case.full_width:
            places.address[account] = str(places.address[account]).translate(FULL_WIDTH)
        planted.setdefault(case.name, []).append(account)
    at = [at for at, (_, month) in enumerate(plan.window.months[:-2]) if month == _CORRECTED_MONTH]
    return Planted(planted, at[-1])


def _seats(plan: CityPlan, profiles: Profiles) -> Iterator[tuple[Case, int]]:
    """Neighbouring accounts of the chunk's first four routes, one for each account of a case."""
    first = int(profiles.route[0])
    seats = [np.flatnonzero(profiles.route == first + at).tolist()[_FIRST_ROOM:] for at in range(4)]
    for case in cases(plan.window):
        route = seats[case.route]
        if case.route != MONTHLY_ROUTE and not route:
            continue
        for _ in range(case.accounts):
            yield case, route.pop(0)


def _fix_profile(plan: CityPlan, profiles: Profiles, account: int, case: Case) -> None:
    opened = int(np.datetime64("1998-03-01", "D").astype(np.int64)) + account * 7
    used = 7_500 + account * 613 % 9_000
    for name, value in {**_PLAIN, "open_day": opened, "monthly_l": used, **case.fixed}.items():
        getattr(profiles, name)[account] = value


def _fix_owner(owners: Owners, account: int, case: Case) -> None:
    """Everybody planted is known by name and mobile, unless the case says otherwise."""
    spare = words.GIVEN[account % len(words.GIVEN)]
    was_person = int(owners.kind[account]) == PERSON
    owners.kind[account] = COMPANY if case.company else PERSON
    if case.company:
        owners.name[account] = f"云川{spare}源商贸有限公司"
    elif case.owner != KEEP_NAME:
        owners.name[account] = case.owner
    elif owners.name[account] is None or not was_person:
        owners.name[account] = f"{words.SURNAMES[account % len(words.SURNAMES)]}{spare}"
    if owners.mobile[account] is None:
        owners.mobile[account] = f"139{account * 7919 % 10**8:08d}"


def corrected(planted: Planted) -> list[int]:
    return [account for case in CORRECTED for account in planted.cases.get(case, ())]


def replaced_bills(planted: Planted, due: Bools) -> Bools:
    """Which bills take the place of one that was wrong."""
    replaced = np.zeros_like(due)
    replaced[corrected(planted), planted.corrected_month] = True
    return replaced & due


def write_plants(sink: Sink, planted: Planted, acct_no: Texts) -> None:
    names = [case for case, at in planted.cases.items() for _ in at]
    accounts = [account for at in planted.cases.values() for account in at]
    sink.write("city_plant", {"case": texts(names), "acct_no": acct_no[accounts]})
