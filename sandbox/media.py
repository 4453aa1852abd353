"""Pictures and voices, in memory. After three days of the clock the platform's API has lost them;
the phone that sent or received one still shows it."""

from dataclasses import dataclass
from random import Random
from string import ascii_letters, digits

from sandbox.errcodes import ApiError

LIFE_S = 3 * 86_400
_MIB = 1024 * 1024
_SIZE_LIMITS = {"image": 10 * _MIB, "voice": 2 * _MIB, "video": 10 * _MIB, "thumb": 64 * 1024}
_STORE_LIMIT = 256 * _MIB
_SILENT_AMR = b"#!AMR\n" + bytes([0x3C]) + bytes(31)


@dataclass(frozen=True, slots=True)
class Media:
    media_id: str
    kind: str
    content_type: str
    extension: str
    content: bytes
    created_at: float


class MediaStore:
    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._kept: dict[str, Media] = {}
        self._bytes = 0

    def add(self, kind: str, content: bytes, now: float) -> Media:
        """Raises ApiError when the platform would refuse the upload."""
        content_type, extension = _checked(kind, content)
        media_id = "".join(self._rng.choices(ascii_letters + digits + "-_", k=64))
        media = Media(media_id, kind, content_type, extension, content, now)
        self._kept[media_id] = media
        self._bytes += len(content)
        while self._bytes > _STORE_LIMIT:
            oldest = self._kept.pop(next(iter(self._kept)))
            self._bytes -= len(oldest.content)
        return media

    def add_silence(self, now: float) -> Media:
        """What a citizen said: the sandbox has no microphone, one silent AMR frame stands in."""
        return self.add("voice", _SILENT_AMR, now)

    def alive(self, media_id: str, now: float) -> Media:
        if not self.is_alive(media_id, now):
            raise ApiError(40007)
        return self._kept[media_id]

    def is_alive(self, media_id: str, now: float) -> bool:
        media = self._kept.get(media_id)
        return media is not None and now - media.created_at <= LIFE_S

    def on_phone(self, media_id: str) -> Media | None:
        return self._kept.get(media_id)


def _checked(kind: str, content: bytes) -> tuple[str, str]:
    if kind not in _SIZE_LIMITS:
        raise ApiError(40004)
    if not content:
        raise ApiError(44001)
    if len(content) > _SIZE_LIMITS[kind]:
        raise ApiError(45001)
    content_type, extension = _sniff(content)
    wanted = {"image": "image/", "thumb": "image/jpeg", "voice": "audio/", "video": "video/"}[kind]
    if not content_type.startswith(wanted):
        raise ApiError(40005)
    return content_type, extension


def _sniff(content: bytes) -> tuple[str, str]:
    """By content, because names lie."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png", "png"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif", "gif"
    if content.startswith(b"#!AMR"):
        return "audio/amr", "amr"
    if content.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3")):
        return "audio/mp3", "mp3"
    if content[4:8] == b"ftyp":
        return "video/mp4", "mp4"
    return "", ""
