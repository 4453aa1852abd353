"""The meter in its place: wall, pipes, body with its ring, open lid, glass, dirt."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from numpy.random import Generator, default_rng
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from sandbox.meter_photos.face import draw_face
from sandbox.meter_photos.spec import Colour, Look, MeterPhoto, look_of

SCENE = 2048
FACE = 760
CENTRE = SCENE // 2
RING = int(FACE * 0.60)

Floats = npt.NDArray[np.float32]


def draw_scene(spec: MeterPhoto, rng: Generator) -> Image.Image:
    look = look_of(spec.meter_code)
    own = default_rng(look.seed)
    scene = _wall(look, own)
    _pipe_behind(scene, look)
    _pipes(scene, look)
    if look.lid_up:
        _lid(scene, look)
    _body(scene, look)
    face = draw_face(spec, look, FACE)
    corner = CENTRE - FACE // 2
    scene.paste(face, (corner, corner), face)
    _glass(scene, rng)
    _dirt(scene, rng)
    return scene


def cloud(rng: Generator, cells: int, size: tuple[int, int]) -> Floats:
    """Smooth random field of about -1 to 1."""
    small = rng.uniform(-1, 1, (cells, cells)).astype(np.float32)
    big = Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)
    return np.asarray(big, dtype=np.float32)


def _wall(look: Look, rng: Generator) -> Image.Image:
    """At half the size: a wall has no fine lines."""
    half = SCENE // 2
    rough = {"plaster": 4, "tiles": 2, "concrete": 9, "bricks": 10, "pit": 16}[look.wall]
    field = cloud(rng, 7, (half, half)) * rough * 1.4
    field += rng.standard_normal((half, half), dtype=np.float32) * rough
    if look.wall == "pit":
        field += cloud(rng, 90, (half, half)) * 26
    base = np.array(look.wall_colour, dtype=np.float32) + field[..., None]
    wall = Image.fromarray(np.clip(base, 0, 255).astype(np.uint8))
    if look.wall in ("tiles", "bricks"):
        _joints(wall, look, rng)
    return wall.resize((SCENE, SCENE), Image.Resampling.BILINEAR)


def _joints(wall: Image.Image, look: Look, rng: Generator) -> None:
    pen = ImageDraw.Draw(wall)
    wide, high = (210, 210) if look.wall == "tiles" else (165, 60)
    joint = 3 if look.wall == "tiles" else 8
    red, green, blue = (int(value * 0.8 + 20) for value in look.wall_colour)
    x0, y0 = int(rng.integers(wide)), int(rng.integers(high))
    for row, y in enumerate(range(y0 - high, wall.height, high)):
        pen.rectangle((0, y, wall.width, y + joint), fill=(red, green, blue))
        shift = wide // 2 if look.wall == "bricks" and row % 2 else 0
        for x in range(x0 - 2 * wide + shift, wall.width, wide):
            pen.rectangle((x, y, x + joint, y + high), fill=(red, green, blue))


def _pipe_behind(scene: Image.Image, look: Look) -> None:
    if abs(look.second_pipe) > 0.35:
        x = CENTRE + int(look.second_pipe * 640)
        _cylinder(scene, look.pipe, (x - 42, 0, x + 42, SCENE), upright=True)


def _pipes(scene: Image.Image, look: Look) -> None:
    y = CENTRE + 40
    _shadow(scene, (0, y - 70, SCENE, y + 150))
    _cylinder(scene, look.pipe, (0, y - 78, SCENE, y + 78), upright=False)
    for side in (-1, 1):
        x = CENTRE + side * (RING + 95)
        box = (x - 95, y - 122, x + 95, y + 122)
        _cylinder(scene, (184, 144, 74), box, upright=False)
        pen = ImageDraw.Draw(scene)
        for edge in (y - 42, y + 42):
            pen.line((box[0], edge, box[2], edge), fill=(112, 84, 40), width=5)
        for edge in (box[0], box[2]):
            pen.line((edge, box[1], edge, box[3]), fill=(96, 74, 38), width=4)


def _cylinder(
    scene: Image.Image, colour: Colour, box: tuple[int, int, int, int], *, upright: bool
) -> None:
    wide, high = box[2] - box[0], box[3] - box[1]
    across = np.linspace(-1, 1, wide if upright else high, dtype=np.float32)
    shade = 0.38 + 0.72 * np.clip(1 - (across + 0.3) ** 2, 0, 1)
    shade += 0.35 * np.exp(-(((across + 0.42) / 0.12) ** 2))
    line = np.clip(shade[:, None] * np.array(colour, dtype=np.float32), 0, 236).astype(np.uint8)
    strip = Image.fromarray(line[None, :, :] if upright else line[:, None, :])
    scene.paste(strip.resize((wide, high)), box[:2])


def _shadow(scene: Image.Image, box: tuple[int, int, int, int]) -> None:
    _darken(scene, lambda pen: pen.rectangle([value // 8 for value in box], fill=120), 5)


def _darken(
    scene: Image.Image, shape: Callable[[ImageDraw.ImageDraw], None], radius: float
) -> None:
    mask = Image.new("L", (SCENE // 8, SCENE // 8), 0)
    shape(ImageDraw.Draw(mask))
    soft = mask.filter(ImageFilter.GaussianBlur(radius)).resize(
        scene.size, Image.Resampling.BILINEAR
    )
    scene.paste((12, 12, 14), (0, 0), soft)


def _lid(scene: Image.Image, look: Look) -> None:
    """The cover, swung up behind the face."""
    pen = ImageDraw.Draw(scene)
    top, dark = CENTRE - RING - 250, tuple(int(value * 0.55) for value in look.body)
    box = (CENTRE - 330, top, CENTRE + 330, top + 420)
    pen.rounded_rectangle(box, radius=150, fill=look.body, outline=dark, width=10)
    inner = (box[0] + 46, box[1] + 46, box[2] - 46, box[3] - 46)
    pen.rounded_rectangle(inner, radius=110, outline=dark, width=6)
    hinge = (CENTRE - 90, CENTRE - RING - 34, CENTRE + 90, CENTRE - RING + 24)
    pen.rounded_rectangle(hinge, radius=16, fill=dark)


def _body(scene: Image.Image, look: Look) -> None:
    middle = SCENE // 16
    reach = RING // 8
    soft = (middle - reach - 3, middle - reach + 3, middle + reach + 9, middle + reach + 13)
    _darken(scene, lambda pen: pen.ellipse(soft, fill=150), 5)
    side = RING * 2
    line = np.linspace(-1, 1, RING, dtype=np.float32)
    x, y = line[None, :], line[:, None]
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    light = 0.78 + 0.26 * np.cos(angle + 2.2)
    bevel = np.interp(radius, (0.83, 0.855, 0.90, 0.95, 1.0), (0.42, 1.1, 1.22, 0.95, 0.55))
    shade = (light * bevel)[..., None] * np.array(look.body, dtype=np.float32)
    rim = np.exp(-(((radius - 0.885) / 0.012) ** 2)) * np.clip(np.cos(angle + 2.2), 0, 1)
    pixels = np.clip(shade + 46 * rim[..., None], 0, 240).astype(np.uint8)
    mask = Image.new("L", (side * 2, side * 2), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, side * 2 - 1, side * 2 - 1), fill=255)
    corner = CENTRE - RING
    ring = Image.fromarray(pixels).resize((side, side), Image.Resampling.BILINEAR)
    scene.paste(ring, (corner, corner), mask.resize((side, side)))


def _glass(scene: Image.Image, rng: Generator) -> None:
    """The faint sheen of a window on the glass, and the shadow of the rim on the dial."""
    corner = CENTRE - FACE // 2
    box = (corner, corner, corner + FACE, corner + FACE)
    dial = scene.crop(box)
    sheen = Image.new("L", (FACE // 4, FACE // 4), 0)
    pen = ImageDraw.Draw(sheen)
    start = int(rng.integers(150, 300))
    width = int(rng.integers(6, 16))
    pen.arc((14, 14, FACE // 4 - 14, FACE // 4 - 14), start, start + 60, fill=44, width=width)
    soft = sheen.filter(ImageFilter.GaussianBlur(4)).resize((FACE, FACE))
    dial.paste((250, 252, 255), (0, 0), soft)
    rim = Image.new("L", (FACE // 4, FACE // 4), 255)
    ImageDraw.Draw(rim).ellipse((5, 8, FACE // 4 - 2, FACE // 4 + 2), fill=0)
    shade = rim.filter(ImageFilter.GaussianBlur(3)).resize((FACE, FACE))
    circle = Image.new("L", (FACE, FACE), 0)
    ImageDraw.Draw(circle).ellipse((0, 0, FACE - 1, FACE - 1), fill=110)
    dial.paste((30, 30, 34), (0, 0), ImageChops.multiply(shade, circle))
    scene.paste(dial, (corner, corner))


def _dirt(scene: Image.Image, rng: Generator) -> None:
    """Specks and a wiped film on the glass: as much as a citizen leaves."""
    pen = ImageDraw.Draw(scene, "RGBA")
    for _ in range(int(rng.integers(0, 40))):
        angle, reach = rng.uniform(0, 6.283), FACE * 0.48 * np.sqrt(rng.random())
        x, y = CENTRE + reach * np.cos(angle), CENTRE + reach * np.sin(angle)
        size = rng.uniform(1, 3.5)
        tone = (96, 84, 66, int(rng.integers(60, 170)))
        pen.ellipse((x - size, y - size, x + size, y + size), fill=tone)
    if rng.random() < 0.4:
        film = (cloud(rng, 6, (FACE, FACE)) + 0.2).clip(0, 1) * rng.uniform(20, 60)
        mask = Image.fromarray(film.astype(np.uint8))
        circle = Image.new("L", (FACE, FACE), 0)
        ImageDraw.Draw(circle).ellipse((0, 0, FACE - 1, FACE - 1), fill=255)
        corner = CENTRE - FACE // 2
        scene.paste((150, 138, 118), (corner, corner), ImageChops.multiply(mask, circle))
