"""Pictures to WeChat and pictures from citizens.

Enters: bytes to upload, or a media id. Leaves: a media id (valid three days), or `Media` whose type
is told from its first bytes, never from what the sender claims.
"""

import re
from dataclasses import dataclass, field, replace

from urllib3.filepost import encode_multipart_formdata

from backends.errors import BackendUnavailable, Rejected
from backends.wechat.answers import Answer
from backends.wechat.client import WechatClient
from backends.wechat.errcodes import rejection
from backends.wechat.transport import SYSTEM, Call

# WeChat's page says 10 MB in one line and 2 MB in another.
LARGEST_UPLOAD_BYTES = 2 * 1024 * 1024

_UPLOAD_TYPES = frozenset({"image/jpeg", "image/png", "image/gif"})
# Without an extension WeChat answers 40005, with Chinese characters 41005 (WeRoBot #299, #292).
_FILE_NAME = re.compile(r"[A-Za-z0-9._-]{1,60}\.[A-Za-z0-9]{1,8}")
_LONGEST_ERROR_BYTES = 4096
_BAD_FILE_TYPE, _TOO_LARGE = 40005, 45001

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"#!AMR", "audio/amr"),
    (4, b"ftyp", "video/mp4"),
)


@dataclass(frozen=True, slots=True)
class Media:
    """`mime` is application/octet-stream for what is not known."""

    mime: str
    data: bytes = field(repr=False)


def upload_image(client: WechatClient, name: str, data: bytes, mime: str) -> str:
    if not _FILE_NAME.fullmatch(name):
        raise rejection(_BAD_FILE_TYPE, "not sent: the file name must be ASCII with an extension")
    if mime not in _UPLOAD_TYPES or sniff(data) != mime:
        raise rejection(_BAD_FILE_TYPE, "not sent: not the JPEG, PNG or GIF it is said to be")
    if len(data) > LARGEST_UPLOAD_BYTES:
        raise rejection(_TOO_LARGE, f"not sent: {len(data)} bytes, limit {LARGEST_UPLOAD_BYTES}")
    body, content_type = encode_multipart_formdata({"media": (name, data, mime)})
    path = "/cgi-bin/media/upload"
    media_id = client.ask(
        Call(
            method="POST",
            path=path,
            params={"type": "image"},
            body=body,
            content_type=content_type,
            slow=True,
        )
    ).get("media_id")
    if not isinstance(media_id, str) or not media_id:
        raise BackendUnavailable(SYSTEM, 0.0, f"{path}: an answer without a media_id", sent=True)
    return media_id


def download(client: WechatClient, media_id: str, max_bytes: int) -> Media:
    """Raises WechatRejected (reaction MEDIA) for a media id that is unknown or older than three
    days, and Rejected `too_large`."""
    call = Call(
        method="GET",
        path="/cgi-bin/media/get",
        params={"media_id": media_id},
        private=(media_id,),
        idempotent=True,
        slow=True,
        max_bytes=max(max_bytes, _LONGEST_ERROR_BYTES),
    )
    answer = client.fetch(call)
    if answer.data is not None:
        answer = _follow(client, call, answer.text("video_url"))
    if answer.oversize or len(answer.body) > max_bytes:
        raise Rejected(SYSTEM, "too_large", f"a file of more than {max_bytes} bytes")
    if not answer.body:
        raise BackendUnavailable(SYSTEM, 0.0, f"{call.path}: an empty file")
    return Media(sniff(answer.body), answer.body)


def sniff(data: bytes) -> str:
    for start, magic, mime in _MAGIC:
        if data.startswith(magic, start):
            return mime
    return "application/octet-stream"


def _follow(client: WechatClient, call: Call, video_url: str) -> Answer:
    """Videos may come as the address of the file (protocol sheet, 3.6)."""
    if not video_url.startswith(("https://", "http://")):
        raise BackendUnavailable(SYSTEM, 0.0, f"{call.path}: JSON that names no file")
    answer = client.fetch_at(video_url, replace(call, params={}))
    if answer.data is not None:
        raise BackendUnavailable(SYSTEM, 0.0, f"{call.path}: JSON where the file should be")
    return answer
