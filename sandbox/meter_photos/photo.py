"""From a `MeterPhoto` to the bytes that a phone would send."""

import io

from numpy.random import Generator, default_rng
from PIL import Image

from sandbox.meter_photos import camera, spoil
from sandbox.meter_photos.spec import MeterPhoto, PhotoFault
from sandbox.meter_photos.surroundings import draw_scene


def draw(spec: MeterPhoto, rng: Generator) -> bytes:
    """A JPEG, unless the fault is that it is none. The same spec and state of `rng` give the same
    bytes; another state gives another photo of the same meter."""
    return _taken(spec, camera.pose(rng), int(rng.integers(2**32)), rng)


def draw_twice(spec: MeterPhoto, rng: Generator) -> tuple[bytes, bytes]:
    """Two photos one after the other: the same meter, reading and light, the phone held anew."""
    first, mood = camera.pose(rng), int(rng.integers(2**32))
    return _taken(spec, first, mood, rng), _taken(spec, camera.anew(first, rng), mood, rng)


def _taken(spec: MeterPhoto, held: camera.Pose, mood: int, rng: Generator) -> bytes:
    picture = camera.shoot(draw_scene(spec, rng), held)
    picture = camera.lens(camera.light(picture, default_rng(mood)), rng)
    if rng.random() < 0.3:
        picture = camera.glint(picture, held, rng)
    noise, quality = rng.uniform(1, 8), int(rng.integers(68, 95))
    picture = _spoilt(picture, spec, held, rng)
    made = camera.save(camera.sensor(picture, rng, noise), quality, with_gps=spec.with_gps)
    return spoil.not_an_image(made, rng) if spec.fault is PhotoFault.NOT_IMAGE else made


def _spoilt(
    picture: Image.Image, spec: MeterPhoto, held: camera.Pose, rng: Generator
) -> Image.Image:
    match spec.fault:
        case PhotoFault.BLURRED if rng.random() < 0.5:
            return spoil.defocused(picture, spec.severity)
        case PhotoFault.BLURRED:
            return spoil.shaken(picture, spec.severity, rng)
        case PhotoFault.GLARE:
            return spoil.dazzled(picture, spec.severity, held, rng)
        case PhotoFault.TOO_DARK:
            return spoil.darkened(picture, spec.severity, rng)
        case PhotoFault.TOO_SMALL:
            return spoil.shrunk(picture, spec.severity)
        case _:
            return picture


def same_again(photo: bytes, rng: Generator) -> bytes:
    """The same picture, as it comes back through another app: saved anew, sometimes a little
    smaller, sometimes with its borders cut."""
    with Image.open(io.BytesIO(photo)) as opened:
        picture = opened.convert("RGB")
    width, height = picture.size
    if rng.random() < 0.5:
        left, top, right, bottom = rng.uniform(0, 0.005, 4)
        picture = picture.crop(
            (
                int(left * width),
                int(top * height),
                int((1 - right) * width),
                int((1 - bottom) * height),
            )
        )
    if rng.random() < 0.5:
        share = rng.uniform(0.78, 1.0)
        picture = picture.resize((int(picture.width * share), int(picture.height * share)))
    out = io.BytesIO()
    kind = ("JPEG", "JPEG", "PNG", "WEBP")[int(rng.integers(4))]
    picture.save(out, kind, quality=int(rng.integers(55, 96)))
    return out.getvalue()
