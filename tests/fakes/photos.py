"""Photos without WeChat: the media id says what is in the picture."""

import hashlib

from backends.ports import Flaw, FlawReason, Photo, PhotoPurpose
from tests.fakes.switches import Switches

FLAWS = {reason.value: reason for reason in FlawReason}


class FakePhotos(Switches):
    """A media id that is the name of a flaw (`blurred`) is such a picture, whatever stands behind a
    hyphen (`blurred-2`); `same-…` are all the same picture; every other one is good and its own."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[tuple[str, PhotoPurpose]] = []

    def take(self, media_id: str, purpose: PhotoPurpose) -> Photo | Flaw:
        self._obey()
        self.taken.append((media_id, purpose))
        kind = media_id.split("-")[0]
        if kind in FLAWS:
            return Flaw(FLAWS[kind])
        look = kind if kind == "same" else media_id
        digest = hashlib.sha256(look.encode()).hexdigest()
        return Photo(
            photo_id=hashlib.sha256(media_id.encode()).hexdigest()[:24],
            sha256=digest,
            mime="image/jpeg",
            size_bytes=100_000,
            width=1200,
            height=900,
            print=digest,
        )
