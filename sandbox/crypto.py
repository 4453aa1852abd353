"""Signatures and the AES envelope of the message protocol, written from the protocol alone: it
shares no line with the server's implementation, so that an error in one of them shows."""

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_PAD_BLOCK = 32


class CryptoError(ValueError):
    """What is wrong with an envelope; never its content."""


@dataclass(frozen=True, slots=True)
class Opened:
    content: bytes
    appid: str


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def _cipher(aes_key: str) -> Cipher[modes.CBC]:
    key = base64.b64decode(aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def seal(content: bytes, aes_key: str, appid: str, salt: bytes) -> str:
    """`salt`: 16 random bytes."""
    full = salt + struct.pack(">I", len(content)) + content + appid.encode()
    pad = _PAD_BLOCK - len(full) % _PAD_BLOCK
    encryptor = _cipher(aes_key).encryptor()
    sealed = encryptor.update(full + bytes([pad]) * pad) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def unseal(sealed: str, aes_key: str) -> Opened:
    try:
        raw = base64.b64decode(sealed, validate=True)
    except binascii.Error as error:
        raise CryptoError(f"Encrypt is not base64: {error}") from error
    if not raw or len(raw) % 16:
        raise CryptoError(f"Encrypt holds {len(raw)} bytes, not a multiple of 16")
    decryptor = _cipher(aes_key).decryptor()
    padded = decryptor.update(raw) + decryptor.finalize()
    pad = padded[-1]
    if not 1 <= pad <= _PAD_BLOCK or padded[-pad:] != bytes([pad]) * pad:
        raise CryptoError("padding is not 1..32 equal bytes: wrong key, or a 16-byte padding")
    full = padded[:-pad]
    if len(full) < 20:
        raise CryptoError("too short for 16 random bytes and a length")
    (length,) = struct.unpack(">I", full[16:20])
    if length > len(full) - 20:
        raise CryptoError(f"length field says {length}, only {len(full) - 20} bytes follow")
    appid = full[20 + length :].decode("utf-8", "replace")
    return Opened(content=full[20 : 20 + length], appid=appid)
