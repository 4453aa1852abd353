"""Pictures up and down: what they are is told from their bytes."""

import pytest

from backends.errors import BackendUnavailable, Reaction, Rejected, WechatRejected
from backends.wechat.media import LARGEST_UPLOAD_BYTES, download, sniff, upload_image
from tests.contract.wechat.conftest import Worker
from tests.contract.wechat.platform import Platform, Scripted

GET = "/cgi-bin/media/get"
UPLOAD = "/cgi-bin/media/upload"
JPEG = b"\xff\xd8\xff\xe0" + b"\x00\x10JFIF" * 50
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(100)
ROOMY = 1_000_000


def test_a_picture_comes_down_with_the_type_of_its_bytes(
    worker: Worker, platform: Platform
) -> None:
    platform.script(GET, Scripted(body=PNG, mime="image/jpeg"))
    media = download(worker.client, "MEDIA-1", ROOMY)
    assert (media.mime, media.data) == ("image/png", PNG)
    assert platform.to(GET)[0].query["media_id"] == "MEDIA-1"


def test_an_error_with_status_200_is_an_error(worker: Worker, platform: Platform) -> None:
    body = b'{"errcode":40007,"errmsg":"invalid media_id"}'
    platform.script(GET, Scripted(body=body, mime="text/plain"))
    with pytest.raises(WechatRejected) as caught:
        download(worker.client, "MEDIA-1", 10)
    assert caught.value.reaction is Reaction.MEDIA


def test_a_refused_token_is_renewed_for_a_download_too(worker: Worker, platform: Platform) -> None:
    platform.script(GET, {"errcode": 42001, "errmsg": "expired"}, Scripted(body=JPEG, mime=""))
    assert download(worker.client, "MEDIA-1", ROOMY).mime == "image/jpeg"
    assert [asked.query["access_token"] for asked in platform.to(GET)] == ["TOKEN-1", "TOKEN-2"]


def test_a_busy_platform_is_asked_again_for_a_picture(worker: Worker, platform: Platform) -> None:
    platform.script(GET, {"errcode": -1, "errmsg": "busy"}, Scripted(body=JPEG, mime="image/jpeg"))
    assert download(worker.client, "MEDIA-1", ROOMY).data == JPEG


@pytest.mark.parametrize("size", [5_001, 3_000_000])
def test_a_file_beyond_the_cap_is_cut_off(worker: Worker, platform: Platform, size: int) -> None:
    platform.script(GET, Scripted(body=JPEG.ljust(size, b"x"), mime="image/jpeg"))
    with pytest.raises(Rejected, match="more than 5000 bytes") as caught:
        download(worker.client, "MEDIA-1", 5_000)
    assert caught.value.code == "too_large"


def test_a_cap_below_the_size_of_an_error_still_holds(worker: Worker, platform: Platform) -> None:
    platform.script(GET, Scripted(body=JPEG, mime="image/jpeg"))
    with pytest.raises(Rejected):
        download(worker.client, "MEDIA-1", len(JPEG) - 1)
    platform.script(GET, Scripted(body=JPEG, mime="image/jpeg"))
    assert len(download(worker.client, "MEDIA-1", len(JPEG)).data) == len(JPEG)


def test_a_video_is_fetched_from_the_address_that_wechat_names_without_the_token(
    worker: Worker, platform: Platform
) -> None:
    platform.script(GET, {"video_url": f"{platform.base_url}/video/1?sign=abc"})
    platform.script("/video/1", Scripted(body=MP4, mime="video/mp4"))
    assert download(worker.client, "MEDIA-1", ROOMY).mime == "video/mp4"
    assert platform.to("/video/1")[0].query == {"sign": "abc"}


@pytest.mark.parametrize(
    "data", [{}, {"video_url": "file:///etc/passwd"}, {"video_url": 3}, {"video_url": "//x"}]
)
def test_json_that_names_no_file_is_no_media(
    worker: Worker, platform: Platform, data: dict[str, object]
) -> None:
    platform.script(GET, data)
    with pytest.raises(BackendUnavailable, match="names no file"):
        download(worker.client, "MEDIA-1", ROOMY)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Scripted(body=b"<html>please log in", mime="text/html"), "not a JSON object"),
        (Scripted(body=JPEG, mime="image/jpeg", declared=10_000), "cut off"),
        (Scripted(body=b"", mime="image/jpeg"), "an empty file"),
        (Scripted(body=JPEG, mime="image/jpeg", status=502), "HTTP status 502"),
    ],
)
def test_what_is_no_whole_file_is_not_handed_on(
    worker: Worker, platform: Platform, answer: Scripted, why: str
) -> None:
    platform.script(GET, answer)
    with pytest.raises(BackendUnavailable, match=why):
        download(worker.client, "MEDIA-1", ROOMY)


def test_an_upload_carries_name_type_and_bytes(worker: Worker, platform: Platform) -> None:
    platform.script(UPLOAD, {"type": "image", "media_id": "UP-1", "created_at": 1})
    assert upload_image(worker.client, "notice.png", PNG, "image/png") == "UP-1"
    (asked,) = platform.to(UPLOAD)
    assert asked.query == {"access_token": "TOKEN-1", "type": "image"}
    assert asked.mime.startswith("multipart/form-data; boundary=")
    assert b'name="media"; filename="notice.png"\r\nContent-Type: image/png' in asked.body
    assert PNG in asked.body


@pytest.mark.parametrize(
    ("name", "data", "mime"),
    [
        ("水表.png", PNG, "image/png"),
        ("picture", PNG, "image/png"),
        ('a".png', PNG, "image/png"),
        ("a.png\n", PNG, "image/png"),
        ("a.png", JPEG, "image/png"),
        ("a.svg", b"<svg/>", "image/svg+xml"),
        ("a.png", PNG.ljust(LARGEST_UPLOAD_BYTES + 1), "image/png"),
        ("a.png", b"", "image/png"),
    ],
)
def test_an_upload_that_wechat_would_refuse_is_not_sent(
    worker: Worker, platform: Platform, name: str, data: bytes, mime: str
) -> None:
    with pytest.raises(WechatRejected, match="not sent"):
        upload_image(worker.client, name, data, mime)
    assert platform.asked == []


def test_an_upload_answered_without_an_id_is_a_failure(worker: Worker, platform: Platform) -> None:
    platform.script(UPLOAD, {"type": "image"})
    with pytest.raises(BackendUnavailable, match="without a media_id"):
        upload_image(worker.client, "a.png", PNG, "image/png")


def test_bytes_of_no_known_kind_are_called_so() -> None:
    assert sniff(b"<script>") == "application/octet-stream"
    assert sniff(b"RIFF\x00\x00\x00\x00WEBPVP8 ") == "image/webp"
    assert sniff(b"GIF89a") == "image/gif"
