from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.reconciling import reconcile
from tests.reconciling.world import World, opened


@pytest.fixture(autouse=True)
def two_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """A week of empty days takes time, and none of these tests looks at them."""
    monkeypatch.setattr(reconcile, "LOOKS_BACK", reconcile.ONE_DAY)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as world:
        yield world
