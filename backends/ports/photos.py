"""Photos 照片 that citizens send: fetched from WeChat at once, judged, and kept encrypted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class PhotoPurpose(StrEnum):
    """What a photo is for decides how strictly it is judged."""

    METER = "meter"
    FAULT = "fault"
    DOCUMENT = "document"


class FlawReason(StrEnum):
    """Why a photo is not taken; each has words the citizen can act on."""

    NOT_IMAGE = "not_image"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    TOO_DARK = "too_dark"
    GLARE = "glare"
    BLURRED = "blurred"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Photo:
    """`photo_id` follows from the media id: the same message gives the same photo. `print` is a
    perceptual hash (64 hex digits): near for pictures that look alike."""

    photo_id: str
    sha256: str
    mime: str
    size_bytes: int
    width: int
    height: int
    print: str


@dataclass(frozen=True, slots=True)
class Flaw:
    reason: FlawReason


class Photos(Protocol):
    def take(self, media_id: str, purpose: PhotoPurpose) -> Photo | Flaw:
        """Fetches, judges and stores the picture. Idempotent. A photo that was not committed
        afterwards (`PhotoKept`) is removed a day later (jobs/orphans.py)."""
        ...


class PhotoStore(Protocol):
    def read(self, photo_id: str) -> bytes | None:
        """The picture as JPEG; None when there is none (any more)."""
        ...

    def delete(self, photo_id: str) -> None: ...

    def stored_before(self, moment: datetime) -> Iterator[str]:
        """The ids of the photos stored before then, in no order."""
        ...
