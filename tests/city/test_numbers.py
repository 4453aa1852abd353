import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from sandbox.city.numbers import account_numbers, luhn_digits, meter_barcodes
from tests.city.reading import rows


def passes_luhn(number: str) -> bool:
    total = 0
    for place, char in enumerate(reversed(number)):
        digit = int(char) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def test_the_check_digit_of_the_textbook_number_is_three() -> None:
    assert luhn_digits(np.array([7_992_739_871])).tolist() == [3]


@given(st.integers(10, 21), st.integers(1, 9_999_999))
def test_account_numbers_are_ten_digits_that_pass_luhn(region: int, serial: int) -> None:
    (number,) = account_numbers(np.array([region]), np.array([serial]))
    assert number[:9] == f"{region:02d}{serial:07d}"
    assert len(number) == 10
    assert passes_luhn(number)


@given(st.integers(1, 7), st.integers(1998, 2040), st.integers(1, 999_999_999))
def test_meter_barcodes_are_fourteen_digits_that_pass_luhn(
    maker: int, year: int, serial: int
) -> None:
    (code,) = meter_barcodes(np.array([maker]), np.array([year]), np.array([serial]))
    assert code[:13] == f"{maker:02d}{year % 100:02d}{serial:09d}"
    assert passes_luhn(code)


def test_every_number_in_the_city_passes(city: Connection) -> None:
    numbers = [row[0] for row in rows(city, "SELECT acct_no FROM account")]
    codes = [row[0] for row in rows(city, "SELECT barcode FROM meter")]
    assert {len(number) for number in numbers} == {10}
    assert {len(code) for code in codes} == {14}
    assert all(map(passes_luhn, numbers + codes))
