"""WeChat Pay's half of the keys: signs and encrypts as it does, and as it does not."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

from backends.wechatpay.options import GatewayOptions
from tests.contract.wechat.platform import Scripted

MCHID = "1230000109"
APPID = "wxd678efh567hg6787"
MERCHANT_SERIAL = "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C"
APIV3_KEY = "0123456789abcdef0123456789abcdef"
PUBLIC_KEY_ID = "PUB_KEY_ID_" + "0114232134912410000000000000"
CERT_SERIAL = 0x5157F09EFDC096DE15EBE81A47057A7232F1B8E1
NOW = datetime.fromisoformat("2026-11-25T10:35:12+08:00")


@cache
def key_of(who: str) -> rsa.RSAPrivateKey:
    """merchant, public (WeChat's own), certified, foreign."""
    del who
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def certificate(valid: bool = True) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tenpay.com sign")])
    ends = NOW + timedelta(days=365) if valid else NOW - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key_of("certified").public_key())
        .serial_number(CERT_SERIAL)
        .not_valid_before(NOW - timedelta(days=400))
        .not_valid_after(ends)
        .sign(key_of("certified"), hashes.SHA256())
    )


def sign(who: str, text: bytes) -> str:
    raw = key_of(who).sign(text, padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(raw).decode()


def signed(
    body: bytes,
    at: datetime = NOW,
    *,
    who: str = "public",
    serial: str = PUBLIC_KEY_ID,
    nonce: str = "EcE8Lq0tbAZ1JMxi",
) -> dict[str, str]:
    """The headers that go with the body."""
    time = str(int(at.timestamp()))
    return {
        "Wechatpay-Timestamp": time,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": sign(who, f"{time}\n{nonce}\n".encode() + body + b"\n"),
        "Wechatpay-Serial": serial,
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
    }


def answer(data: Any, status: int = 200, *, at: datetime = NOW, who: str = "public") -> Scripted:
    """A signed answer; None has no body."""
    body = b"" if data is None else json.dumps(data, ensure_ascii=False).encode()
    return Scripted(body, status, headers=tuple(signed(body, at, who=who).items()))


def refusal(status: int, code: str, **more: Any) -> Scripted:
    """Not signed, as WeChat's are."""
    body = json.dumps({"code": code, "message": "oPAYER 的订单", **more}, ensure_ascii=False)
    return Scripted(body.encode(), status)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A notification. `plain`: what is encrypted in it."""

    plain: Mapping[str, Any] | str
    event: str = "TRANSACTION.SUCCESS"
    key: str = APIV3_KEY
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        plain = self.plain if isinstance(self.plain, str) else json.dumps(self.plain)
        sealed = AESGCM(self.key.encode()).encrypt(b"fdasflkja484", plain.encode(), b"transaction")
        resource = {
            "original_type": "transaction",
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": base64.b64encode(sealed).decode(),
            "associated_data": "transaction",
            "nonce": "fdasflkja484",
        }
        notice = {
            "id": "EV-2018022511223320873",
            "create_time": "2026-11-25T10:35:12+08:00",
            "resource_type": "encrypt-resource",
            "event_type": self.event,
            "summary": "支付成功",
            "resource": {**resource, **self.more},
        }
        return json.dumps(notice, ensure_ascii=False).encode()


def write_keys(folder: Path) -> None:
    """merchant.pem, public.pem and certificates/platform.pem."""
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    (folder / "merchant.pem").write_bytes(
        key_of("merchant").private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    )
    public = key_of("public").public_key()
    (folder / "public.pem").write_bytes(
        public.public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    (folder / "certificates").mkdir()
    (folder / "certificates" / "platform.pem").write_bytes(certificate().public_bytes(pem))


def options(folder: Path, api_url: str = "http://127.0.0.1:9", **others: Any) -> GatewayOptions:
    given: dict[str, Any] = {
        "api_url": api_url,
        "mchid": MCHID,
        "appid": APPID,
        "key_file": folder / "merchant.pem",
        "cert_serial": MERCHANT_SERIAL,
        "apiv3_key": APIV3_KEY,
        "public_key_file": folder / "public.pem",
        "public_key_id": PUBLIC_KEY_ID,
        "notify_url": "https://water.example/pay/notify",
        "refund_notify_url": "https://water.example/pay/refund-notify",
        "now_s": NOW.timestamp,
    }
    return GatewayOptions(**{**given, **others})
