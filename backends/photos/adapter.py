"""`Photos` and `PhotoStore` of the ports: media ids in, judged and sealed pictures kept.

Constructed in bot/app.py and by the worker through `open_photos`; safe to share between threads.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore

from backends.errors import Reaction, Rejected, WechatRejected
from backends.photos.folder import PhotoFolder
from backends.photos.judgement import flaw_of
from backends.photos.likeness import fingerprint
from backends.photos.measures import measure
from backends.photos.pictures import read_picture, to_jpeg
from backends.photos.sheet import Kept, pack, unpack
from backends.photos.vault import Vault
from backends.ports import Flaw, FlawReason, Photo, PhotoPurpose

# A decoded picture takes up to 200 MB: more at once would only queue for the same processors.
DECODED_AT_ONCE = 2


def open_photos(fetch: Callable[[str], bytes], folder: Path, keys: Sequence[str]) -> "StoredPhotos":
    """`fetch`: media id → the file; raises WechatRejected (reaction MEDIA) when WeChat has it no
    longer, Rejected `too_large`, or BackendUnavailable. `keys`: the current data key, then earlier
    ones. ValueError when there is none."""
    return StoredPhotos(fetch, PhotoFolder(folder), Vault(keys))


class StoredPhotos:
    def __init__(self, fetch: Callable[[str], bytes], folder: PhotoFolder, vault: Vault) -> None:
        self._fetch = fetch
        self._folder = folder
        self._vault = vault
        self._decoding = BoundedSemaphore(DECODED_AT_ONCE)

    def take(self, media_id: str, purpose: PhotoPurpose) -> Photo | Flaw:
        """A photo that is refused is not kept."""
        names = self._vault.photo_ids(media_id)
        for photo_id in names:
            if kept := self._kept(photo_id):
                return _verdict(photo_id, kept, purpose)
        data = self._fetched(media_id)
        if isinstance(data, Flaw):
            return data
        with self._decoding:
            kept_or_flaw = _examined(data)
        if isinstance(kept_or_flaw, Flaw):
            return kept_or_flaw
        verdict = _verdict(names[0], kept_or_flaw, purpose)
        if isinstance(verdict, Photo):
            self._folder.write(names[0], self._vault.seal(names[0], pack(kept_or_flaw)))
        return verdict

    def read(self, photo_id: str) -> bytes | None:
        kept = self._kept(photo_id)
        return kept.jpeg if kept else None

    def delete(self, photo_id: str) -> None:
        self._folder.delete(photo_id)

    def stored_before(self, moment: datetime) -> Iterator[str]:
        return self._folder.stored_before(moment.timestamp())

    def _kept(self, photo_id: str) -> Kept | None:
        sealed = self._folder.read(photo_id)
        return None if sealed is None else unpack(self._vault.open(photo_id, sealed))

    def _fetched(self, media_id: str) -> bytes | Flaw:
        try:
            return self._fetch(media_id)
        except WechatRejected as error:
            if error.reaction is Reaction.MEDIA:
                return Flaw(FlawReason.GONE)
            raise
        except Rejected as error:
            if error.code == "too_large":
                return Flaw(FlawReason.TOO_LARGE)
            raise


def _examined(data: bytes) -> Kept | Flaw:
    picture = read_picture(data)
    if isinstance(picture, FlawReason):
        return Flaw(picture)
    image = picture.image
    return Kept(
        width=image.width,
        height=image.height,
        print=fingerprint(image),
        measures=measure(image, picture.width, picture.height),
        jpeg=to_jpeg(image),
    )


def _verdict(photo_id: str, kept: Kept, purpose: PhotoPurpose) -> Photo | Flaw:
    if reason := flaw_of(kept.measures, purpose):
        return Flaw(reason)
    return Photo(
        photo_id=photo_id,
        sha256=kept.sha256,
        mime="image/jpeg",
        size_bytes=len(kept.jpeg),
        width=kept.width,
        height=kept.height,
        print=kept.print,
    )
