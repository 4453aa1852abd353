"""From bytes that somebody sent to a picture that can be trusted, and from it to a clean JPEG.

Enters: whatever a citizen sent. Leaves: `Picture`, or the reason why there is none. Nothing is
decoded before its kind and its pixels are known. Called by adapter.py.
"""

import io
import struct
import zlib
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from backends.ports import FlawReason

MOST_PIXELS = 50_000_000  # the largest that phones take; a decoded one costs four bytes a pixel
LONGEST_EDGE = 2048
ENOUGH = 1600  # points that a longer edge must keep when a JPEG is decoded at a fraction
JPEG_QUALITY = 88

_FORMATS = ("JPEG", "PNG", "WEBP")
_SIDEWAYS = frozenset({5, 6, 7, 8})
_ORIENTATION = 0x0112
# What Pillow raises on a broken file. Its warnings are in the list because a process may have
# turned them into errors.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Warning,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """`width` and `height` as sent, the right way up; `image` is at most LONGEST_EDGE long."""

    width: int
    height: int
    image: Image.Image = field(repr=False)


def read_picture(data: bytes) -> Picture | FlawReason:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return FlawReason.TOO_LARGE
            return _decoded(opened)
    except Image.DecompressionBombError:
        return FlawReason.TOO_LARGE
    except Image.DecompressionBombWarning:
        return FlawReason.TOO_LARGE
    except _BROKEN:
        return FlawReason.NOT_IMAGE


def to_jpeg(image: Image.Image) -> bytes:
    """The pixels and nothing else."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _decoded(opened: Image.Image) -> Picture:
    orientation = _orientation(opened)
    width, height = opened.size
    # JPEG is decoded at 1/2, 1/4 or 1/8 where that is still large enough: most phones' 4,000 points
    # at a half.
    share = min(1.0, ENOUGH / max(width, height))
    opened.draft("RGB", (int(width * share), int(height * share)))
    image = _flat(opened)
    image.thumbnail((LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if orientation in _SIDEWAYS:
        width, height = height, width
    return Picture(width, height, _upright(image, orientation))


def _orientation(opened: Image.Image) -> int:
    """Broken EXIF makes no photo bad: it is thrown away in any case."""
    try:
        return int(opened.getexif().get(_ORIENTATION, 1))
    except _BROKEN:
        return 1


def _flat(opened: Image.Image) -> Image.Image:
    """RGB on a new sheet: no profile, comment, text or thumbnail comes along. What is transparent
    becomes white."""
    opened.load()
    if opened.mode.startswith("I"):
        opened = opened.point(lambda value: value / 256).convert("L")
    sheet = Image.new("RGB", opened.size, "white")
    if opened.has_transparency_data:
        layer = opened.convert("RGBA")
        sheet.paste(layer, mask=layer)
    else:
        sheet.paste(opened.convert("RGB"))
    return sheet


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    if not 2 <= orientation <= 8:
        return image
    image.getexif()[_ORIENTATION] = orientation
    turned = ImageOps.exif_transpose(image)
    clean = Image.new("RGB", turned.size)
    clean.paste(turned)
    return clean
