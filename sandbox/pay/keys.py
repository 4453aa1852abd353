"""The keys of one merchant and of the platform. The server has the merchant's private key and the
platform's public one; the sandbox uses the opposite halves. Made once for a demo's folder."""

import json
import os
import secrets
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from string import ascii_letters, digits

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

_BITS = 2048
# A sandbox's clock may run years ahead of the day on which its keys were made.
_VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_VALID_UNTIL = datetime(2050, 1, 1, tzinfo=UTC)
_IDS = ("mchid", "merchant_serial", "apiv3_key", "public_key_id")


@dataclass(frozen=True, slots=True)
class PayKeys:
    """`public`: the private half of what the server knows as `public_key_id`; `certified`: that of
    the platform certificate, for servers in the older mode."""

    mchid: str
    merchant_serial: str
    apiv3_key: str = field(repr=False)
    public_key_id: str
    merchant: rsa.RSAPrivateKey = field(repr=False)
    public: rsa.RSAPrivateKey = field(repr=False)
    certified: rsa.RSAPrivateKey = field(repr=False)
    certificate: x509.Certificate = field(repr=False)

    @property
    def platform_serial(self) -> str:
        return f"{self.certificate.serial_number:040X}"

    @property
    def merchant_pem(self) -> str:
        return private_pem(self.merchant)

    @property
    def public_pem(self) -> str:
        """What the server checks answers and notifications with."""
        pem = self.public.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return pem.decode()

    @property
    def certificate_pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


def new_keys() -> PayKeys:
    certified = _new_key()
    return PayKeys(
        mchid="1" + _random(digits, 9),
        merchant_serial=secrets.token_hex(20).upper(),
        apiv3_key=_random(ascii_letters + digits, 32),
        public_key_id="PUB_KEY_ID_" + _random(digits, 28),
        merchant=_new_key(),
        public=_new_key(),
        certified=certified,
        certificate=_certificate(certified),
    )


def kept_keys(folder: Path) -> PayKeys:
    """Those in the folder; made when it is not there. All of its files, or none."""
    if not folder.exists():
        half = folder.with_suffix(".new")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700, parents=True)
        _write(half, new_keys())
        half.replace(folder)
    return _read(folder)


def server_settings(folder: Path, keys: PayKeys) -> dict[str, str]:
    """What the server is to be started with; `folder` as `kept_keys` filled it."""
    return {
        "PAY_MCHID": keys.mchid,
        "PAY_KEY_FILE": str(folder / "merchant.pem"),
        "PAY_CERT_SERIAL": keys.merchant_serial,
        "PAY_APIV3_KEY": keys.apiv3_key,
        "PAY_PUBLIC_KEY_FILE": str(folder / "public_key.pem"),
        "PAY_PUBLIC_KEY_ID": keys.public_key_id,
    }


def private_pem(key: rsa.RSAPrivateKey) -> str:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem.decode()


def _write(folder: Path, keys: PayKeys) -> None:
    files = {
        "ids.json": json.dumps({name: getattr(keys, name) for name in _IDS}, indent=1),
        "merchant.pem": keys.merchant_pem,
        "public.pem": private_pem(keys.public),
        "public_key.pem": keys.public_pem,
        "certified.pem": private_pem(keys.certified),
        "certificate.pem": keys.certificate_pem,
    }
    for name, content in files.items():
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(content)


def _read(folder: Path) -> PayKeys:
    ids: dict[str, str] = json.loads((folder / "ids.json").read_text("ascii"))
    certificate = x509.load_pem_x509_certificate((folder / "certificate.pem").read_bytes())
    return PayKeys(
        **ids,
        merchant=_loaded(folder / "merchant.pem"),
        public=_loaded(folder / "public.pem"),
        certified=_loaded(folder / "certified.pem"),
        certificate=certificate,
    )


def _loaded(path: Path) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path} is no RSA key")
    return key


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_BITS)


def _certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tenpay.com sign (sandbox)")])
    # The highest hex digit is not 0 and the number is positive: 40 digits, as WeChat's have.
    serial = secrets.randbits(156) | 1 << 156
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(_VALID_FROM)
        .not_valid_after(_VALID_UNTIL)
        .sign(key, hashes.SHA256())
    )


def _random(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))
