"""The keys of WeChat Pay: the merchant's own, and those that WeChat's answers are checked with.

Enters: PEM files. Leaves: keys, or KeyFileError that says which file is wrong and how. Nothing is
ever fetched: WeChat's public key, and its platform certificates before each change, are laid into
place by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from cryptography.x509 import Certificate, load_pem_x509_certificate

_PKCS8 = b"-----BEGIN PRIVATE KEY-----"


class KeyFileError(ValueError):
    """Names the file and what is wrong with it, never what is in it."""


@dataclass(frozen=True, slots=True)
class PlatformKeys:
    """What WeChat signs with: its public key, certificates by their serial number, or both while a
    merchant moves from the one to the other."""

    public_key_id: str = ""
    public_key: RSAPublicKey | None = field(default=None, repr=False)
    certificates: Mapping[int, Certificate] = field(default_factory=dict, repr=False)

    def of_serial(self, serial: str, now: datetime) -> RSAPublicKey | None:
        """By `Wechatpay-Serial`; a certificate counts within its time only."""
        if self.public_key is not None and serial == self.public_key_id:
            return self.public_key
        try:
            certificate = self.certificates.get(int(serial, 16))
        except ValueError:
            return None
        if certificate is None:
            return None
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        return _rsa_of(certificate) if begins <= now <= ends else None


def merchant_key(path: Path) -> RSAPrivateKey:
    """The console's apiclient_key.pem: PKCS#8, without a passphrase."""
    raw = _bytes_of(path)
    if not raw.lstrip().startswith(_PKCS8):
        raise KeyFileError(f"{path} is no PKCS#8 key ({_PKCS8.decode()}): take apiclient_key.pem")
    try:
        key = load_pem_private_key(raw, None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise KeyFileError(f"{path} is damaged, or no RSA key: take apiclient_key.pem anew")
    return key


def platform_keys(
    public_key_file: Path | None, public_key_id: str, cert_dir: Path | None
) -> PlatformKeys:
    """KeyFileError too when there is nothing to check answers with."""
    public_key = _public_key(public_key_file) if public_key_file else None
    certificates = _certificates(cert_dir) if cert_dir else {}
    if public_key is None and not certificates:
        raise KeyFileError(f"no WeChat Pay public key, and no *.pem in {cert_dir or 'a folder'}")
    return PlatformKeys(public_key_id, public_key, certificates)


def _public_key(path: Path) -> RSAPublicKey:
    raw = _bytes_of(path)
    try:
        key = load_pem_public_key(raw)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, RSAPublicKey):
        raise KeyFileError(f"{path} is no RSA public key in PEM: take pub_key.pem of the console")
    return key


def _certificates(folder: Path) -> dict[int, Certificate]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".pem")
    except OSError as error:
        raise KeyFileError(f"{folder} cannot be read ({type(error).__name__})") from None
    found = (_certificate(path) for path in paths)
    return {certificate.serial_number: certificate for certificate in found}


def _certificate(path: Path) -> Certificate:
    raw = _bytes_of(path)
    try:
        certificate = load_pem_x509_certificate(raw)
        fits = _rsa_of(certificate) is not None
    except ValueError:
        fits = False
    if not fits:
        raise KeyFileError(f"{path} is no platform certificate of WeChat Pay in PEM")
    return certificate


def _rsa_of(certificate: Certificate) -> RSAPublicKey | None:
    key = certificate.public_key()
    return key if isinstance(key, RSAPublicKey) else None


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyFileError(f"{path} cannot be read ({type(error).__name__})") from None
