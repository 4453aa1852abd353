"""Key files: what is wrong with one is said by its name, never by what is in it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from backends.wechatpay.adapter import open_gateway
from backends.wechatpay.keys import KeyFileError, merchant_key, platform_keys
from tests.wechatpay.bank import CERT_SERIAL, PUBLIC_KEY_ID, key_of, options

PEM = serialization.Encoding.PEM
PKCS8 = serialization.PrivateFormat.PKCS8
PLAIN = serialization.NoEncryption()


def test_the_console_s_files_are_read(keys_folder: Path) -> None:
    assert merchant_key(keys_folder / "merchant.pem").key_size == 2048
    keys = platform_keys(keys_folder / "public.pem", PUBLIC_KEY_ID, keys_folder / "certificates")
    assert keys.public_key is not None
    assert set(keys.certificates) == {CERT_SERIAL}


def test_what_is_no_pem_in_the_folder_is_passed_over(keys_folder: Path, tmp_path: Path) -> None:
    pem = (keys_folder / "certificates" / "platform.pem").read_bytes()
    (tmp_path / "A.PEM").write_bytes(pem)
    (tmp_path / "readme.txt").write_text("laid here in June")
    assert set(platform_keys(None, "", tmp_path).certificates) == {CERT_SERIAL}


def pkcs1() -> bytes:
    return key_of("merchant").private_bytes(
        PEM, serialization.PrivateFormat.TraditionalOpenSSL, PLAIN
    )


def locked() -> bytes:
    lock = serialization.BestAvailableEncryption(b"passphrase")
    return key_of("merchant").private_bytes(PEM, PKCS8, lock)


def elliptic() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(PEM, PKCS8, PLAIN)


def damaged() -> bytes:
    return b"-----BEGIN PRIVATE KEY-----\nQUJD\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize("content", [pkcs1, locked, elliptic, damaged, bytes, lambda: b"\xff"])
def test_a_merchants_key_that_cannot_be_used_is_refused(
    tmp_path: Path, content: Callable[[], bytes]
) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(content())
    with pytest.raises(KeyFileError, match=r"key\.pem.*apiclient_key\.pem") as caught:
        merchant_key(path)
    assert "QUJD" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for read in (
        lambda path: merchant_key(path),
        lambda path: platform_keys(path, PUBLIC_KEY_ID, None),
        lambda path: platform_keys(None, "", path),
    ):
        with pytest.raises(KeyFileError, match=r"absent cannot be read \(FileNotFoundError\)"):
            read(tmp_path / "absent")


@pytest.mark.parametrize("name", ["merchant.pem", "certificates/platform.pem"])
def test_another_file_is_no_public_key(keys_folder: Path, name: str) -> None:
    with pytest.raises(KeyFileError, match="no RSA public key"):
        platform_keys(keys_folder / name, PUBLIC_KEY_ID, None)


def test_another_file_is_no_certificate(keys_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "wrong.pem").write_bytes((keys_folder / "public.pem").read_bytes())
    with pytest.raises(KeyFileError, match=r"wrong\.pem is no platform certificate"):
        platform_keys(None, "", tmp_path)


def test_there_must_be_something_to_check_answers_with(keys_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="no \\*\\.pem"):
        open_gateway(
            options(keys_folder, public_key_file=None, public_key_id="", cert_dir=tmp_path)
        )


def test_options_show_no_secret(keys_folder: Path) -> None:
    assert options(keys_folder).apiv3_key not in repr(options(keys_folder))
