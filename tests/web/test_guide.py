"""The page that shows how to photograph a meter, and the pictures on it."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from backends.photos.adapter import open_photos
from backends.ports import Flaw, Photo, PhotoPurpose
from sandbox.meter_photos.samples import samples
from tests.shape.conftest import TEMPLATES
from web.guide import PICTURES, guide

LARGEST_SAMPLE_BYTES = 80 * 1024


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.register_blueprint(guide(TEMPLATES, utility_name="滨河<水务>", hotline="962000"))
    return app


@pytest.fixture
def browser(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


def test_the_page_says_what_to_read_and_whom_to_call(browser: FlaskClient) -> None:
    page = browser.get("/guide/meter-photo").text
    for words in ("整个表盘", "只读黑色数字", "取<b>小的</b>", "模糊", "反光", "太暗", "962000"):
        assert words in page


def test_names_are_escaped(browser: FlaskClient) -> None:
    page = browser.get("/guide/meter-photo").text
    assert "滨河&lt;水务&gt;" in page
    assert "<水务>" not in page


def test_the_page_may_load_its_own_pictures_and_nothing_else(browser: FlaskClient) -> None:
    response = browser.get("/guide/meter-photo")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "img-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"(src|href)=\"(?!/pictures/)|<script|style=|url\(|@import", response.text)


def test_every_picture_of_the_page_is_there(browser: FlaskClient) -> None:
    shown = re.findall(
        r'src="(/pictures/\w+\.jpg)" width="(\d+)" height="(\d+)"',
        browser.get("/guide/meter-photo").text,
    )
    assert len(shown) == 8
    for path, width, height in shown:
        response = browser.get(path)
        assert response.content_type == "image/jpeg"
        assert Image.open(io.BytesIO(response.data)).size == (int(width), int(height))


@pytest.mark.parametrize(
    "path", ["/pictures/none.jpg", "/pictures/..%2fguide.jpg", "/pictures/meter_sample.png"]
)
def test_there_are_no_other_pictures(browser: FlaskClient, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_the_sample_is_small_enough_for_a_slow_line() -> None:
    assert (PICTURES / "meter_sample.jpg").stat().st_size <= LARGEST_SAMPLE_BYTES


def test_the_pictures_are_those_that_the_generator_draws() -> None:
    drawn = samples()
    assert {path.name for path in PICTURES.iterdir()} == set(drawn)
    for name, data in drawn.items():
        fresh, kept = (
            np.asarray(Image.open(source), dtype=np.int16)
            for source in (io.BytesIO(data), PICTURES / name)
        )
        assert fresh.shape == kept.shape
        # Not by bytes: another build of the JPEG library rounds differently.
        assert np.abs(fresh - kept).mean() < 2, (
            f"{name}: run python -m sandbox.meter_photos.samples"
        )


@pytest.mark.parametrize(
    ("name", "verdict"),
    [("sample", None), ("blurred", "blurred"), ("glare", "glare"), ("dark", "too_dark")],
)
def test_the_gate_agrees_with_the_page(tmp_path: Path, name: str, verdict: str | None) -> None:
    with Image.open(PICTURES / f"meter_{name}.jpg") as picture:
        out = io.BytesIO()
        picture.resize((960, 720)).save(out, "JPEG")
    photos = open_photos(lambda _: out.getvalue(), tmp_path, ["a key"])
    found = photos.take("it", PhotoPurpose.METER)
    assert isinstance(found, Photo) if verdict is None else found == Flaw(verdict)  # type: ignore[arg-type]
