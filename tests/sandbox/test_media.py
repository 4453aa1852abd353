"""Pictures and voices: upload, download, and the end after three days."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from sandbox.config import SandboxConfig
from tests.sandbox.client import Control
from tests.sandbox.test_tokens import WECHAT, stable
from tests.sandbox.toy_server import Toy

JPEG = b"\xff\xd8\xff\xe0" + bytes(100)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
THREE_DAYS_S = 3 * 86_400


def upload(control: Control, token: str, kind: str, content: bytes) -> dict[str, Any]:
    path = f"{WECHAT}/media/upload?access_token={token}&type={kind}"
    answer = control.upload(path, "media", content)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.get_json()
    return body


def download(control: Control, token: str, media_id: str) -> TestResponse:
    return control.http.get(f"{WECHAT}/media/get?access_token={token}&media_id={media_id}")


@pytest.fixture
def token(control: Control, config: SandboxConfig) -> str:
    return str(stable(control, config)["access_token"])


def test_an_upload_can_be_fetched_until_three_days_have_passed(
    control: Control, token: str, config: SandboxConfig
) -> None:
    uploaded = upload(control, token, "image", JPEG)
    assert uploaded["type"] == "image"
    got = download(control, token, uploaded["media_id"])
    assert got.data == JPEG
    assert got.headers["Content-Type"] == "image/jpeg"
    assert got.headers["Content-disposition"] == (
        f'attachment; filename="{uploaded["media_id"]}.jpg"'
    )
    control.advance(THREE_DAYS_S + 1)
    token = str(stable(control, config)["access_token"])
    gone = download(control, token, uploaded["media_id"])
    assert (gone.status_code, gone.get_json()["errcode"]) == (200, 40007)


def test_a_thumb_is_called_thumb(control: Control, token: str) -> None:
    assert "thumb_media_id" in upload(control, token, "thumb", JPEG)


@pytest.mark.parametrize(
    ("kind", "content", "errcode"),
    [
        ("picture", JPEG, 40004),
        ("image", b"", 44001),
        ("image", b"GIF is not what this is", 40005),
        ("thumb", PNG, 40005),
        ("voice", JPEG, 40005),
        ("thumb", JPEG + bytes(64 * 1024), 45001),
        ("image", JPEG + bytes(10 * 1024 * 1024), 45001),
    ],
)
def test_a_bad_upload_is_refused(
    control: Control, token: str, kind: str, content: bytes, errcode: int
) -> None:
    assert upload(control, token, kind, content)["errcode"] == errcode


def test_an_upload_without_a_file_and_a_download_without_an_id_are_refused(
    control: Control, token: str
) -> None:
    empty = control.http.post(f"{WECHAT}/media/upload?access_token={token}&type=image", data={})
    assert empty.get_json()["errcode"] == 41005
    assert download(control, token, "").get_json()["errcode"] == 41006


def test_a_citizens_photo_reaches_the_server_and_stays_on_the_phone(
    toy: Toy, control: Control, token: str
) -> None:
    openid = control.follower()
    posted = control.upload(f"/sandbox/api/citizens/{openid}/photos", "photo", PNG)
    media_id = posted.get_json()["media_id"]
    control.act(openid, type="image", media_id=media_id)
    got = toy.seen[-1]
    assert got.element("MediaId") == media_id
    assert got.element("PicUrl").endswith(f"/sandbox/api/media/{media_id}")
    assert download(control, token, media_id).data == PNG
    bubble = control.bubbles(openid)[-1]
    assert (bubble["kind"], bubble["media_id"]) == ("image", media_id)

    control.advance(THREE_DAYS_S + 1)
    shown = control.http.get(f"/sandbox/api/media/{media_id}")
    assert (shown.status_code, shown.data) == (200, PNG)


def test_what_is_no_picture_is_refused(control: Control) -> None:
    openid = control.follower()
    path = f"/sandbox/api/citizens/{openid}/photos"
    assert control.upload(path, "photo", b"MZ").status_code == 400
    assert control.http.post(path, data={}).status_code == 400
    assert control.upload(path, "photo", JPEG + bytes(13 << 20)).status_code == 413
    assert control.http.get("/sandbox/api/media/unknown").status_code == 404
