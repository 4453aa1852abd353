"""Keys that a demo keeps, and orders that it remembers."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from sandbox.pay.keys import kept_keys, server_settings
from sandbox.pay.store import PayStore


def test_they_are_made_once_for_a_folder(tmp_path: Path) -> None:
    first, second = kept_keys(tmp_path / "pay"), kept_keys(tmp_path / "pay")
    assert first.merchant_pem == second.merchant_pem
    assert first.public_pem == second.public_pem
    assert (first.mchid, first.apiv3_key) == (second.mchid, second.apiv3_key)
    assert first.certificate == second.certificate


def test_the_server_has_one_half_of_each(tmp_path: Path) -> None:
    keys = kept_keys(tmp_path / "pay")
    given = server_settings(tmp_path / "pay", keys)
    load_pem_private_key(Path(given["PAY_KEY_FILE"]).read_bytes(), None)
    load_pem_public_key(Path(given["PAY_PUBLIC_KEY_FILE"]).read_bytes())
    assert len(given["PAY_CERT_SERIAL"]) == 40
    assert len(given["PAY_APIV3_KEY"]) == 32
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "pay").iterdir())


def test_the_certificate_has_a_serial_of_forty_digits(tmp_path: Path) -> None:
    keys = kept_keys(tmp_path / "pay")
    certificate = x509.load_pem_x509_certificate(keys.certificate_pem.encode())
    assert f"{certificate.serial_number:X}" == keys.platform_serial
    assert len(keys.platform_serial) == 40


def test_what_was_paid_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "pay.sqlite3"
    first = PayStore(path)
    with first.writing() as db:
        db.execute(
            "INSERT INTO trade VALUES ('W1', '', 'o', 1, '', '', '', 0, 1, NULL, 'wx1', 1,"
            " '4200', 0.5, 0)"
        )
    first.close()
    second = PayStore(path)
    with second.reading() as db:
        assert db.execute("SELECT transaction_id FROM trade").fetchone()[0] == "4200"
    second.close()
