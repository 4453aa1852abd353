"""Who the customers are: names, firms, mobiles. Columns in, columns out."""

from dataclasses import dataclass

import numpy as np

from sandbox.city import words
from sandbox.city.days import Bools, Ints, Texts, texts

KINDS = ("person", "company", "utility")
PERSON, COMPANY, UTILITY = range(3)


@dataclass(frozen=True, slots=True)
class Owners:
    kind: Ints
    name: Texts
    mobile: Texts
    stale: Bools
    email: Texts
    elderly: Bools
    lowincome: Bools


def draw_owners(rng: np.random.Generator, use_class: Ints) -> Owners:
    n = len(use_class)
    kind = _kinds(rng, use_class)
    name = np.where(kind == PERSON, person_names(rng, n), firm_names(rng, kind))
    name[rng.random(n) < 0.012] = None
    mobile = mobiles(rng, n)
    on_file = rng.random(n) < 0.82
    mobile[~on_file] = None
    return Owners(
        kind=kind,
        name=name,
        mobile=mobile,
        stale=(rng.random(n) < 0.12) & on_file,
        email=_emails(rng, n),
        elderly=(rng.random(n) < 0.16) & (kind == PERSON),
        lowincome=(rng.random(n) < 0.015) & (kind == PERSON),
    )


def draw_former_owners(rng: np.random.Generator, kind: Ints) -> Owners:
    """Of accounts that have others now; everybody has a name."""
    n = len(kind)
    nobody = np.zeros(n, dtype=np.bool_)
    return Owners(
        kind=kind,
        name=np.where(kind == PERSON, person_names(rng, n), firm_names(rng, kind)),
        mobile=mobiles(rng, n),
        stale=nobody,
        email=np.full(n, None, dtype=np.object_),
        elderly=nobody,
        lowincome=nobody,
    )


def _kinds(rng: np.random.Generator, use_class: Ints) -> Ints:
    draw = rng.random(len(use_class))
    business = np.where(draw < 0.65, COMPANY, np.where(draw < 0.71, UTILITY, PERSON))
    return np.where(use_class >= 2, business, PERSON).astype(np.int64)


def person_names(rng: np.random.Generator, n: int) -> Texts:
    # A square law makes the first surnames common, as they are in life.
    surname = (rng.random(n) ** 2 * len(words.SURNAMES)).astype(np.int64)
    given = rng.integers(0, len(words.GIVEN), (2, n))
    style = rng.choice(5, p=(0.16, 0.80, 0.015, 0.015, 0.01), size=n)
    special = rng.integers(0, 1 << 30, n)
    columns = (surname, given[0], given[1], style, special)
    return texts([_person(*row) for row in zip(*(c.tolist() for c in columns), strict=True)])


def _person(surname: int, first: int, second: int, style: int, special: int) -> str:
    one, two = words.GIVEN[first], words.GIVEN[second]
    if style == 0:
        return words.SURNAMES[surname] + one
    if style == 1:
        return words.SURNAMES[surname] + one + two
    if style == 2:
        return words.COMPOUND_SURNAMES[special % len(words.COMPOUND_SURNAMES)] + one + two
    if style == 3:
        return words.MINORITY_NAMES[special % len(words.MINORITY_NAMES)]
    return words.SURNAMES[surname] + one + words.RARE_GIVEN[special % len(words.RARE_GIVEN)]


def firm_names(rng: np.random.Generator, kind: Ints) -> Texts:
    draws = rng.integers(0, 1 << 30, (5, len(kind)))
    rows = zip(kind.tolist(), *draws.tolist(), strict=True)
    return texts([_firm(*row) if row[0] != PERSON else "" for row in rows])


def _firm(kind: int, first: int, second: int, trade: int, form: int, number: int) -> str:
    if kind == UTILITY:
        body = words.PUBLIC_BODIES[form % len(words.PUBLIC_BODIES)]
        return f"{words.CITY_NAME}{body}第{number % 40 + 1}站"
    brand = words.FIRM_WORDS[first % len(words.FIRM_WORDS)]
    brand += words.FIRM_WORDS[second % len(words.FIRM_WORDS)]
    sector = words.TRADES[trade % len(words.TRADES)]
    return f"云川{brand}{sector}{words.FIRM_KINDS[form % len(words.FIRM_KINDS)]}"


def mobiles(rng: np.random.Generator, n: int) -> Texts:
    prefix = np.array(words.MOBILE_PREFIXES)[rng.integers(0, len(words.MOBILE_PREFIXES), n)]
    numbers = prefix.astype(np.int64) * 10**8 + rng.integers(0, 10**8, n)
    return texts([str(number) for number in numbers.tolist()])


def _emails(rng: np.random.Generator, n: int) -> Texts:
    emails = np.full(n, None, dtype=np.object_)
    for at in np.flatnonzero(rng.random(n) < 0.06).tolist():
        emails[at] = f"user{int(rng.integers(10**7, 10**8))}@mail.example"
    return emails
