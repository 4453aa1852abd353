"""Opens what only CSMS may read of a request: names, identity and telephone numbers, as a Fernet
token made with a key shared with the server (docs/contracts/csms.md)."""

import hashlib
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Connection

KEY_OPTION = "csms_key"
"""The engine's own option that holds the shared key: see `open_office`."""
_LONGEST = 60
_ID_NO, _MOBILE = re.compile(r"[0-9A-Z]{15,18}"), re.compile(r"1[3-9]\d{9}")
_EMAIL = re.compile(r"[^@\s]{1,40}@[^@\s]+\.[^@\s]+")


def opened(connection: Connection, token: str | None) -> Mapping[str, str]:
    """The values by name; empty when there are none, or none that this office can read."""
    key = connection.get_execution_options().get(KEY_OPTION, "")
    if not token or not key:
        return {}
    try:
        found = json.loads(_fernet(key).decrypt(token.encode()))
    except (InvalidToken, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def sealed(key: str, values: Mapping[str, str]) -> str:
    return _fernet(key).encrypt(json.dumps(values, ensure_ascii=False).encode()).decode()


def shown(values: Mapping[str, str]) -> Mapping[str, str]:
    """For the screen: staff compare a name and the last four digits with the papers."""
    masked = {"id_no": masked_id_no, "mobile": masked_mobile, "email": masked_email}
    return {name: masked.get(name, str)(value) for name, value in values.items()}


def masked_id_no(id_no: str) -> str:
    return "*" * max(len(id_no) - 4, 0) + id_no[-4:]


def masked_mobile(mobile: str) -> str:
    return f"{mobile[:3]}****{mobile[7:]}"


def masked_email(email: str) -> str:
    name, at, host = email.partition("@")
    return f"{name[:1]}***{at}{host}" if at else email[:1] + "***" if email else ""


def is_name(text: str) -> bool:
    return 0 < len(text.strip()) <= _LONGEST and text.isprintable()


def is_id_no(text: str) -> bool:
    """An identity number or a company's unified code; its check digit is the server's affair."""
    return _ID_NO.fullmatch(text) is not None


def is_mobile(text: str) -> bool:
    return _MOBILE.fullmatch(text) is not None


def is_email(text: str) -> bool:
    return len(text) <= _LONGEST and _EMAIL.fullmatch(text) is not None


def _fernet(key: str) -> Fernet:
    return Fernet(urlsafe_b64encode(hashlib.sha256(b"csms-private:" + key.encode()).digest()))
