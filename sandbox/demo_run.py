"""One run of the demo: its parts are started in the order in which they need each other and stopped
in the reverse order, whatever happens in between."""

import fcntl
import os
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Engine

from sandbox import demo_city
from sandbox.app import create_app
from sandbox.children import Child, free_port, is_free, kept
from sandbox.city import built_on, examples
from sandbox.city.presets import city_tariffs, price_change
from sandbox.city_tariff_file import tariff_toml
from sandbox.clock import SHANGHAI
from sandbox.config import SandboxConfig
from sandbox.context import Sandbox
from sandbox.csms_switch import CsmsSwitch
from sandbox.demo_server import WATERDESK, DemoFailed, check, command, wait_until_ready
from sandbox.demo_settings import Addresses, environment, keep_environment, own_secrets
from sandbox.hotline.joining import HotlineStandIn
from sandbox.hotline.store import HotlineStore
from sandbox.office.clerk import clerk
from sandbox.office.database import open_office
from sandbox.redis_switch import EmbeddedRedis
from sandbox.serving import served
from sandbox.verification import verify_callback_url
from sandbox.website.seed import seed
from sandbox.website.store import WebsiteStore

_SERVER_GRACE_S = 10.0
_LOOK_EVERY_S = 0.3

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """`waterdesk`: the command line of the server that the demo runs."""

    port: int
    accounts: int
    seed: int
    folder: Path
    waterdesk: tuple[str, ...] = WATERDESK


@dataclass(frozen=True, slots=True)
class DemoSwitches:
    csms: CsmsSwitch
    redis: EmbeddedRedis

    def set_csms(self, state: str) -> None:
        self.csms.set(state)

    def set_redis(self, state: str) -> None:
        self.redis.set(state)


class Demo:
    def __init__(self, order: Order, tell: Tell) -> None:
        self._order = order
        self._tell = tell
        self._stack = ExitStack()
        self._children: list[Child] = []

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def watch(self) -> None:
        """Returns never: a child that dies ends the demo, everything else interrupts it."""
        while True:
            for child in self._children:
                check(child)
            time.sleep(_LOOK_EVERY_S)

    def _start(self) -> None:
        order = self._order
        _claim(order, self._stack)
        today = datetime.now(SHANGHAI).date()
        wish = demo_city.Wish(order.accounts, order.seed)
        city = demo_city.prepare(order.folder, wish, today, self._tell)
        made = own_secrets(order.folder)
        prices = tariff_toml(city_tariffs(price_change(built_on(city.url))))
        (order.folder / "tariffs.toml").write_text(prices, "utf-8")
        redis = self._start_redis()
        switches = DemoSwitches(CsmsSwitch(city.database), redis)
        self._stack.callback(switches.csms.close)
        server_port = free_port()
        config = _config(order, made, server_port, city)
        office = open_office(city.url, made["CSMS_KEY"])
        hotline = self._hotline(made["HOTLINE_SECRET"])
        website = self._website(office, city.url)
        app = create_app(
            config, switches=switches, hotline=hotline, city=lambda: office, website=website
        )
        public = self._stack.enter_context(served(app, order.port))
        env = environment(os.environ, made, _addresses(order, public, redis.url, city.url))
        sandbox: Sandbox = app.extensions["sandbox"]
        self._stack.enter_context(clerk(office, sandbox.world.clock.moment))
        keep_environment(order.folder / "waterdesk.env", env)
        self._start_server(env, server_port, sandbox)
        self._start_worker(env)
        self._tell(f"\n  打开 [bold]{public}/sandbox/[/bold]\n  Ctrl-C 停止\n")

    def _hotline(self, secret: str) -> HotlineStandIn:
        store = HotlineStore(self._order.folder / "hotline.sqlite3")
        self._stack.callback(store.close)
        return HotlineStandIn(store, secret)

    def _website(self, city: Engine, url: str) -> WebsiteStore:
        store = WebsiteStore(self._order.folder / "website.sqlite3")
        self._stack.callback(store.close)
        seed(store, city, examples(url), datetime.now(SHANGHAI))
        return store

    def _start_redis(self) -> EmbeddedRedis:
        folder = self._order.folder
        data = folder / "redis"
        data.mkdir(exist_ok=True)
        redis = EmbeddedRedis(free_port(), data, os.environ, folder / "logs" / "redis.log")
        self._stack.callback(redis.stop)
        redis.start()
        self._children.append(redis.child)
        return redis

    def _start_server(self, env: Mapping[str, str], port: int, sandbox: Sandbox) -> None:
        command(self._order.waterdesk, env, "db", "upgrade")
        serve = ("serve", "--host", "127.0.0.1", "--port", str(port), "--workers", "2")
        log = self._order.folder / "logs" / "server.log"
        server = Child("server", kept(_SERVER_GRACE_S, [*self._order.waterdesk, *serve]), env, log)
        self._stack.callback(server.stop)
        server.start()
        self._children.append(server)
        self._tell("正在启动服务…")
        wait_until_ready(server, sandbox.world.config.server_url)
        command(self._order.waterdesk, env, "menu", "push")
        if problem := verify_callback_url(sandbox.world):
            raise DemoFailed(f"the server did not pass the platform's verification: {problem}")

    def _start_worker(self, env: Mapping[str, str]) -> None:
        log = self._order.folder / "logs" / "worker.log"
        run = kept(_SERVER_GRACE_S, [*self._order.waterdesk, "worker"])
        worker = Child("worker", run, env, log)
        self._stack.callback(worker.stop)
        worker.start()
        self._children.append(worker)


def _claim(order: Order, stack: ExitStack) -> None:
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


def _config(
    order: Order, made: Mapping[str, str], server_port: int, city: demo_city.DemoCity
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


def _addresses(order: Order, public: str, redis_url: str, csms_url: str) -> Addresses:
    records = f"sqlite:///{order.folder / 'waterdesk.sqlite3'}"
    media, tariffs = order.folder / "media", order.folder / "tariffs.toml"
    return Addresses(public, redis_url, records, csms_url, media, tariffs)
