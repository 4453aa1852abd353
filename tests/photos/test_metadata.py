"""Nothing but the picture is kept: no place, no time, no name of a phone."""

import warnings

import pytest
from PIL import Image, PngImagePlugin

from backends.photos.adapter import StoredPhotos
from backends.ports import Photo, PhotoPurpose
from tests.photos.conftest import Wechat, opened, saved

GPS_IFD, ORIENTATION = 0x8825, 0x0112


def kept(store: StoredPhotos, wechat: Wechat, data: bytes) -> bytes:
    wechat.files["it"] = data
    photo = store.take("it", PhotoPurpose.FAULT)
    assert isinstance(photo, Photo)
    jpeg = store.read(photo.photo_id)
    assert jpeg
    return jpeg


def halves(width: int = 640, height: int = 480) -> Image.Image:
    """White above, red below."""
    image = Image.new("RGB", (width, height), "white")
    image.paste((255, 0, 0), (0, height // 2, width, height))
    return image


def test_where_a_photo_was_taken_is_forgotten(
    store: StoredPhotos, wechat: Wechat, meter: bytes
) -> None:
    assert opened(meter).getexif().get_ifd(GPS_IFD)
    jpeg = kept(store, wechat, meter)
    assert not opened(jpeg).getexif()
    assert b"Exif" not in jpeg
    assert b"Sandbox" not in jpeg


def test_comments_profiles_and_texts_are_forgotten(store: StoredPhotos, wechat: Wechat) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Zhang San")
    secrets = {"comment": b"Zhang San", "icc_profile": b"Zhang San", "xmp": b"Zhang San"}
    for data in (
        saved(halves(), "JPEG", **secrets),
        saved(halves(), "PNG", pnginfo=notes),
        saved(halves(), "WEBP", xmp=b"Zhang San"),
    ):
        assert b"Zhang San" in data
        jpeg = kept(store, wechat, data)
        assert b"Zhang San" not in jpeg
        assert set(opened(jpeg).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        store.delete(store.take("it", PhotoPurpose.FAULT).photo_id)  # type: ignore[union-attr]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_the_right_way_up_before_the_note_about_it_is_lost(
    store: StoredPhotos, wechat: Wechat, orientation: int
) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = halves()
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    turned = image.transpose(undo[orientation]) if orientation in undo else image
    picture = opened(kept(store, wechat, saved(turned, exif=exif.tobytes())))
    assert picture.size == image.size
    assert picture.getpixel((320, 60)) == (255, 255, 255)
    assert picture.getpixel((320, 420))[1] < 20  # type: ignore[index]


def test_broken_notes_make_no_photo_bad(store: StoredPhotos, wechat: Wechat) -> None:
    broken = saved(halves(), exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff\x01\x12")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert opened(kept(store, wechat, broken)).size == (640, 480)


@pytest.mark.parametrize(
    ("kind", "sent", "expected"),
    [
        ("JPEG", (4000, 3000), (2000, 1500)),
        ("JPEG", (3000, 4000), (1500, 2000)),
        ("JPEG", (3000, 2250), (2048, 1536)),
        ("JPEG", (2048, 1000), (2048, 1000)),
        ("JPEG", (9000, 400), (2048, 91)),
        ("PNG", (4000, 3000), (2048, 1536)),
    ],
)
def test_a_large_photo_is_kept_smaller_and_says_so(
    store: StoredPhotos,
    wechat: Wechat,
    kind: str,
    sent: tuple[int, int],
    expected: tuple[int, int],
) -> None:
    wechat.files["it"] = saved(halves(*sent), kind)
    photo = store.take("it", PhotoPurpose.FAULT)
    assert isinstance(photo, Photo)
    assert (photo.width, photo.height) == expected
    assert opened(store.read(photo.photo_id)).size == expected


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_kind_become_plain_ones(
    store: StoredPhotos, wechat: Wechat, mode: str
) -> None:
    grey = Image.new("L", (640, 480), 255)
    image = Image.new("I;16", (640, 480), 65535) if mode == "I;16" else grey.convert(mode)
    picture = opened(kept(store, wechat, saved(image, "JPEG" if mode == "CMYK" else "PNG")))
    assert picture.mode == "RGB"
    assert picture.getpixel((9, 9)) == (255, 255, 255)


def test_what_is_transparent_becomes_white(store: StoredPhotos, wechat: Wechat) -> None:
    clear = Image.new("RGBA", (640, 480), (0, 0, 0, 0))
    assert opened(kept(store, wechat, saved(clear, "PNG"))).getpixel((9, 9)) == (255, 255, 255)
