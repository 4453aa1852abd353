"""Photos by signed link: only that photo, only for a while, and nobody keeps a copy."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backends.errors import BackendUnavailable
from web.files import files, sign_link

KEY = b"the key of the tests"
NOW = 1_795_320_000
PHOTO, OTHER, BROKEN = "a" * 24, "b" * 24, "c" * 24
JPEG = b"\xff\xd8\xff the picture"


class Shelf:
    """Implements `ports.PhotoStore`."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(self, photo_id: str) -> bytes | None:
        self.asked.append(photo_id)
        if photo_id == BROKEN:
            raise BackendUnavailable("photos", 0.0, "damaged")
        return JPEG if photo_id == PHOTO else None

    def delete(self, photo_id: str) -> None:
        raise AssertionError("a link never deletes")


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def browser(shelf: Shelf) -> Iterator[FlaskClient]:
    app = Flask(__name__)
    app.register_blueprint(files(shelf, KEY, lambda: float(NOW)))
    with app.test_client() as client:
        yield client


def follow(browser: FlaskClient, link: str) -> TestResponse:
    parts = urlsplit(link)
    return browser.get(f"{parts.path}?{parts.query}")


def link(photo_id: str = PHOTO, expires_at: int = NOW + 60, key: bytes = KEY) -> str:
    return sign_link("https://wx.example.com", key, photo_id, expires_at)


def test_a_link_is_built_from_the_public_address() -> None:
    assert link().startswith(f"https://wx.example.com/files/{PHOTO}?expires={NOW + 60}&signature=")


def test_whoever_has_the_link_sees_the_photo_and_keeps_no_copy(browser: FlaskClient) -> None:
    response = follow(browser, link())
    assert (response.status_code, response.data) == (200, JPEG)
    assert response.content_type == "image/jpeg"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("expires_at", [NOW - 1, NOW, 0, -5])
def test_an_expired_link_shows_nothing(browser: FlaskClient, shelf: Shelf, expires_at: int) -> None:
    assert follow(browser, link(expires_at=expires_at)).status_code == 403
    assert shelf.asked == []


@pytest.mark.parametrize(
    "wrong",
    [
        link(key=b"another key"),
        link().replace(PHOTO, OTHER),
        link().replace(f"expires={NOW + 60}", f"expires={NOW + 61}"),
        link()[:-1],
        link() + "0",
        f"/files/{PHOTO}",
        f"/files/{PHOTO}?expires={NOW + 60}&signature=",
        f"/files/{PHOTO}?expires={NOW + 60}&signature=水",
        f"/files/{PHOTO}?signature=00",
        sign_link("", KEY, PHOTO, NOW + 60).replace("expires=", "expires=%20"),
    ],
    ids=range(10),
)
def test_a_link_that_was_tampered_with_shows_nothing(
    browser: FlaskClient, shelf: Shelf, wrong: str
) -> None:
    assert follow(browser, wrong).status_code == 403
    assert shelf.asked == []


def test_a_photo_that_was_deleted_is_not_found(browser: FlaskClient) -> None:
    assert follow(browser, link(OTHER)).status_code == 404


def test_a_photo_that_cannot_be_read_is_no_missing_one(browser: FlaskClient) -> None:
    assert follow(browser, link(BROKEN)).status_code == 503


def test_no_folder_can_be_walked_through(browser: FlaskClient) -> None:
    assert follow(browser, link("../../etc/passwd")).status_code in (403, 404)
    assert follow(browser, link("..%2f..%2fetc%2fpasswd")).status_code in (403, 404)
