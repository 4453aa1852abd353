"""What goes wrong with a photo, from just bad (severity 0) to hopeless (1)."""

import io
from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageFilter

from sandbox.meter_photos.camera import Pose
from sandbox.meter_photos.surroundings import FACE


def defocused(picture: Image.Image, severity: float) -> Image.Image:
    """A lens out of focus makes a disc of each point, not a bell."""
    unit = max(picture.size) / 800
    radius = (4.0 + 5.0 * severity) * unit
    return picture.filter(ImageFilter.BoxBlur(radius * 0.62)).filter(
        ImageFilter.BoxBlur(radius * 0.62)
    )


def shaken(picture: Image.Image, severity: float, rng: Generator) -> Image.Image:
    """The hand moved during the exposure, along a slightly bent way."""
    unit = max(picture.size) / 800
    length = (13 + 22 * severity) * unit
    way, bend = rng.uniform(0, np.pi), rng.uniform(-0.3, 0.3)
    moving = picture
    for halving in range(1, 6):
        angle = way + bend * halving / 5
        step = length / 2**halving / 2
        moving = Image.blend(_moved(moving, angle, step), _moved(moving, angle, -step), 0.5)
    lost = int(length / 2) + 1
    inside = moving.crop((lost, lost, picture.width - lost, picture.height - lost))
    return inside.resize(picture.size).filter(ImageFilter.GaussianBlur(0.8 * unit))


def _moved(picture: Image.Image, angle: float, far: float) -> Image.Image:
    ways = (1, 0, float(np.cos(angle) * far), 0, 1, float(np.sin(angle) * far))
    return picture.transform(picture.size, Image.Transform.AFFINE, ways, Image.Resampling.BILINEAR)


def darkened(picture: Image.Image, severity: float, rng: Generator) -> Image.Image:
    """Little light, and the noise that a sensor makes of it."""
    share = 0.16 - 0.12 * severity
    pixels = np.asarray(picture, dtype=np.float32) * share
    noise = rng.standard_normal((picture.height, picture.width, 1)).astype(np.float32)
    pixels += noise * rng.uniform(1.5, 4.0)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def dazzled(picture: Image.Image, severity: float, held: Pose, rng: Generator) -> Image.Image:
    """A lamp or the flash mirrored in the glass over the digits."""
    width, height = picture.size
    radius = FACE / 2 * held.near
    x0 = width / 2 - held.shift[0] * held.near + rng.uniform(-0.38, 0.30) * radius
    y0 = height / 2 - held.shift[1] * held.near + rng.uniform(-0.38, -0.2) * radius
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    core = radius * (0.22 + 0.38 * severity)
    stretch, way = rng.uniform(1.0, 1.7), rng.uniform(0, np.pi)
    u = (x - x0) * np.cos(way) + (y - y0) * np.sin(way)
    v = -(x - x0) * np.sin(way) + (y - y0) * np.cos(way)
    away = np.hypot(u / stretch, v) / core
    glow = 430 * np.exp(-(away**4) * 0.7) + 120 * np.exp(-away)
    pixels = np.asarray(picture, dtype=np.float32) + glow[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def shrunk(picture: Image.Image, severity: float) -> Image.Image:
    """A thumbnail, as a screenshot of a chat has them."""
    side = int(760 - 600 * severity)
    scale = side / max(picture.size)
    return picture.resize((round(picture.width * scale), round(picture.height * scale)))


def not_an_image(picture: bytes, rng: Generator) -> bytes:
    """Something else: a file of another kind, or the first part of a picture."""
    kinds = (_noise, _pdf, _text, _html, _cut, _gif, _header, _film)
    made: Callable[[bytes, Generator], bytes] = kinds[int(rng.integers(len(kinds)))]
    return made(picture, rng)


def _noise(_: bytes, rng: Generator) -> bytes:
    return rng.bytes(int(rng.integers(1, 200_000)))


def _pdf(_: bytes, rng: Generator) -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + rng.bytes(5000) + b"\n%%EOF\n"


def _text(_: bytes, __: Generator) -> bytes:
    return "水表读数 1234\n".encode() * 400


def _html(_: bytes, __: Generator) -> bytes:
    return b"<!DOCTYPE html><html><body><img src='meter.jpg'></body></html>"


def _cut(picture: bytes, rng: Generator) -> bytes:
    return picture[: int(len(picture) * rng.uniform(0.02, 0.9))]


def _gif(picture: bytes, _: Generator) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as opened:
        opened.convert("P").resize((800, 600)).save(out, "GIF")
    return out.getvalue()


def _header(_: bytes, rng: Generator) -> bytes:
    starts = (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x00\x10\x00\x00WEBPVP8 ",
    )
    return starts[int(rng.integers(len(starts)))] + rng.bytes(30_000)


def _film(_: bytes, rng: Generator) -> bytes:
    return b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + rng.bytes(50_000)
