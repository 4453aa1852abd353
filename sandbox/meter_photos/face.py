"""The register of the meter, seen from the front: wheels, dials, star wheel, barcode, print.

Drawn at twice the size and reduced, because Pillow's lines and circles have no smooth edges.
"""

import math

from PIL import Image, ImageDraw, ImageFont

from sandbox.meter_photos.spec import Colour, Look, MeterPhoto
from sandbox.meter_photos.wheels import draw_wheels

INK: Colour = (38, 38, 42)
RED: Colour = (196, 30, 36)


def draw_face(spec: MeterPhoto, look: Look, size: int) -> Image.Image:
    """A square picture whose inscribed circle is the face; RGBA, clear outside."""
    side = size * 2
    face = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(face)
    pen.ellipse((0, 0, side - 1, side - 1), fill=(*look.paper, 255))
    unit = side / 2
    for inset, width, shade in ((0.0, 0.035, 120), (0.05, 0.006, 90)):
        box = (unit * inset, unit * inset, side - unit * inset, side - unit * inset)
        pen.ellipse(box, outline=(shade, shade, shade, 255), width=max(1, int(unit * width)))
    _print(pen, look, unit)
    draw_wheels(face, spec, (unit, unit * 0.70), unit)
    tenths = (spec.litres * 7 + spec.reading * 3) % 10 / 10
    _dial(pen, (unit * 0.50, unit * 1.20), unit * 0.2, (spec.litres % 10 + tenths) / 10, "x0.001")
    _dial(pen, (unit * 1.50, unit * 1.20), unit * 0.2, tenths, "x0.0001")
    _star(pen, (unit, unit * 1.14), unit * 0.13, spec.litres)
    _barcode(pen, (unit, unit * 1.66), unit, spec.meter_code)
    return face.resize((size, size), Image.Resampling.BOX)


def text(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], words: str, size: float, ink: Colour = INK
) -> None:
    """Centred at `at`, a little bold, as print on a dial is."""
    font = ImageFont.load_default(size)
    pen.text(at, words, font=font, fill=ink, anchor="mm", stroke_width=size / 40, stroke_fill=ink)


def _print(pen: ImageDraw.ImageDraw, look: Look, unit: float) -> None:
    text(pen, (unit, unit * 0.24), look.brand, unit * 0.125, (26, 58, 120))
    text(pen, (unit, unit * 0.40), "LXS-15E   Q3=2.5   R80   T30", unit * 0.058)
    text(pen, (unit * 0.99, unit * 0.945), "m", unit * 0.11)
    text(pen, (unit * 1.055, unit * 0.91), "3", unit * 0.06)
    text(pen, (unit * 0.5, unit * 0.94), "CLASS 2", unit * 0.052)
    text(pen, (unit * 1.5, unit * 0.94), "1.0 MPa", unit * 0.052)


def _dial(
    pen: ImageDraw.ImageDraw, centre: tuple[float, float], radius: float, turn: float, label: str
) -> None:
    x, y = centre
    width = max(1, int(radius * 0.05))
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=RED, width=width)
    for digit in range(10):
        angle = 2 * math.pi * digit / 10
        east, north = math.sin(angle), math.cos(angle)
        outer = (x + east * radius, y - north * radius)
        inner = (x + east * radius * 0.86, y - north * radius * 0.86)
        pen.line((inner, outer), fill=RED, width=width)
        at = (x + east * radius * 0.68, y - north * radius * 0.68)
        text(pen, at, str(digit), radius * 0.27, INK)
    angle = 2 * math.pi * turn
    east, north = math.sin(angle), math.cos(angle)
    tip = (x + east * radius * 0.92, y - north * radius * 0.92)
    side = (-north * radius * 0.11, -east * radius * 0.11)
    tail = (x - east * radius * 0.3, y + north * radius * 0.3)
    pen.polygon(
        (tip, (x + side[0], y + side[1]), tail, (x - side[0], y - side[1])), fill=(*RED, 255)
    )
    hub = radius * 0.1
    pen.ellipse((x - hub, y - hub, x + hub, y + hub), fill=(120, 16, 20, 255))
    text(pen, (x, y + radius * 1.2), label, radius * 0.26, RED)


def _star(pen: ImageDraw.ImageDraw, centre: tuple[float, float], radius: float, phase: int) -> None:
    """The little wheel that shows the slightest flow."""
    x, y = centre
    pen.ellipse(
        (x - radius, y - radius, x + radius, y + radius), fill=(246, 246, 244), outline=INK, width=3
    )
    points = []
    for corner in range(24):
        reach = radius * (0.92 if corner % 2 else 0.6)
        angle = math.pi * corner / 12 + phase * 0.7
        points.append((x + math.sin(angle) * reach, y - math.cos(angle) * reach))
    pen.polygon(points, fill=RED)
    hub = radius * 0.2
    pen.ellipse((x - hub, y - hub, x + hub, y + hub), fill=(240, 240, 240))


def _barcode(pen: ImageDraw.ImageDraw, centre: tuple[float, float], unit: float, code: str) -> None:
    """Bars in the manner of Interleaved 2 of 5: five of each digit, two of them wide."""
    x, y = centre
    wide, high = unit * 0.84, unit * 0.24
    box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    pen.rectangle(box, fill=(250, 250, 250, 255), outline=(170, 170, 170, 255), width=2)
    widths = [width for digit in code for width in _BARS.get(digit, _BARS["0"])]
    bar = wide * 0.88 / (sum(widths) + len(widths) / 5)
    left = x - wide * 0.44
    for index, width in enumerate(widths):
        if index % 2 == 0:
            pen.rectangle((left, box[1] + high * 0.1, left + bar * width, y + high * 0.1), fill=INK)
        left += bar * (width + 0.2)
    text(pen, (x, y + high * 0.31), f"No. {code}", unit * 0.07)


_BARS = {
    "0": (1, 1, 2, 2, 1),
    "1": (2, 1, 1, 1, 2),
    "2": (1, 2, 1, 1, 2),
    "3": (2, 2, 1, 1, 1),
    "4": (1, 1, 2, 1, 2),
    "5": (2, 1, 2, 1, 1),
    "6": (1, 2, 2, 1, 1),
    "7": (1, 1, 1, 2, 2),
    "8": (2, 1, 1, 2, 1),
    "9": (1, 2, 1, 2, 1),
}
