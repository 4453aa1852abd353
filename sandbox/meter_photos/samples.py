"""The pictures of the guide and of the card in the chat: `python -m sandbox.meter_photos.samples`
writes web/pictures/ anew. The same every time."""

import io
from pathlib import Path

import numpy as np
from numpy.random import default_rng
from PIL import Image, ImageDraw

from sandbox.meter_photos import camera, spoil
from sandbox.meter_photos.face import draw_face
from sandbox.meter_photos.spec import MeterPhoto, look_of
from sandbox.meter_photos.surroundings import SCENE, draw_scene
from sandbox.meter_photos.wheels import RED_WHEELS, window

FOLDER = Path(__file__).resolve().parents[2] / "web/pictures"
SHOWN = MeterPhoto(reading=1250, meter_code="05244103302664", litres=382)
_LARGE, _SMALL = (960, 720), (480, 360)
_QUALITY = 82
_GREEN, _RED = (12, 160, 84), (208, 32, 36)


def samples() -> dict[str, bytes]:
    """File name → JPEG."""
    near = _held(_LARGE, 0.70)
    good = _photo(near)
    return {
        "meter_sample.jpg": _jpeg(good),
        "meter_digits.jpg": _jpeg(_wheels(SHOWN)),
        "meter_turning.jpg": _jpeg(_wheels(MeterPhoto(1250, SHOWN.meter_code, litres=957))),
        "meter_blurred.jpg": _jpeg(_small(spoil.shaken(good, 0.7, default_rng(3)))),
        "meter_glare.jpg": _jpeg(_small(spoil.dazzled(good, 0.12, near, default_rng(5)))),
        "meter_dark.jpg": _jpeg(_small(spoil.darkened(good, 0.1, default_rng(6)))),
        "meter_far.jpg": _jpeg(_photo(_held(_SMALL, 0.25), far=True)),
        "meter_cut.jpg": _jpeg(_photo(_held(_SMALL, 0.62, (300.0, 190.0)))),
    }


def write(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in samples().items():
        (folder / name).write_bytes(data)


def _held(
    size: tuple[int, int], near: float, shift: tuple[float, float] = (0.0, 0.0)
) -> camera.Pose:
    return camera.Pose(size=size, turn=-0.05, near=near, shift=shift, tilt=(0.03, -0.04))


def _photo(held: camera.Pose, *, far: bool = False) -> Image.Image:
    scene = draw_scene(SHOWN, default_rng(21))
    if far:
        margin = SCENE // 4
        wider = np.pad(np.asarray(scene), ((margin, margin), (margin, margin), (0, 0)), "reflect")
        scene = Image.fromarray(wider).reduce(4).resize(scene.size)
    lit = camera.light(camera.shoot(scene, held), default_rng(106))
    return camera.lens(lit, default_rng(13))


def _small(picture: Image.Image) -> Image.Image:
    return picture.resize(_SMALL, Image.Resampling.LANCZOS)


def _wheels(spec: MeterPhoto) -> Image.Image:
    """A close look at the wheels: the black ones framed, the red ones crossed out."""
    size = 860
    face = draw_face(spec, look_of(spec.meter_code), size)
    left, top, right, bottom = window(spec.digits, (size / 2, size * 0.35), size / 2)
    x, y = (left + right) // 2 - 360, (top + bottom) // 2 - 125
    close = Image.new("RGB", face.size, (236, 236, 232))
    close.paste(face, mask=face)
    pen = ImageDraw.Draw(close)
    split = left + round((right - left) * spec.digits / (spec.digits + RED_WHEELS))
    pen.rounded_rectangle((left - 4, top - 4, split, bottom + 4), 10, outline=_GREEN, width=8)
    pen.line((split + 14, bottom - 6, right - 8, top + 6), fill=_RED, width=7)
    pen.line((split + 14, top + 6, right - 8, bottom - 6), fill=_RED, width=7)
    return close.crop((x, y, x + 720, y + 250))


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


if __name__ == "__main__":
    write()
