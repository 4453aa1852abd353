"""Photos without a row are removed after a day; those with one stay."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from backends.photos.adapter import open_photos
from backends.ports import Photo, PhotoPurpose
from jobs.orphans import Orphans
from sandbox.meter_photos import MeterPhoto, draw
from tests.jobs.conftest import NOON, Office


def test_a_photo_nobody_has_kept_goes_after_a_day_and_a_kept_one_stays(
    office: Office, tmp_path: Path
) -> None:

    drawn = draw(MeterPhoto(reading=1250), np.random.default_rng(1))
    store = open_photos(lambda _: drawn, tmp_path / "media", ["k" * 32])
    kept, lost = (store.take(name, PhotoPurpose.METER) for name in ("kept", "lost"))
    assert isinstance(kept, Photo)
    assert isinstance(lost, Photo)
    office.keeps_photo(kept.photo_id)
    half_done = tmp_path / "media" / kept.photo_id[:2] / ".new-1"
    half_done.write_bytes(b"x")
    for path in (tmp_path / "media").rglob("*"):
        os.utime(path, (NOON.timestamp(), NOON.timestamp()))

    def look(at: datetime) -> None:
        assert Orphans(office.outbox, store, lambda: at).step() == 0

    look(NOON + timedelta(hours=23))
    assert store.read(lost.photo_id)
    look(NOON + timedelta(hours=25))
    assert store.read(lost.photo_id) is None
    assert store.read(kept.photo_id)
    assert not half_done.exists()
