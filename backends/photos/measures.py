"""How bright, how dazzled and how sharp a picture is: three numbers for one scale.

Measured in the middle of a grey copy whose longer edge is SCALE, so that a threshold means the same
for every phone. docs/photos.md shows what the numbers are for good and for bad photos.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

SCALE = 800
MIDDLE = 0.7  # of either edge: the meter is there, the wall is not asked
_WHITE = 250
_CELL = 16
_FINE, _COARSE = 2, 8
_DIRECTIONS = ((0, 1), (1, 0), (1, 1), (1, -1))

Greys = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Measures:
    """`width`, `height`: as sent. `brightness`: the grey that 95 % are darker than. `brightest`:
    the same for 99.5 %. `dazzled`: the share of fields that are nothing but white.
    `sharpness`: what is left of fine detail in the direction that lost most."""

    width: int
    height: int
    brightness: float
    brightest: float
    dazzled: float
    sharpness: float


def measure(image: Image.Image, width: int, height: int) -> Measures:
    grey = image.convert("L")
    grey.thumbnail((SCALE, SCALE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    middle = _middle(np.asarray(grey, dtype=np.float32))
    calm = grey.filter(ImageFilter.BoxBlur(_COARSE // 4))
    smooth = _middle(np.asarray(calm, dtype=np.float32))
    return Measures(
        width=width,
        height=height,
        brightness=float(np.quantile(middle, 0.95)),
        brightest=float(np.quantile(middle, 0.995)),
        dazzled=_dazzled(middle),
        sharpness=min(_sharpness(middle, smooth, dy, dx) for dy, dx in _DIRECTIONS),
    )


def _middle(grey: Greys) -> Greys:
    high, wide = grey.shape
    top, left = int(high * (1 - MIDDLE) / 2), int(wide * (1 - MIDDLE) / 2)
    return grey[top : high - top, left : wide - left]


def _dazzled(middle: Greys) -> float:
    """By fields: a spot counts, scattered white grains and thin edges do not."""
    high, wide = (edge // _CELL for edge in middle.shape)
    if not high or not wide:
        return 0.0
    white = middle[: high * _CELL, : wide * _CELL] >= _WHITE
    fields = white.reshape(high, _CELL, wide, _CELL).mean(axis=(1, 3))
    return float((fields > 0.9).mean())


def _sharpness(middle: Greys, smooth: Greys, dy: int, dx: int) -> float:
    """The variance of a fine second difference (a Laplacian of one direction) where the coarse one
    is strongest, over that of the coarse one. Light and contrast cancel out; noise, measured where
    nothing is to be seen, is subtracted. One direction at a time, because a shaken photo is blurred
    in one direction only. Coarse is looked for in a smooth copy: else the strongest places of a
    noisy photo would be those where the noise is strong, and noise would pass for detail."""
    margin = _COARSE
    if min(middle.shape) <= 4 * margin:
        return 0.0
    coarse_step = _COARSE if 0 in (dy, dx) else round(_COARSE * 0.7)
    fine = _second_difference(middle, dy * _FINE, dx * _FINE, margin)
    coarse = _second_difference(smooth, dy * coarse_step, dx * coarse_step, margin)
    half, tenth = np.quantile(coarse[::3, ::3], (0.5, 0.9))  # a ninth of them says the same
    edges, calm = coarse >= tenth, coarse <= half
    strength = float(coarse[edges].mean())
    if strength <= 0:
        return 0.0
    return max(0.0, float(fine[edges].mean() - fine[calm].mean())) / strength


def _second_difference(grey: Greys, dy: int, dx: int, margin: int) -> Greys:
    high, wide = grey.shape

    def moved(times: int) -> Greys:
        top, left = margin + times * dy, margin + times * dx
        return grey[top : top + high - 2 * margin, left : left + wide - 2 * margin]

    squared: Greys = (moved(1) - 2 * moved(0) + moved(-1)) ** 2
    return squared
