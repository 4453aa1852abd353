"""Thresholds, the order of naming, and the page that explains them."""

import re
from dataclasses import asdict, replace

import numpy as np
import pytest
from PIL import Image, ImageFilter

from backends.photos.judgement import THRESHOLDS, flaw_of
from backends.photos.measures import Measures, measure
from backends.ports import FlawReason, PhotoPurpose
from tests.photos.conftest import opened
from tests.shape.conftest import ROOT

GOOD = Measures(width=1440, height=1080, brightness=190, brightest=210, dazzled=0.0, sharpness=0.15)
METER, FAULT = PhotoPurpose.METER, PhotoPurpose.FAULT


def test_a_good_photo_has_no_flaw() -> None:
    assert flaw_of(GOOD, METER) is None
    assert flaw_of(GOOD, FAULT) is None


@pytest.mark.parametrize(
    ("width", "height", "flaw"),
    [(800, 600, None), (600, 800, None), (799, 799, "too_small"), (3000, 599, "too_small")],
)
def test_a_meter_needs_800_by_600_points_either_way_up(
    width: int, height: int, flaw: str | None
) -> None:
    assert flaw_of(replace(GOOD, width=width, height=height), METER) == flaw


def test_a_fault_needs_320_points() -> None:
    assert flaw_of(replace(GOOD, width=320, height=320), FAULT) is None
    assert flaw_of(replace(GOOD, width=319, height=900), FAULT) is FlawReason.TOO_SMALL


def test_the_cure_that_comes_first_is_named_first() -> None:
    bad = Measures(width=10, height=10, brightness=9, brightest=9, dazzled=0.5, sharpness=0.0)
    named = []
    for cured in ({"width": 1440, "height": 1080}, {"brightness": 190}, {"dazzled": 0}, {}):
        named.append(flaw_of(bad, METER))
        bad = replace(bad, **cured)
    assert named == ["too_small", "too_dark", "glare", "blurred"]


def test_a_fault_may_be_blurred_or_dazzled_but_not_pitch_dark() -> None:
    assert flaw_of(replace(GOOD, sharpness=0.0, dazzled=0.4, brightness=12), FAULT) is None
    assert flaw_of(replace(GOOD, brightest=12), FAULT) is FlawReason.TOO_DARK


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_a_picture_of_nothing_is_measured_too(grey: int) -> None:
    found = measure(Image.new("RGB", (900, 700), (grey, grey, grey)), 900, 700)
    assert found.sharpness == 0.0
    assert found.dazzled == (1.0 if grey == 255 else 0.0)


def test_a_strip_of_a_few_points_is_measured_too() -> None:
    assert measure(Image.new("RGB", (2000, 3)), 2000, 3).sharpness == 0.0


def test_noise_does_not_make_a_photo_sharp(meter: bytes) -> None:
    blurred = opened(meter).filter(ImageFilter.GaussianBlur(8))
    noise = np.random.default_rng(1).normal(0, 12, (blurred.height, blurred.width, 1))
    noisy = Image.fromarray((np.asarray(blurred) + noise).clip(0, 255).astype(np.uint8))
    assert flaw_of(measure(noisy, noisy.width, noisy.height), METER) is FlawReason.BLURRED


def test_weak_contrast_does_not_make_a_photo_blurred(meter: bytes) -> None:
    pale = opened(meter).point(lambda value: 90 + value * 0.3)
    assert flaw_of(measure(pale, pale.width, pale.height), METER) is None


def test_every_purpose_is_judged_by_thresholds_that_the_page_shows() -> None:
    page = (ROOT / "docs/photos.md").read_text(encoding="utf-8")
    number = r" ([\d.–]+) \|"
    rows = re.findall(rf"^\| `(\w+)` \|{number * len(PhotoPurpose)}", page, re.MULTILINE)
    off = {0: "–", 1: "–"}
    limits = [asdict(THRESHOLDS[purpose]) for purpose in PhotoPurpose]
    assert rows == [
        (name, *(off.get(one[name], str(one[name])) for one in limits)) for name in limits[0]
    ]


def test_a_sheet_of_paper_may_dazzle_but_not_be_dark_small_or_blurred() -> None:
    paper = PhotoPurpose.DOCUMENT
    assert flaw_of(replace(GOOD, dazzled=0.7, sharpness=0.04), paper) is None
    assert flaw_of(replace(GOOD, sharpness=0.02), paper) is FlawReason.BLURRED
    assert flaw_of(replace(GOOD, brightness=40), paper) is FlawReason.TOO_DARK
    assert flaw_of(replace(GOOD, width=640, height=480), paper) is FlawReason.TOO_SMALL
