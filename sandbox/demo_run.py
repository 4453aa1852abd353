"""One run of the demo: its parts are started in the order in which they need each other and stopped
in the reverse order, whatever happens in between."""

import os
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Self

from sqlalchemy import Engine

from sandbox import demo_city
from sandbox.app import create_app
from sandbox.children import Child, free_port, kept
from sandbox.city import built_on, examples
from sandbox.city.presets import city_tariffs, price_change
from sandbox.city_tariff_file import tariff_toml
from sandbox.clock import MovableClock
from sandbox.context import Sandbox
from sandbox.csms_switch import CsmsSwitch
from sandbox.demo_jobs import run_job
from sandbox.demo_order import Order, addresses, claim, clock_of, config_of
from sandbox.demo_server import DemoFailed, check, command, wait_until_ready
from sandbox.demo_settings import environment, keep_environment, own_secrets
from sandbox.hotline.joining import HotlineStandIn
from sandbox.hotline.store import HotlineStore
from sandbox.office.clerk import clerk
from sandbox.office.database import open_office
from sandbox.pay.joining import PayStandIn
from sandbox.pay.keys import kept_keys, server_settings
from sandbox.pay.store import PayStore
from sandbox.redis_switch import EmbeddedRedis
from sandbox.serving import served
from sandbox.verification import verify_callback_url
from sandbox.website.seed import seed
from sandbox.website.store import WebsiteStore

_SERVER_GRACE_S = 10.0
_LOOK_EVERY_S = 0.3

Tell = Callable[[str], None]


def _real_time() -> float:
    """Not `time.time`: a shell that took over the settings of a demo lives in that one's time."""
    return time.clock_gettime(time.CLOCK_REALTIME)


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
        claim(order, self._stack)
        clock = MovableClock(_real_time, clock_of(order.folder))
        city = self._city(clock)
        made = own_secrets(order.folder)
        redis = self._start_redis()
        server_port = free_port()
        config = config_of(order, made, server_port, city)
        places = addresses(order, config.public_url, redis.url, city.url)
        pay = self._pay()
        paying = server_settings(order.folder / "pay", pay.keys)
        env = environment(os.environ, {**made, **paying}, places)
        office = open_office(city.url, made["CSMS_KEY"])
        switches = DemoSwitches(CsmsSwitch(city.database), redis)
        self._stack.callback(switches.csms.close)
        app = create_app(
            config,
            clock=clock,
            switches=switches,
            hotline=self._hotline(made["HOTLINE_SECRET"]),
            city=lambda: office,
            website=self._website(office, city.url, clock),
            pay=pay,
            run_job=partial(run_job, env),
        )
        self._stack.enter_context(served(app, order.port))
        self._stack.enter_context(clerk(office, clock.moment))
        keep_environment(order.folder / "waterdesk.env", env)
        self._start_server(env, server_port, app.extensions["sandbox"])
        self._start_worker(env)
        self._tell(f"\n  打开 [bold]{config.public_url}/sandbox/[/bold]\n  Ctrl-C 停止\n")

    def _city(self, clock: MovableClock) -> demo_city.DemoCity:
        order = self._order
        wish = demo_city.Wish(order.accounts, order.seed)
        city = demo_city.prepare(order.folder, wish, clock.moment().date(), self._tell)
        prices = tariff_toml(city_tariffs(price_change(built_on(city.url))))
        (order.folder / "tariffs.toml").write_text(prices, "utf-8")
        return city

    def _hotline(self, secret: str) -> HotlineStandIn:
        store = HotlineStore(self._order.folder / "hotline.sqlite3")
        self._stack.callback(store.close)
        return HotlineStandIn(store, secret)

    def _pay(self) -> PayStandIn:
        store = PayStore(self._order.folder / "pay.sqlite3")
        self._stack.callback(store.close)
        return PayStandIn(kept_keys(self._order.folder / "pay"), store)

    def _website(self, city: Engine, url: str, clock: MovableClock) -> WebsiteStore:
        store = WebsiteStore(self._order.folder / "website.sqlite3")
        self._stack.callback(store.close)
        seed(store, city, examples(url), clock.moment())
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
