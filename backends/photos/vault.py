"""Photos at rest: AES-256-GCM under a key derived from WATERDESK_DATA_KEY.

A sealed file is `magic(4) version(1) key id(8) nonce(12) ciphertext and tag`; its head and the
photo id are associated data, so that no file can stand in for another. Several keys: the first one
seals, all of them open.
"""

import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backends.errors import BackendUnavailable

MAGIC = b"WDPH"
VERSION = 1
_KEY_ID_BYTES, _NONCE_BYTES = 8, 12
_HEAD_BYTES = len(MAGIC) + 1 + _KEY_ID_BYTES
_PHOTO_ID_DIGITS = 24


@dataclass(frozen=True, slots=True)
class _Key:
    key_id: bytes
    name_key: bytes = field(repr=False)
    cipher: AESGCM = field(repr=False)


class Vault:
    def __init__(self, secrets: Sequence[str]) -> None:
        """The current secret first, then earlier ones; empty ones are passed over."""
        self._keys = tuple(_derived(secret) for secret in dict.fromkeys(secrets) if secret)
        if not self._keys:
            raise ValueError("photos are only kept encrypted: a key is needed")

    def photo_ids(self, media_id: str) -> list[str]:
        """The name of a media id under each key, the current one first. Without the key nobody can
        tell whether a file belongs to a media id."""
        return [
            hmac.new(key.name_key, media_id.encode(), hashlib.sha256).hexdigest()[:_PHOTO_ID_DIGITS]
            for key in self._keys
        ]

    def seal(self, photo_id: str, clear: bytes) -> bytes:
        key = self._keys[0]
        head = MAGIC + bytes([VERSION]) + key.key_id
        nonce = os.urandom(_NONCE_BYTES)
        return head + nonce + key.cipher.encrypt(nonce, clear, head + photo_id.encode())

    def open(self, photo_id: str, sealed: bytes) -> bytes:
        """Raises BackendUnavailable when the file is damaged or its key is not here."""
        head, rest = sealed[:_HEAD_BYTES], sealed[_HEAD_BYTES:]
        torn = len(rest) < _NONCE_BYTES
        if torn or head[: len(MAGIC) + 1] != MAGIC + bytes([VERSION]):
            raise _unreadable(photo_id, "damaged: restore it from the backup, or remove it")
        key_id = head[len(MAGIC) + 1 :]
        key = next((one for one in self._keys if one.key_id == key_id), None)
        if key is None:
            raise _unreadable(
                photo_id,
                f"sealed with key {key_id.hex()}, which is neither WATERDESK_DATA_KEY nor "
                "WATERDESK_DATA_KEY_PREVIOUS: set that key again",
            )
        nonce, locked = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        try:
            return key.cipher.decrypt(nonce, locked, head + photo_id.encode())
        except (InvalidTag, ValueError):
            raise _unreadable(
                photo_id, "damaged or changed: restore it from the backup, or remove it"
            ) from None


def _derived(secret: str) -> _Key:
    return _Key(
        key_id=_derive(secret, b"waterdesk photo key id", _KEY_ID_BYTES),
        name_key=_derive(secret, b"waterdesk photo name", 32),
        cipher=AESGCM(_derive(secret, b"waterdesk photo seal", 32)),
    )


def _derive(secret: str, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(secret.encode())


def _unreadable(photo_id: str, why: str) -> BackendUnavailable:
    return BackendUnavailable("photos", 0.0, f"file {photo_id} is {why}")
