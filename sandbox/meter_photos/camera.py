"""How a citizen photographs it: pose, light, lens, sensor, JPEG."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageFilter

from sandbox.meter_photos.surroundings import CENTRE, FACE, Floats, cloud

SIZES = ((1080, 1440), (1440, 1080), (960, 1280), (1280, 960), (1200, 1600), (900, 1200))
BEYOND = (70, 68, 64)
GPS = {1: "N", 2: (25.0, 2.0, 46.3), 3: "E", 4: (102.0, 42.0, 33.1)}
_GPS_IFD, _MAKE, _MODEL, _TAKEN = 0x8825, 0x010F, 0x0110, 0x0132


@dataclass(frozen=True, slots=True)
class Pose:
    """`near`: pixels of the picture per pixel of the scene. `tilt`: how much nearer the left and
    the upper edge are than the opposite ones."""

    size: tuple[int, int]
    turn: float
    near: float
    shift: tuple[float, float]
    tilt: tuple[float, float]


def pose(rng: Generator) -> Pose:
    width, height = SIZES[int(rng.integers(len(SIZES)))]
    near = min(width, height) / 1080 * rng.uniform(0.84, 1.18)
    return Pose(
        size=(width, height),
        turn=float(np.radians(rng.uniform(-12, 12))),
        near=float(near),
        shift=(float(rng.uniform(-70, 70)), float(rng.uniform(-90, 90))),
        tilt=(float(rng.uniform(-0.12, 0.12)), float(rng.uniform(-0.12, 0.12))),
    )


def anew(held: Pose, rng: Generator) -> Pose:
    """Taken again a moment later: nobody holds a phone twice in the same place."""
    turn, near, across, down, left, up = rng.normal(0, 1, 6)
    return Pose(
        size=held.size,
        turn=held.turn + float(np.radians(2.5) * turn),
        near=held.near * float(1 + 0.05 * near),
        shift=(held.shift[0] + float(28 * across), held.shift[1] + float(28 * down)),
        tilt=(held.tilt[0] + float(0.03 * left), held.tilt[1] + float(0.03 * up)),
    )


def shoot(scene: Image.Image, held: Pose) -> Image.Image:
    """The scene through the camera: one homography."""
    width, height = held.size
    cos, sin = np.cos(held.turn), np.sin(held.turn)
    seen = []
    for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        far = 1 + held.tilt[0] * u / 2 + held.tilt[1] * v / 2
        x, y = u * width / 2 / held.near * far, v * height / 2 / held.near * far
        seen.append(
            (
                CENTRE + held.shift[0] + cos * x - sin * y,
                CENTRE + held.shift[1] + sin * x + cos * y,
            )
        )
    corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    ways = _homography(corners, seen)
    return scene.transform(
        held.size, Image.Transform.PERSPECTIVE, ways, Image.Resampling.BILINEAR, fillcolor=BEYOND
    )


def _homography(
    here: list[tuple[float, float]], there: list[tuple[float, float]]
) -> tuple[float, ...]:
    rows, right = [], []
    for (x, y), (u, v) in zip(here, there, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    solved = np.linalg.solve(np.array(rows, dtype=np.float64), np.array(right, dtype=np.float64))
    return tuple(float(value) for value in solved)


def light(picture: Image.Image, rng: Generator) -> Image.Image:
    """Daylight, a lamp at one side, or a torch in the dark: uneven, and of some colour."""
    width, height = picture.size
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    way = rng.uniform(0, 2 * np.pi)
    slope = 1 + rng.uniform(0, 0.28) * (np.cos(way) * x + np.sin(way) * y)
    fall = rng.uniform(0, 0.22)
    if rng.random() < 0.2:
        fall = rng.uniform(0.35, 0.55)
    lamp = 1 - fall * (x**2 + y**2)
    shade = (slope * lamp * rng.uniform(0.62, 1.02)).astype(np.float32)
    shade *= 1 + 0.04 * cloud(rng, 5, (width, height))
    cast = 1 + rng.uniform(-1, 1) * np.array((0.09, 0.0, -0.11)) + rng.uniform(-0.02, 0.02, 3)
    pixels = np.asarray(picture, dtype=np.float32) * shade[..., None] * cast.astype(np.float32)
    return _picture(_shoulder(pixels))


def glint(picture: Image.Image, held: Pose, rng: Generator) -> Image.Image:
    """A small reflection where nothing is to be read: on the rim, or low on the glass."""
    width, height = picture.size
    radius = FACE / 2 * held.near
    angle, reach = (rng.uniform(0, 2 * np.pi), 1.12) if rng.random() < 0.5 else (1.57, 0.3)
    x0 = width / 2 - held.shift[0] * held.near + np.cos(angle) * reach * radius
    y0 = height / 2 - held.shift[1] * held.near + np.sin(angle) * reach * radius
    core = radius * rng.uniform(0.03, 0.07)
    x = (np.arange(width, dtype=np.float32)[None, :] - x0) / core
    y = (np.arange(height, dtype=np.float32)[:, None] - y0) / core
    glow = 260 * np.exp(-(x**2 + y**2))
    return _picture(np.asarray(picture, dtype=np.float32) + glow[..., None])


def _shoulder(pixels: Floats) -> Floats:
    """Cameras compress what is nearly white instead of cutting it off."""
    steps = np.arange(512, dtype=np.float32)
    over = np.maximum(steps - 200, 0)
    curve = np.where(steps > 200, 200 + 46 * (1 - np.exp(-over / 60)), steps).astype(np.float32)
    return curve[np.clip(pixels, 0, 511).astype(np.int16)]


def lens(picture: Image.Image, rng: Generator) -> Image.Image:
    """Not every good photo is as sharp as it could be; phones sharpen again."""
    soft = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 1.1)))
    if rng.random() < 0.5:
        return soft.filter(ImageFilter.UnsharpMask(1.2, int(rng.integers(20, 90)), 2))
    return soft


def sensor(picture: Image.Image, rng: Generator, noise: float) -> Image.Image:
    width, height = picture.size
    tile = rng.standard_normal((400, 400, 3), dtype=np.float32) * np.float32(noise)
    tile = tile * 0.6 + tile.mean(axis=2, keepdims=True) * 0.7
    tiles = np.tile(tile, (height // 400 + 1, width // 400 + 1, 1))[:height, :width]
    return _picture(np.asarray(picture, dtype=np.float32) + tiles)


def save(picture: Image.Image, quality: int, *, with_gps: bool) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    if with_gps:
        exif[_MAKE], exif[_MODEL] = "Sandbox", "Phone 1"
        exif[_TAKEN] = "2026:11-22 08:30:00"
        exif.get_ifd(_GPS_IFD).update(GPS)
    picture.save(out, "JPEG", quality=quality, exif=exif.tobytes() if with_gps else b"")
    return out.getvalue()


def _picture(pixels: Floats) -> Image.Image:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
