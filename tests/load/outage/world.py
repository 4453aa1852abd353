"""The real thing around the sandbox: `waterdesk serve`, two `waterdesk worker`, a durable Redis,
the city with its office, the hotline, and the sandbox as WeChat."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine

from bot.settings import Settings, load_settings
from sandbox import city
from sandbox.app import create_app
from sandbox.children import free_port
from sandbox.city.presets import city_tariffs, price_change
from sandbox.city_tariff_file import tariff_toml
from sandbox.clock import SHANGHAI
from sandbox.config import SandboxConfig
from sandbox.context import Sandbox
from sandbox.demo_settings import Addresses, environment, own_secrets
from sandbox.faults import merge
from sandbox.hotline.joining import HotlineStandIn
from sandbox.hotline.store import HotlineStore
from sandbox.office.database import open_office
from sandbox.ring import Ring
from sandbox.serving import served
from sandbox.world import World
from tests.load.outage.crew import WATERDESK_WORKER, Crew
from tests.load.outage.desks import CsmsDesk
from tests.load.stack import DurableRedis, Server, start_server

WHOLE_RUN = 200_000
API_TAKES_MS = 30


@dataclass
class Utility:
    """`sandbox` is WeChat and the hotline's switch; `csms` the desk that can be taken away."""

    folder: Path
    settings: Settings
    server: Server
    crew: Crew
    wechat: World
    csms: CsmsDesk
    office: Engine
    hotline: HotlineStore
    records: Engine

    def now(self) -> datetime:
        return self.wechat.clock.moment()

    def hotline_is(self, state: str) -> None:
        with self.wechat.news:
            self.wechat.faults = merge(self.wechat.faults, {"hotline": state})

    def desks_down(self) -> None:
        self.csms.take_away()
        self.hotline_is("down")

    def desks_back(self) -> None:
        """The hotline carries out and loses its answers for a while: `hotline_is("ok")` ends it."""
        self.hotline_is("lose_answer")
        self.csms.bring_back()


# The judge reads texts, at whatever hour it is.
TOLD_IN_THE_CHAT = {"WATERDESK_PUSH_TEMPLATES": "", "WATERDESK_QUIET_FROM": "08:00"}


@dataclass(frozen=True)
class Plan:
    """`duplicate`: the share of messages that WeChat delivers once more. An empty `records_url`
    is SQLite in the run's folder."""

    accounts: int
    duplicate: float = 0.05
    records_url: str = ""
    worker: Sequence[str] = WATERDESK_WORKER


@contextmanager
def running_utility(folder: Path, plan: Plan) -> Iterator[Utility]:
    with ExitStack() as cleanup:
        today = datetime.now(SHANGHAI).date()
        city_file = folder / "city.sqlite3"
        city.build(f"sqlite:///{city_file}", plan.accounts, 1, as_of=today)
        (folder / "redis").mkdir()
        redis = DurableRedis(folder / "redis")
        cleanup.callback(redis.stop)
        port, public_port = free_port(), free_port()
        made = own_secrets(folder)
        store = HotlineStore(folder / "hotline.sqlite3")
        cleanup.callback(store.close)
        office = open_office(f"sqlite:///{city_file}")
        cleanup.callback(office.dispose)
        app = create_app(
            _config(made, port, public_port),
            hotline=HotlineStandIn(store, made["HOTLINE_SECRET"]),
            city=lambda: office,
        )
        public = cleanup.enter_context(served(app, public_port))
        sandbox: Sandbox = app.extensions["sandbox"]
        sandbox.world.inspector = Ring(WHOLE_RUN)
        sandbox.world.faults = merge(
            sandbox.world.faults,
            {"callback": {"duplicate": plan.duplicate}, "api": {"latency_ms": API_TAKES_MS}},
        )
        environ = _environ(folder, made, public, redis.url, plan.records_url, today)
        server = start_server(environ, port, folder / "server.log")
        cleanup.callback(server.leave_nothing)
        server.wait_until_ready()
        crew = Crew(plan.worker, _whole(environ), folder / "worker.log")
        cleanup.callback(crew.stop)
        crew.start()
        settings = load_settings(environ)
        records = create_engine(settings.database_url)
        cleanup.callback(records.dispose)
        yield Utility(
            folder=folder,
            settings=settings,
            server=server,
            crew=crew,
            wechat=sandbox.world,
            csms=CsmsDesk(city_file),
            office=office,
            hotline=store,
            records=records,
        )


def _config(made: dict[str, str], port: int, public_port: int) -> SandboxConfig:
    return SandboxConfig(
        appid=made["WECHAT_APPID"],
        secret=made["WECHAT_SECRET"],
        token=made["WECHAT_TOKEN"],
        aes_key=made["WECHAT_AES_KEY"],
        account_id=made["WECHAT_ACCOUNT_ID"],
        server_url=f"http://127.0.0.1:{port}",
        public_url=f"http://127.0.0.1:{public_port}",
    )


def _environ(
    folder: Path,
    made: dict[str, str],
    public: str,
    redis_url: str,
    records_url: str,
    today: date,
) -> dict[str, str]:
    tariffs = folder / "tariffs.toml"
    tariffs.write_text(tariff_toml(city_tariffs(price_change(today))), "utf-8")
    addresses = Addresses(
        public=public,
        redis=redis_url,
        records=records_url or f"sqlite:///{folder / 'records.sqlite3'}",
        csms=f"sqlite:///{folder / 'city.sqlite3'}",
        media=folder / "media",
        tariffs=tariffs,
        clock=folder / "clock",
    )
    return {**environment({}, made, addresses), **TOLD_IN_THE_CHAT}


def _whole(environ: dict[str, str]) -> dict[str, str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("WATERDESK_")
    }
    with suppress(KeyError):
        del inherited["PROMETHEUS_MULTIPROC_DIR"]
    return {**inherited, **environ, "PYTHONUNBUFFERED": "1"}
