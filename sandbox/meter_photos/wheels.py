"""The digit wheels: black for whole cubic metres, red for tenths and hundredths."""

from PIL import Image, ImageChops, ImageDraw, ImageFont

from sandbox.meter_photos.spec import Colour, MeterPhoto

RED_WHEELS = 2
BLACK: Colour = (24, 24, 26)
RED: Colour = (186, 26, 32)
PAINT: Colour = (244, 244, 240)


def window(digits: int, centre: tuple[float, float], unit: float) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the frame; `unit` is the radius of the face."""
    wide, high, gap = _sizes(unit)
    across = (digits + RED_WHEELS) * (wide + gap) + gap
    left, top = int(centre[0] - across / 2), int(centre[1] - high / 2)
    return left - gap, top - gap * 2, left + across + gap, top + high + gap * 2


def draw_wheels(
    face: Image.Image, spec: MeterPhoto, centre: tuple[float, float], unit: float
) -> None:
    """A window around `centre`."""
    wide, high, gap = _sizes(unit)
    frame = window(spec.digits, centre, unit)
    pen = ImageDraw.Draw(face)
    pen.rounded_rectangle(frame, radius=gap * 2, fill=(58, 58, 60, 255))
    pen.rounded_rectangle(frame, radius=gap * 2, outline=(150, 150, 150, 255), width=gap // 3)
    for place, (digit, turn) in enumerate(positions(spec)):
        colour = BLACK if place < spec.digits else RED
        wheel = _wheel(digit, turn, colour, (wide, high))
        face.paste(wheel, (frame[0] + 2 * gap + place * (wide + gap), frame[1] + 2 * gap))


def _sizes(unit: float) -> tuple[int, int, int]:
    """Width and height of a wheel, and the gap between two."""
    return int(unit * 0.185), int(unit * 0.30), int(unit * 0.022)


def positions(spec: MeterPhoto) -> list[tuple[int, float]]:
    """(digit, how far it has turned on to the next) of each wheel from the left. A wheel turns
    while the one to its right goes from 9 to 0; the last black one is worn and starts early."""
    places = spec.digits + RED_WHEELS
    hundredths = spec.reading * 10**RED_WHEELS + spec.litres // 10
    turning = spec.litres % 10 / 10
    found: list[tuple[int, float]] = []
    for place in range(places):
        digit = hundredths // 10**place % 10
        found.append((digit, turning))
        turning = turning if digit == 9 else 0.0
        if place == RED_WHEELS - 1 and digit == 9:
            turning = spec.litres % 100 / 100
    return found[::-1]


def _wheel(digit: int, turn: float, colour: Colour, size: tuple[int, int]) -> Image.Image:
    wide, high = size
    wheel = Image.new("RGB", size, colour)
    pen = ImageDraw.Draw(wheel)
    font = ImageFont.load_default(high * 0.82)
    for step in (-1, 0, 1):
        at = (wide / 2, high / 2 + (step - turn) * high * 0.92)
        shown = str((digit + step) % 10)
        pen.text(at, shown, font=font, fill=PAINT, anchor="mm", stroke_width=high / 60)
    return ImageChops.multiply(wheel, _roundness(size))


def _roundness(size: tuple[int, int]) -> Image.Image:
    """A wheel is a drum: darker towards its upper and lower edge."""
    column = Image.new("L", (1, 64))
    column.putdata([int(255 * (1 - 0.55 * abs(y / 31.5 - 1) ** 2.2)) for y in range(64)])
    return Image.merge("RGB", [column.resize(size, Image.Resampling.BILINEAR)] * 3)
