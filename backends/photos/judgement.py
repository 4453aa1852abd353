"""Is the photo good enough for what it is for? One table of thresholds, one order of naming."""

from dataclasses import dataclass

from backends.photos.measures import Measures
from backends.ports import FlawReason, PhotoPurpose


@dataclass(frozen=True, slots=True)
class Thresholds:
    """docs/photos.md explains each one. What is measured must reach every `at_least` and stay below
    `most_dazzled`; 0 (and 1) switch a check off."""

    longer_edge_at_least: int
    shorter_edge_at_least: int
    brightness_at_least: float
    brightest_at_least: float
    most_dazzled: float
    sharpness_at_least: float


THRESHOLDS = {
    PhotoPurpose.METER: Thresholds(
        longer_edge_at_least=800,
        shorter_edge_at_least=600,
        brightness_at_least=55,
        brightest_at_least=0,
        most_dazzled=0.012,
        sharpness_at_least=0.06,
    ),
    PhotoPurpose.FAULT: Thresholds(
        longer_edge_at_least=320,
        shorter_edge_at_least=320,
        brightness_at_least=0,
        brightest_at_least=20,
        most_dazzled=1,
        sharpness_at_least=0,
    ),
    # White paper is dazzling by nature, and staff read what is printed on it.
    PhotoPurpose.DOCUMENT: Thresholds(
        longer_edge_at_least=800,
        shorter_edge_at_least=600,
        brightness_at_least=55,
        brightest_at_least=0,
        most_dazzled=1,
        sharpness_at_least=0.03,
    ),
}


def flaw_of(measures: Measures, purpose: PhotoPurpose) -> FlawReason | None:
    """The first flaw in the order of the cures: in the dark nothing else can be told, and a
    reflection takes the sharpness away too."""
    limits = THRESHOLDS[purpose]
    longer, shorter = (pick(measures.width, measures.height) for pick in (max, min))
    if longer < limits.longer_edge_at_least or shorter < limits.shorter_edge_at_least:
        return FlawReason.TOO_SMALL
    if (
        measures.brightness < limits.brightness_at_least
        or measures.brightest < limits.brightest_at_least
    ):
        return FlawReason.TOO_DARK
    if measures.dazzled > limits.most_dazzled:
        return FlawReason.GLARE
    if measures.sharpness < limits.sharpness_at_least:
        return FlawReason.BLURRED
    return None
