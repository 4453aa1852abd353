"""The demo's secrets and the server's environment: made once for a demo's folder and kept there,
because what was encrypted with them yesterday must be read today."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import ascii_letters, digits

from cryptography.fernet import Fernet

from sandbox.config import ACCOUNT_NAME
from sandbox.moved_time import MOVED, surroundings
from sandbox.template_messages import TEMPLATES

PREFIX = "WATERDESK_"
# The last of 43 characters carries four bits only: these have none to spare.
_LAST_OF_AES_KEY = "AEIMQUYcgkosw048"


@dataclass(frozen=True, slots=True)
class Addresses:
    public: str
    redis: str
    records: str
    csms: str
    media: Path
    tariffs: Path
    clock: Path


def own_secrets(folder: Path) -> dict[str, str]:
    path = folder / "secrets.json"
    kept: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    # A folder of an earlier release lacks the secrets that have come since.
    made = {**_new_secrets(), **kept}
    if made != kept:
        _write(path, json.dumps(made, indent=1))
    return made


def _new_secrets() -> dict[str, str]:
    return {
        "WECHAT_APPID": "wx" + secrets.token_hex(8),
        "WECHAT_SECRET": secrets.token_hex(16),
        "WECHAT_TOKEN": _random_text(24),
        "WECHAT_AES_KEY": _aes_key(),
        "WECHAT_AES_KEY_PREVIOUS": _aes_key(),
        "WECHAT_ACCOUNT_ID": "gh_" + secrets.token_hex(6),
        "DATA_KEY": Fernet.generate_key().decode(),
        "HOTLINE_SECRET": secrets.token_hex(32),
        "CSMS_KEY": secrets.token_hex(32),
    }


def _write(path: Path, text: str) -> None:
    """All of it or nothing: half a file of secrets would make what they encrypted unreadable."""
    half = path.with_suffix(".new")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    half.replace(path)


def environment(
    inherited: Mapping[str, str], made: Mapping[str, str], addresses: Addresses
) -> dict[str, str]:
    """Settings of the surroundings that are meant for another server do not reach the demo."""
    clean = {name: value for name, value in inherited.items() if not name.startswith(PREFIX)}
    settings = {
        **made,
        "WECHAT_MODE": "safe",
        "WECHAT_API": f"{addresses.public}/sandbox/wechat",
        "WECHAT_OPEN": f"{addresses.public}/sandbox/open",
        "PAY_API": f"{addresses.public}/sandbox/pay",
        "PUBLIC_URL": addresses.public,
        "REDIS_URL": addresses.redis,
        "DATABASE_URL": addresses.records,
        "CSMS_URL": addresses.csms,
        "HOTLINE_URL": f"{addresses.public}/sandbox/hotline",
        "WEBSITE_URL": f"{addresses.public}/sandbox/website",
        "MEDIA_DIR": str(addresses.media),
        "PAY_STATEMENT_DIR": str(addresses.media.with_name("statements")),
        "TARIFF_FILE": str(addresses.tariffs),
        "UTILITY_NAME": ACCOUNT_NAME,
        "HOTLINE": "962000",
        "PUSH_TEMPLATES": ",".join(f"{card}:{number}" for card, number in TEMPLATES.items()),
        # A demo is looked at in the evening, too: the person at the desk never goes home.
        "HUMAN_OPEN": "00:00",
        "HUMAN_CLOSE": "23:59:59",
    }
    moved = surroundings(inherited, addresses.clock)
    return {**clean, **moved, **{PREFIX + name: value for name, value in settings.items()}}


def _random_text(length: int) -> str:
    return "".join(secrets.choice(ascii_letters + digits) for _ in range(length))


def _aes_key() -> str:
    return _random_text(42) + secrets.choice(_LAST_OF_AES_KEY)


def keep_environment(path: Path, env: Mapping[str, str]) -> None:
    """For `waterdesk` commands beside the demo, at its time; it holds secrets."""
    wanted = {name: env[name] for name in sorted(env) if name.startswith(PREFIX) or name in MOVED}
    lines = [f"{name}='{value}'" for name, value in wanted.items()]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
