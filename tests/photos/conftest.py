"""Photos that stay the same for the whole run, and a store in a folder of its own."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from numpy.random import default_rng
from PIL import Image

from backends.photos.adapter import StoredPhotos, open_photos
from sandbox.meter_photos import MeterPhoto, PhotoFault, draw

KEY = "the key of the tests"


class Wechat:
    """The platform's temporary media: what was sent, and how often it was fetched."""

    def __init__(self) -> None:
        self.files: dict[str, bytes | Exception] = {}
        self.fetched: list[str] = []

    def fetch(self, media_id: str) -> bytes:
        self.fetched.append(media_id)
        found = self.files[media_id]
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture(scope="session")
def meter() -> bytes:
    return draw(MeterPhoto(1234, with_gps=True), default_rng(1))


@pytest.fixture(scope="session")
def dark() -> bytes:
    return draw(MeterPhoto(1234, fault=PhotoFault.TOO_DARK, severity=0.2), default_rng(2))


@pytest.fixture
def wechat(meter: bytes) -> Wechat:
    found = Wechat()
    found.files["meter"] = meter
    return found


@pytest.fixture
def store(wechat: Wechat, tmp_path: Path) -> StoredPhotos:
    return open_photos(wechat.fetch, tmp_path, [KEY])


@pytest.fixture
def files(tmp_path: Path) -> Callable[[], list[Path]]:
    return lambda: sorted(path for path in tmp_path.rglob("*") if path.is_file())


def saved(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes | None) -> Image.Image:
    assert data
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
