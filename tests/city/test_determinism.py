from datetime import date
from pathlib import Path

import pytest

from sandbox.city import CitySummary, build
from tests.city.conftest import ACCOUNTS, AS_OF, SEED
from tests.city.reading import digest


def test_the_same_seed_gives_the_same_city_to_the_last_byte(
    city_url: str, summary: CitySummary, fresh_url: str
) -> None:
    again = build(fresh_url, ACCOUNTS, SEED, as_of=AS_OF, progress=False)
    assert again == summary
    assert digest(fresh_url) == digest(city_url)


@pytest.mark.parametrize(("seed", "as_of"), [(SEED + 1, AS_OF), (SEED, date(2026, 11, 23))])
def test_another_seed_or_day_gives_another_city(
    city_url: str, summary: CitySummary, fresh_url: str, seed: int, as_of: date
) -> None:
    build(fresh_url, ACCOUNTS, seed, as_of=as_of, progress=False)
    assert digest(fresh_url, ["bill"]) != digest(city_url, ["bill"])


def test_building_over_an_earlier_city_replaces_it(tmp_path: Path) -> None:
    twice, once = f"sqlite:///{tmp_path / 'twice'}", f"sqlite:///{tmp_path / 'once'}"
    build(twice, 1_200, 3, as_of=AS_OF, progress=False)
    build(twice, 1_000, 4, as_of=AS_OF, progress=False)
    build(once, 1_000, 4, as_of=AS_OF, progress=False)
    assert digest(twice) == digest(once)
