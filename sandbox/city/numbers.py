"""Account numbers 户号 and meter barcodes, with their Luhn check digit, for whole columns."""

from dataclasses import dataclass

import numpy as np

from sandbox.city.days import Ints, Texts, texts

MAX_ACCOUNTS = 5_000_000


@dataclass(frozen=True, slots=True)
class Numbers:
    """The chunk's account numbers and ids. `meter_ids`: of each account's meter at the start of the
    history, and of the one that came by a swap."""

    acct_no: Texts
    cust_id: Ints
    meter_ids: tuple[Ints, Ints]


def luhn_digits(bodies: Ints) -> Ints:
    """The check digit to append to each body so that the whole passes Luhn's test."""
    rest = bodies.astype(np.int64).copy()
    total = np.zeros_like(rest)
    doubled = True
    while rest.any():
        digit = rest % 10
        rest //= 10
        if doubled:
            digit = digit * 2
            digit = np.where(digit > 9, digit - 9, digit)
        total += digit
        doubled = not doubled
    return (10 - total % 10) % 10


def _with_check(bodies: Ints, width: int) -> Texts:
    pairs = zip(bodies.tolist(), luhn_digits(bodies).tolist(), strict=True)
    return texts([f"{body:0{width}d}{check}" for body, check in pairs])


def account_numbers(regions: Ints, serials: Ints) -> Texts:
    """2 digits of the region, 7 of the serial, 1 check digit."""
    return _with_check(regions * 10**7 + serials, 9)


def meter_barcodes(makers: Ints, years: Ints, serials: Ints) -> Texts:
    """2 digits of the maker, 2 of the year, 9 of the serial, 1 check digit."""
    return _with_check((makers * 100 + years % 100) * 10**9 + serials, 13)
