"""The gate against the generator, on a few of the photos of `python -m bench.photos`."""

import pytest

from bench.photos import KINDS, Kind, run


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_photos_get_the_verdict_they_deserve(kind: Kind) -> None:
    told = run(kind, range(8 if kind.name == "good" else 3))
    assert set(told) == {kind.wanted}
