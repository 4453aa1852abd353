"""RSA signatures and AES-GCM as API v3 has them: over lines, each of which ends with a newline."""

import base64
import binascii
from random import Random

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SIGNATURE_TYPE = "WECHATPAY2-SHA256-RSA2048"
_NONCE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def lines(*parts: str | bytes) -> bytes:
    raw = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"\n".join(raw) + b"\n"


def sign(key: rsa.RSAPrivateKey, text: bytes) -> str:
    return base64.b64encode(key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()


def fits(key: rsa.RSAPublicKey, text: bytes, signature: str) -> bool:
    try:
        raw = base64.b64decode(signature, validate=True)
        key.verify(raw, text, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def sealed(apiv3_key: str, plain: bytes, associated_data: str, nonce: str) -> str:
    cipher = AESGCM(apiv3_key.encode())
    return base64.b64encode(
        cipher.encrypt(nonce.encode(), plain, associated_data.encode())
    ).decode()


def nonce(rng: Random, length: int = 32) -> str:
    return "".join(rng.choices(_NONCE, k=length))
