"""The service account that the benchmark plays: its keys, WeChat's signature and its cipher.

Used by the traffic (which seals messages) and by the check of replies (which opens them). Written
apart from the product's own code, so that an error there cannot hide itself here.
"""

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK_BYTES = 32  # WeChat pads to 32, not to AES's 16


class NotOurs(Exception):
    """A sealed text that this account cannot have sent or received; the message says why."""


@dataclass(frozen=True)
class ServiceAccount:
    app_id: str
    secret: str
    token: str
    aes_key: str
    original_id: str

    @cached_property
    def _cipher(self) -> Cipher[modes.CBC]:
        key = b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def sign(self, *parts: str) -> str:
        joined = "".join(sorted((self.token, *parts)))
        return hashlib.sha1(joined.encode()).hexdigest()  # noqa: S324 (WeChat's rule)

    def seal(self, xml: bytes, salt: bytes) -> str:
        full = salt + len(xml).to_bytes(4, "big") + xml + self.app_id.encode()
        pad = BLOCK_BYTES - len(full) % BLOCK_BYTES
        encryptor = self._cipher.encryptor()
        return b64encode(encryptor.update(full + bytes([pad]) * pad)).decode()

    def open(self, sealed: str) -> bytes:
        raw = b64decode(sealed, validate=True)
        if not raw or len(raw) % BLOCK_BYTES:
            raise NotOurs(f"{len(raw)} bytes are not whole blocks of {BLOCK_BYTES}")
        decryptor = self._cipher.decryptor()
        full = decryptor.update(raw) + decryptor.finalize()
        full = full[: -full[-1]]
        end = 20 + int.from_bytes(full[16:20], "big")
        if full[end:] != self.app_id.encode():
            raise NotOurs("the sealed text does not end in our AppID")
        return full[20:end]


BENCH_ACCOUNT = ServiceAccount(
    app_id="wxbe9c4b0d1e2f3a45",
    secret="0123456789abcdef0123456789abcdef",
    token="benchtoken",
    aes_key="d2F0ZXJkZXNrLWJlbmNoLTMyLWJ5dGUtYWVzLWtleSE",
    original_id="gh_be9c4b0d1e2f",
)
