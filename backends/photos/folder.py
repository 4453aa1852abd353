"""Files by photo id, in 256 folders. Written whole or not at all."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backends.errors import BackendUnavailable

_PHOTO_ID = re.compile(r"[0-9a-f]{24}")
_HALF_DONE = ".new-"


class PhotoFolder:
    """A name that is no photo id belongs to no file: nothing outside the folder can be reached."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, photo_id: str) -> bytes | None:
        if not _PHOTO_ID.fullmatch(photo_id):
            return None
        with _troubles("read"):
            try:
                return self._path(photo_id).read_bytes()
            except FileNotFoundError:
                return None

    def write(self, photo_id: str, data: bytes) -> None:
        path = self._path(photo_id)
        with _troubles("written"):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # mkstemp makes the file readable by its owner only.
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=_HALF_DONE)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(name, path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            _sync(path.parent)

    def delete(self, photo_id: str) -> None:
        if _PHOTO_ID.fullmatch(photo_id):
            with _troubles("removed"):
                self._path(photo_id).unlink(missing_ok=True)

    def stored_before(self, epoch_s: float) -> Iterator[str]:
        """What a writer that died has left half done is removed on the way."""
        with _troubles("listed"):
            for path in self._root.glob("[0-9a-f][0-9a-f]/*"):
                if path.stat().st_mtime >= epoch_s:
                    continue
                if path.name.startswith(_HALF_DONE):
                    path.unlink(missing_ok=True)
                elif path.suffix == ".photo" and _PHOTO_ID.fullmatch(path.stem):
                    yield path.stem

    def _path(self, photo_id: str) -> Path:
        return self._root / photo_id[:2] / f"{photo_id}.photo"


def _sync(folder: Path) -> None:
    """The new name survives a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _troubles(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackendUnavailable(
            "photos",
            0.0,
            f"a file could not be {what} ({error.strerror}): look at the space, the owner and the "
            "rights of WATERDESK_MEDIA_DIR",
        ) from error
