"""What a demo was ordered to be: its folder claimed, its sandbox's settings, the addresses of its
parts."""

import fcntl
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sandbox.children import is_free
from sandbox.config import SandboxConfig
from sandbox.demo_city import DemoCity
from sandbox.demo_server import WATERDESK, DemoFailed
from sandbox.demo_settings import Addresses


@dataclass(frozen=True, slots=True)
class Order:
    """`waterdesk`: the command line of the server that the demo runs."""

    port: int
    accounts: int
    seed: int
    folder: Path
    waterdesk: tuple[str, ...] = WATERDESK


def clock_of(folder: Path) -> Path:
    """The file that the sandbox and the server's processes have their time from."""
    return folder / "clock"


def claim(order: Order, stack: ExitStack) -> None:
    """One demo to a folder: two would write over each other's data."""
    if not is_free(order.port):
        raise DemoFailed(
            f"port {order.port} is taken by another program: choose another one, for example"
            f" PORT={order.port + 1} make demo"
        )
    (order.folder / "logs").mkdir(parents=True, exist_ok=True)
    lock = stack.enter_context((order.folder / "lock").open("w"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise DemoFailed(
            f"another demo runs in {order.folder}: stop that one first, or use its address"
        ) from error


def config_of(
    order: Order, made: Mapping[str, str], server_port: int, city: DemoCity
) -> SandboxConfig:
    return SandboxConfig(
        appid=made["WECHAT_APPID"],
        secret=made["WECHAT_SECRET"],
        token=made["WECHAT_TOKEN"],
        aes_key=made["WECHAT_AES_KEY"],
        previous_aes_key=made["WECHAT_AES_KEY_PREVIOUS"],
        account_id=made["WECHAT_ACCOUNT_ID"],
        server_url=f"http://127.0.0.1:{server_port}",
        public_url=f"http://127.0.0.1:{order.port}",
        seed=order.seed,
        hints=city.hints,
    )


def addresses(order: Order, public: str, redis_url: str, csms_url: str) -> Addresses:
    records = f"sqlite:///{order.folder / 'waterdesk.sqlite3'}"
    media, tariffs = order.folder / "media", order.folder / "tariffs.toml"
    return Addresses(public, redis_url, records, csms_url, media, tariffs, clock_of(order.folder))
