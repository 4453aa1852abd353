"""What only CSMS may read of a request: a Fernet token of a JSON object of texts, made with a key
that both sides know (docs/contracts/csms.md)."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from cryptography.fernet import Fernet

USE = b"csms-private:"


def fernet_of(key: str) -> Fernet:
    """`key` is WATERDESK_CSMS_KEY, any text."""
    return Fernet(urlsafe_b64encode(hashlib.sha256(USE + key.encode()).digest()))


def sealed(fernet: Fernet, values: Mapping[str, str]) -> str:
    return fernet.encrypt(json.dumps(dict(values), ensure_ascii=False).encode()).decode("ascii")
