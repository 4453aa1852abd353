"""The real thing for a month: `waterdesk serve` in two processes, two `waterdesk worker`, a durable
Redis, our database and the city's; the sandbox plays WeChat, WeChat Pay and the office, and moves
the time for all of them."""

import itertools
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from threading import Lock
from typing import Any

from flask import Flask
from sqlalchemy import Engine, create_engine, text

from backends.records.schema import upgrade
from bot.settings import Settings, load_settings
from sandbox import city
from sandbox.app import create_app
from sandbox.children import free_port
from sandbox.clock import SHANGHAI, MovableClock
from sandbox.context import Sandbox
from sandbox.demo_settings import own_secrets
from sandbox.faults import merge
from sandbox.office.database import open_office
from sandbox.pay.desk import PayDesk
from sandbox.pay.joining import PayStandIn
from sandbox.pay.keys import kept_keys
from sandbox.pay.store import PayStore
from sandbox.serving import served
from sandbox.world import World
from tests.load.month.bills import open_bills
from tests.load.month.clerk import clerk
from tests.load.month.databases import Databases, two_databases
from tests.load.month.settings import config_of, environ_of, pay_settings
from tests.load.outage.crew import WATERDESK_WORKER, Crew
from tests.load.stack import DurableRedis, Server, start_server


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
        with clerk(month.office, month.now, month.at_desk):
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
        config_of(made, port, public_port, plan.seed),
        clock=clock,
        city=lambda: office,
        pay=PayStandIn(keys, store),
    )
    public = cleanup.enter_context(served(app, public_port))
    return app.extensions["sandbox"], environ_of(
        folder,
        {**made, **pay_settings(folder, keys, plan.surplus)},
        public,
        port,
        redis_url,
        databases,
    )


def _processes(folder: Path, environ: dict[str, str], cleanup: ExitStack) -> tuple[Server, Crew]:
    port = int(environ["WATERDESK_PUBLIC_URL"].rpartition(":")[2])
    server = start_server(environ, port, folder / "server.log")
    cleanup.callback(server.leave_nothing)
    server.wait_until_ready()
    crew = Crew(WATERDESK_WORKER, {**environ, "PYTHONUNBUFFERED": "1"}, folder / "worker.log")
    cleanup.callback(crew.stop)
    crew.start()
    return server, crew
