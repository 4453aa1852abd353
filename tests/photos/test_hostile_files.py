"""What is no photo, or means harm, is refused by name and leaves nothing behind."""

import struct
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from numpy.random import default_rng
from PIL import Image

from backends.errors import BackendUnavailable, Reaction, Rejected, WechatRejected
from backends.photos.adapter import StoredPhotos
from backends.ports import Flaw, FlawReason, Photo, PhotoPurpose
from tests.photos.conftest import Wechat, saved

NOISE = default_rng(1).bytes(4000)
PLAIN = Image.new("RGB", (900, 700), "white")


def refused(store: StoredPhotos, wechat: Wechat, data: bytes | Exception) -> FlawReason:
    wechat.files["it"] = data
    found = store.take("it", PhotoPurpose.METER)
    assert isinstance(found, Flaw)
    return found.reason


def png(width: int, height: int, body: bytes) -> bytes:
    """A head that says any size, whatever stands behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    data = chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        NOISE,
        "水表 1234".encode(),
        b"%PDF-1.7\n" + NOISE,
        b"<html><body>1234</body></html>",
        b"\xff\xd8\xff\xe0" + NOISE,
        b"\x89PNG\r\n\x1a\n" + NOISE,
        b"RIFF\x10\x00\x00\x00WEBPVP8 " + NOISE,
        b"\x00\x00\x00\x18ftypheic" + NOISE,
        b"<svg xmlns='http://www.w3.org/2000/svg'></svg>",
        saved(PLAIN, "GIF"),
        saved(PLAIN, "BMP"),
        saved(PLAIN, "TIFF"),
        png(900, 700, zlib.compress(b"\x00" * 100)),
        png(0, 0, b""),
    ],
    ids=range(16),
)
def test_what_is_no_photo_is_told_by_its_content(
    store: StoredPhotos, wechat: Wechat, data: bytes
) -> None:
    assert refused(store, wechat, data) is FlawReason.NOT_IMAGE


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_file_is_no_photo(
    store: StoredPhotos, wechat: Wechat, kind: str, share: float
) -> None:
    image = Image.frombytes("RGB", (90, 70), default_rng(2).bytes(90 * 70 * 3)).resize((900, 700))
    data = saved(image, kind)
    assert refused(store, wechat, data[: int(len(data) * share)]) is FlawReason.NOT_IMAGE


@pytest.mark.parametrize("edge", [7_200, 12_000, 30_000, 60_000])
def test_a_small_file_that_unpacks_into_a_huge_picture_is_never_unpacked(
    store: StoredPhotos, wechat: Wechat, edge: int
) -> None:
    bomb = png(edge, edge, zlib.compress(b"\x00" * 1000))
    for action in ("error", "ignore"):
        with warnings.catch_warnings():
            warnings.simplefilter(action)  # type: ignore[arg-type]
            assert refused(store, wechat, bomb) is FlawReason.TOO_LARGE


def test_flipped_bytes_never_raise(store: StoredPhotos, wechat: Wechat) -> None:
    rng = default_rng(3)
    small = saved(PLAIN.resize((90, 70)), "JPEG"), saved(PLAIN, "PNG"), saved(PLAIN, "WEBP")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for turn in range(90):
            data = bytearray(small[turn % 3])
            for _ in range(int(rng.integers(1, 12))):
                data[int(rng.integers(len(data)))] = int(rng.integers(256))
            wechat.files[str(turn)] = bytes(data)
            assert isinstance(store.take(str(turn), PhotoPurpose.FAULT), Photo | Flaw)


def test_a_photo_that_is_refused_is_not_kept(
    store: StoredPhotos, wechat: Wechat, dark: bytes, files: Callable[[], list[Path]]
) -> None:
    assert refused(store, wechat, dark) is FlawReason.TOO_DARK
    assert files() == []


def test_what_wechat_has_no_longer_is_gone(store: StoredPhotos, wechat: Wechat) -> None:
    error = WechatRejected(40007, Reaction.MEDIA, "invalid media_id")
    assert refused(store, wechat, error) is FlawReason.GONE


def test_what_is_larger_than_wechat_allows_is_too_large(
    store: StoredPhotos, wechat: Wechat
) -> None:
    assert refused(store, wechat, Rejected("wechat", "too_large", "")) is FlawReason.TOO_LARGE


@pytest.mark.parametrize(
    "error",
    [
        BackendUnavailable("wechat", 3.0),
        WechatRejected(48001, Reaction.CONFIGURATION, "api unauthorized"),
        Rejected("wechat", "other", ""),
    ],
    ids=["unavailable", "configuration", "other"],
)
def test_troubles_that_are_not_the_photos_are_passed_on(
    store: StoredPhotos, wechat: Wechat, error: Exception
) -> None:
    wechat.files["it"] = error
    with pytest.raises(type(error)):
        store.take("it", PhotoPurpose.METER)
