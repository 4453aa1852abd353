"""The real thing for a month: `waterdesk serve` in two processes, two `waterdesk worker`, a durable
Redis, our database and the city's; the sandbox plays WeChat, WeChat Pay and the office, and moves
the time for all of them."""

import itertools
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from threading import Event, Lock, Thread
from typing import Any

from flask import Flask
from sqlalchemy import Engine, create_engine, text

from backends.records.schema import upgrade
from bot.settings import Settings, load_settings
from sandbox import city
from sandbox.app import create_app
from sandbox.children import free_port
from sandbox.clock import SHANGHAI, MovableClock
from sandbox.config import SandboxConfig
from sandbox.context import Sandbox
from sandbox.demo_settings import Addresses, environment, own_secrets
from sandbox.faults import merge
from sandbox.office.clerk import work
from sandbox.office.database import open_office
from sandbox.pay.desk import PayDesk
from sandbox.pay.joining import PayStandIn
from sandbox.pay.keys import PayKeys, kept_keys, server_settings
from sandbox.pay.store import PayStore
from sandbox.serving import served
from sandbox.world import World
from tests.load.month.bills import open_bills
from tests.load.month.databases import Databases, two_databases
from tests.load.outage.crew import WATERDESK_WORKER, Crew
from tests.load.stack import DurableRedis, Server, start_server

CLERK_EVERY_S = 0.25
# Everybody is awake at midnight, and nobody is told too much.
BESIDES = {
    "QUIET_FROM": "00:00",
    "QUIET_UNTIL": "00:00",
    "PUSHES_PER_CITIZEN": "100",
    "PUSH_RATE_PER_S": "10000",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """`bills`: more than the city has, for each account. `surplus`: WATERDESK_PAY_SURPLUS."""

    accounts: int
    bills: int
    seed: int
    served: bool = True
    surplus: str = "refund"


@dataclass
class SandboxTime:
    """As `tests.citizen.Citizen` wants to know it."""

    clock: MovableClock

    @property
    def now_s(self) -> float:
        return self.clock.now()


@dataclass
class Month:
    """`accounts`: those with bills. `at_desk`: held while nobody at CSMS works."""

    folder: Path
    settings: Settings
    environ: Mapping[str, str]
    server: Server
    crew: Crew
    wechat: World
    pay: PayDesk
    office: Engine
    records: Engine
    databases: Databases
    accounts: list[str]
    after_pay_id: int
    at_desk: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._msg_ids = itertools.count(time.time_ns())
        self.clock = SandboxTime(self.wechat.clock)
        self.url = self.server.url
        self.aes_key = self.settings.wechat_aes_key.get_secret_value()

    def next_msg_id(self) -> int:
        return next(self._msg_ids)

    def now(self) -> datetime:
        return self.wechat.clock.moment()

    def advance_to(self, moment: datetime) -> None:
        """Time never goes back."""
        ahead_s = (moment - self.now()).total_seconds()
        if ahead_s > 0:
            self.wechat.clock.advance(ahead_s)
            self.pay.wake()

    def faults(self, **change: Any) -> None:
        with self.wechat.news:
            self.wechat.faults = merge(self.wechat.faults, {"pay": change})


@contextmanager
def running_month(folder: Path, plan: Plan) -> Iterator[Month]:
    with ExitStack() as cleanup:
        databases = cleanup.enter_context(two_databases(folder, served=plan.served))
        upgrade(databases.records)
        today = datetime.now(SHANGHAI).date()
        city.build(databases.city, plan.accounts, plan.seed, as_of=today, progress=False)
        office, records = (
            open_office(databases.city),
            create_engine(databases.records, pool_pre_ping=True),
        )
        cleanup.callback(records.dispose)
        cleanup.callback(office.dispose)
        accounts = open_bills(office, plan.bills, today, Random(plan.seed))
        after = _last_payment(office)
        redis = _redis(folder, cleanup)
        sandbox, environ = _sandbox(folder, plan, databases, redis, office, cleanup)
        server, crew = _processes(folder, environ, cleanup)
        assert sandbox.pay is not None
        month = Month(
            folder=folder,
            settings=load_settings(environ),
            environ=environ,
            server=server,
            crew=crew,
            wechat=sandbox.world,
            pay=sandbox.pay,
            office=office,
            records=records,
            databases=databases,
            accounts=accounts,
            after_pay_id=after,
        )
        with _clerk(month):
            yield month


def _last_payment(office: Engine) -> int:
    with office.connect() as connection:
        return int(connection.scalar(text("SELECT max(pay_id) FROM payment")) or 0)


def _redis(folder: Path, cleanup: ExitStack) -> str:
    (folder / "redis").mkdir()
    redis = DurableRedis(folder / "redis")
    cleanup.callback(redis.stop)
    return redis.url


def _sandbox(
    folder: Path,
    plan: Plan,
    databases: Databases,
    redis_url: str,
    office: Engine,
    cleanup: ExitStack,
) -> tuple[Sandbox, dict[str, str]]:
    made, keys = own_secrets(folder), kept_keys(folder / "pay")
    store = PayStore(folder / "pay.sqlite3")
    cleanup.callback(store.close)
    port, public_port = free_port(), free_port()
    clock = MovableClock(time.time, folder / "clock")
    app: Flask = create_app(
        _config(made, port, public_port, plan.seed),
        clock=clock,
        city=lambda: office,
        pay=PayStandIn(keys, store),
    )
    public = cleanup.enter_context(served(app, public_port))
    return app.extensions["sandbox"], _environ(
        folder, {**made, **_pays(folder, keys, plan)}, public, port, redis_url, databases
    )


def _pays(folder: Path, keys: PayKeys, plan: Plan) -> dict[str, str]:
    return {**server_settings(folder / "pay", keys), "PAY_SURPLUS": plan.surplus}


def _config(made: dict[str, str], port: int, public_port: int, seed: int) -> SandboxConfig:
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


def _environ(
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


def _processes(folder: Path, environ: dict[str, str], cleanup: ExitStack) -> tuple[Server, Crew]:
    port = int(environ["WATERDESK_PUBLIC_URL"].rpartition(":")[2])
    server = start_server(environ, port, folder / "server.log")
    cleanup.callback(server.leave_nothing)
    server.wait_until_ready()
    crew = Crew(WATERDESK_WORKER, {**environ, "PYTHONUNBUFFERED": "1"}, folder / "worker.log")
    cleanup.callback(crew.stop)
    crew.start()
    return server, crew


@contextmanager
def _clerk(month: Month) -> Iterator[None]:
    over = Event()

    def at_work() -> None:
        while not over.wait(CLERK_EVERY_S):
            with month.at_desk:
                work(month.office, month.now())

    thread = Thread(target=at_work, name="clerk")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
