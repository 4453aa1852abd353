"""Photos at rest: sealed, whole, found again, readable after a change of keys, and by no other."""

import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from backends.errors import BackendUnavailable
from backends.photos.adapter import StoredPhotos, open_photos
from backends.ports import Flaw, FlawReason, Photo, PhotoPurpose
from tests.photos.conftest import KEY, Wechat, opened

METER, FAULT = PhotoPurpose.METER, PhotoPurpose.FAULT
Files = Callable[[], list[Path]]


def taken(store: StoredPhotos, media_id: str = "meter", purpose: PhotoPurpose = METER) -> Photo:
    photo = store.take(media_id, purpose)
    assert isinstance(photo, Photo)
    return photo


def test_a_photo_is_described_as_it_is_kept(store: StoredPhotos) -> None:
    photo = taken(store)
    jpeg = store.read(photo.photo_id)
    assert jpeg
    assert photo.sha256 == hashlib.sha256(jpeg).hexdigest()
    assert (photo.mime, photo.size_bytes) == ("image/jpeg", len(jpeg))
    assert (photo.width, photo.height) == opened(jpeg).size
    assert len(photo.photo_id) == 24
    assert len(bytes.fromhex(photo.print)) == 32


def test_a_message_delivered_twice_gives_one_photo_fetched_once(
    store: StoredPhotos, wechat: Wechat, files: Files
) -> None:
    assert taken(store) == taken(store)
    assert wechat.fetched == ["meter"]
    assert len(files()) == 1


def test_a_photo_outlives_the_platforms_copy(store: StoredPhotos, wechat: Wechat) -> None:
    photo = taken(store)
    wechat.files.clear()
    assert taken(store) == photo


def test_a_kept_photo_is_judged_anew_for_another_purpose(
    store: StoredPhotos, wechat: Wechat, dark: bytes
) -> None:
    wechat.files["dark"] = dark
    taken(store, "dark", FAULT)
    assert store.take("dark", METER) == Flaw(FlawReason.TOO_DARK)
    assert wechat.fetched == ["dark"]


def test_the_same_picture_sent_again_is_another_photo_with_the_same_print(
    store: StoredPhotos, wechat: Wechat, meter: bytes
) -> None:
    wechat.files["again"] = meter
    first, second = taken(store), taken(store, "again")
    assert first.photo_id != second.photo_id
    assert first.print == second.print


def test_photos_taken_at_the_same_moment_do_not_disturb_each_other(
    store: StoredPhotos, files: Files
) -> None:
    found: list[Photo] = []
    threads = [threading.Thread(target=lambda: found.append(taken(store))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1
    assert len(files()) == 1


def test_nothing_clear_lies_on_the_disk(store: StoredPhotos, files: Files) -> None:
    photo = taken(store)
    jpeg = store.read(photo.photo_id)
    (path,) = files()
    sealed = path.read_bytes()
    assert jpeg
    for clear in (jpeg[:32], jpeg[400:416], b"JFIF", photo.print.encode(), b"brightness"):
        assert clear not in sealed
    assert b"meter" not in str(path.relative_to(path.parents[1])).encode()


def test_files_are_their_owners_only_and_spread_over_folders(
    store: StoredPhotos, files: Files
) -> None:
    photo = taken(store)
    (path,) = files()
    assert path.parent.name == photo.photo_id[:2]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0


def test_the_same_photo_is_never_sealed_the_same_way(store: StoredPhotos, files: Files) -> None:
    photo = taken(store)
    before = files()[0].read_bytes()
    store.delete(photo.photo_id)
    taken(store)
    assert files()[0].read_bytes() != before


def test_a_deleted_photo_is_gone_and_may_be_deleted_again(
    store: StoredPhotos, files: Files
) -> None:
    photo = taken(store)
    store.delete(photo.photo_id)
    store.delete(photo.photo_id)
    assert store.read(photo.photo_id) is None
    assert files() == []


@pytest.mark.parametrize(
    "photo_id",
    [
        "",
        "..",
        "../../etc/passwd",
        "0" * 23,
        "0" * 25,
        "G" * 24,
        "A" * 24,
        "0" * 24 + "\n",
        "0" * 24,
    ],
)
def test_a_name_that_is_no_photo_leads_nowhere(store: StoredPhotos, photo_id: str) -> None:
    assert store.read(photo_id) is None
    store.delete(photo_id)


@pytest.mark.parametrize("at", [0, 4, 8, 14, 25, 40, -1])
def test_a_changed_file_is_noticed_and_the_remedy_named(
    store: StoredPhotos, files: Files, at: int
) -> None:
    photo = taken(store)
    (path,) = files()
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    with pytest.raises(BackendUnavailable, match=r"restore it|set that key again"):
        store.read(photo.photo_id)


@pytest.mark.parametrize("length", [0, 3, 12, 24, 30])
def test_a_torn_file_is_noticed(store: StoredPhotos, files: Files, length: int) -> None:
    photo = taken(store)
    (path,) = files()
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(BackendUnavailable, match="damaged"):
        store.read(photo.photo_id)


def test_one_photos_file_cannot_stand_in_for_anothers(
    store: StoredPhotos, wechat: Wechat, meter: bytes, files: Files
) -> None:
    wechat.files["other"] = meter
    photo = taken(store)
    taken(store, "other")
    mine, theirs = sorted(files(), key=lambda path: path.stem != photo.photo_id)
    os.replace(theirs, mine)
    with pytest.raises(BackendUnavailable, match="damaged or changed"):
        store.read(photo.photo_id)


def test_another_key_opens_nothing_and_says_which_key_is_missing(
    store: StoredPhotos, wechat: Wechat, tmp_path: Path
) -> None:
    photo = taken(store)
    stranger = open_photos(wechat.fetch, tmp_path, ["another key"])
    with pytest.raises(BackendUnavailable, match="WATERDESK_DATA_KEY_PREVIOUS: set that key"):
        stranger.read(photo.photo_id)


def test_after_a_change_of_keys_old_photos_are_read_and_found_again(
    store: StoredPhotos, wechat: Wechat, meter: bytes, tmp_path: Path
) -> None:
    old = taken(store)
    wechat.files["new"] = meter
    changed = open_photos(wechat.fetch, tmp_path, ["the new key", KEY])
    assert changed.read(old.photo_id) == store.read(old.photo_id)
    assert taken(changed) == old
    new = taken(changed, "new")
    with pytest.raises(BackendUnavailable):
        store.read(new.photo_id)
    only_new = open_photos(wechat.fetch, tmp_path, ["the new key", ""])
    assert only_new.read(new.photo_id)


def test_without_a_key_no_photo_is_ever_kept(wechat: Wechat, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a key is needed"):
        open_photos(wechat.fetch, tmp_path, ["", ""])


def test_a_folder_that_cannot_be_written_is_named_with_the_remedy(
    wechat: Wechat, tmp_path: Path, files: Files
) -> None:
    (tmp_path / "media").write_text("in the way")
    blocked = open_photos(wechat.fetch, tmp_path / "media", [KEY])
    with pytest.raises(BackendUnavailable, match="WATERDESK_MEDIA_DIR"):
        blocked.take("meter", METER)
    assert [path.name for path in files()] == ["media"]
