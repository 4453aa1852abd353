"""What the sandbox and the server's processes of the month are started with."""

import os
from pathlib import Path

from sandbox.config import SandboxConfig
from sandbox.demo_settings import Addresses, environment
from sandbox.pay.keys import PayKeys, server_settings
from tests.load.month.databases import Databases

# Everybody is awake at midnight, and nobody is told too much.
BESIDES = {
    "QUIET_FROM": "00:00",
    "QUIET_UNTIL": "00:00",
    "PUSHES_PER_CITIZEN": "100",
    "PUSH_RATE_PER_S": "10000",
}


def pay_settings(folder: Path, keys: PayKeys, surplus: str) -> dict[str, str]:
    return {**server_settings(folder / "pay", keys), "PAY_SURPLUS": surplus}


def config_of(made: dict[str, str], port: int, public_port: int, seed: int) -> SandboxConfig:
    return SandboxConfig(
        appid=made["WECHAT_APPID"],
        secret=made["WECHAT_SECRET"],
        token=made["WECHAT_TOKEN"],
        aes_key=made["WECHAT_AES_KEY"],
        account_id=made["WECHAT_ACCOUNT_ID"],
        server_url=f"http://127.0.0.1:{port}",
        public_url=f"http://127.0.0.1:{public_port}",
        seed=seed,
    )


def environ_of(
    folder: Path,
    made: dict[str, str],
    public: str,
    port: int,
    redis_url: str,
    databases: Databases,
) -> dict[str, str]:
    """Phones and WeChat find the server itself, not by way of the sandbox."""
    addresses = Addresses(
        public=public,
        redis=redis_url,
        records=databases.records,
        csms=databases.city,
        media=folder / "media",
        tariffs=folder / "tariffs.toml",
        clock=folder / "clock",
    )
    own = {**BESIDES, "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    whole = environment(os.environ, made, addresses)
    for name in ("HOTLINE_URL", "WEBSITE_URL", "TARIFF_FILE"):
        del whole[f"WATERDESK_{name}"]
    whole.pop("PROMETHEUS_MULTIPROC_DIR", None)
    return {**whole, **{f"WATERDESK_{name}": value for name, value in own.items()}}
