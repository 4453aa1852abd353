"""`Secrets` of the ports: Fernet for what must be read again, argon2id for what is only compared.

Keys follow from WATERDESK_DATA_KEY, each use with its own. Several keys: the first one seals, all
of them open.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SealedSecrets:
    def __init__(self, keys: Sequence[str]) -> None:
        """The current key first, then earlier ones; empty ones are passed over."""
        known = [key for key in dict.fromkeys(keys) if key]
        if not known:
            raise ValueError("private values are only kept encrypted: a key is needed")
        self._fernet = MultiFernet([Fernet(_derived(b"private:", key)) for key in known])
        self._fingerprint_key = _derived(b"fingerprint:", known[0])
        # OWASP's least: 19 MiB, two passes. The parameters stand in each hash, so they may rise.
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str | None:
        try:
            return self._fernet.decrypt(sealed).decode()
        except (InvalidToken, ValueError):
            return None

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def fits(self, password: str, hashed: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    def fingerprint(self, text: str) -> str:
        return hmac.new(self._fingerprint_key, text.encode(), hashlib.sha256).hexdigest()


def _derived(use: bytes, key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(use + key.encode()).digest())
