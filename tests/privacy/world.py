"""The whole service in this process, on real parts: its server over HTTP, its worker's loops,
SQLite, photos in a folder, a Redis that writes down all it is told, and the sandbox as WeChat, as
hotline and as the office of a small city. The log is kept as text.
"""

import io
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from backends.records.schema import upgrade
from bot import parts
from bot.app import build_app
from bot.cli import app as waterdesk
from bot.redis_cache import RedisCache
from bot.redis_link import open_link
from bot.settings import Settings, load_settings
from jobs.__main__ import app as jobs
from jobs.app import build_worker
from jobs.pushing.making import build_sender
from jobs.pushing.sender import Sender
from jobs.worker import Loop, Worker, attempt
from sandbox import city
from sandbox.app import create_app
from sandbox.children import free_port
from sandbox.clock import SHANGHAI
from sandbox.context import Sandbox
from sandbox.demo_settings import own_secrets
from sandbox.hotline.joining import HotlineStandIn
from sandbox.hotline.store import HotlineStore
from sandbox.office import take_requests
from sandbox.office.database import open_office
from sandbox.serving import served
from tests.load.outage.phone import Phone
from tests.privacy import places
from tests.privacy.search import Place
from tests.privacy.surroundings import CITY, config_of, environ_of, logged, told_redis
from tests.service import serving

ACCOUNTS, SEED = 1_000, 7
OURS_IN_THE_CITY = ("wx_request", "wx_request_file", "wx_event")
ROUNDS = 10


@dataclass
class World:
    """`told`: all that operators' commands have answered, but for the reviewer's full view."""

    folder: Path
    settings: Settings
    environ: Mapping[str, str]
    sandbox: Sandbox
    worker: Worker
    sender: Sender
    office: Engine
    hotline: HotlineStore
    redis_url: str
    log: io.StringIO
    told: list[str]
    phones: dict[str, Phone]

    def phone(self, whose: str) -> Phone:
        """Of somebody who follows the account from now on."""
        if whose not in self.phones:
            openid = self.sandbox.world.add_citizen("").openid
            self.sandbox.platform.follow(openid, "")
            self.phones[whose] = Phone(self.sandbox.world, self.sandbox.platform, openid)
        return self.phones[whose]

    def now(self) -> datetime:
        return datetime.now(SHANGHAI)

    def days_later(self, days: int) -> datetime:
        return self.now() + timedelta(days=days)

    def carry(self) -> None:
        """Everything out, to the desks, and back, until there is nothing left to do."""
        for _ in range(ROUNDS):
            done = sum(self.steps(name) for name in ("to-csms", "to-hotline"))
            take_requests(self.office, self.now())
            done += sum(self.steps(name) for name in ("from-csms", "from-hotline"))
            done += self.sender.step()
            if not done:
                return
        raise AssertionError("the worker does not come to an end")

    def steps(self, name: str) -> int:
        count = 0
        while done := self.loop(name).step():
            count += done
        return count

    def tries(self, name: str) -> int | None:
        """As the worker does it when something is wrong: it logs and goes on."""
        return attempt(self.loop(name))

    def loop(self, name: str) -> Loop:
        (found,) = (one for one in self.worker.loops if one.name == name)
        return found

    def command(self, *arguments: str, code: int = 0, **settings: str) -> str:
        """`waterdesk …` or `jobs …`, in this process, with `settings` in place of the world's."""
        name, *rest = arguments
        app = {"waterdesk": waterdesk, "jobs": jobs}[name]
        environ = {f"WATERDESK_{name}": value for name, value in settings.items()}
        done = CliRunner().invoke(app, rest, env={**self.environ, **environ})
        assert done.exit_code == code, done.output
        self.log.write(done.stderr)
        return done.stdout

    def everything(self) -> Iterator[Place]:
        """CSMS's own tables are left out, and with them the file they are in: it holds who its
        customers are. So is what citizens themselves have written."""
        yield from places.rows(self.settings.database_url)
        yield from places.rows(self.settings.csms_url, OURS_IN_THE_CITY)
        yield from places.files(self.folder, without=(CITY,))
        yield from places.in_redis(self.redis_url)
        yield Place("log", self.log.getvalue().encode())
        yield Place("commands", "\n".join(self.told).encode())
        for whose, phone in self.phones.items():
            yield places.said(whose, self.sandbox.world.citizen(phone.openid).bubbles.after(0))

    def query(self, statement: str, **named: object) -> list[Any]:
        with self.office.connect() as connection:
            return list(connection.execute(text(statement), named))


def sender_of(settings: Settings) -> Sender:
    """As the worker has one, but stepped here: in the worker Celery tells it to begin."""
    redis = open_link(settings.redis_url, monotonic=time.monotonic)
    wechat = parts.wechat_of(settings, RedisCache(redis, settings.wechat_appid))
    return build_sender(settings, redis, wechat, "sender", lambda: datetime.now(SHANGHAI))


@contextmanager
def running_world(folder: Path) -> Iterator[World]:
    with ExitStack() as cleanup:
        log = cleanup.enter_context(logged())
        url = f"sqlite:///{folder / CITY}"
        city.build(url, ACCOUNTS, SEED, as_of=datetime.now(SHANGHAI).date(), progress=False)
        redis_url = cleanup.enter_context(told_redis(folder / "redis"))
        made = own_secrets(folder)
        # The demo keeps its secrets beside its data; a utility does not.
        (folder / "secrets.json").unlink()
        hotline = HotlineStore(folder / "hotline.sqlite3")
        cleanup.callback(hotline.close)
        office = open_office(url, made["CSMS_KEY"])
        cleanup.callback(office.dispose)
        server, public = free_port(), free_port()
        config = config_of(made, f"http://127.0.0.1:{server}", f"http://127.0.0.1:{public}")
        platform = create_app(
            config, hotline=HotlineStandIn(hotline, made["HOTLINE_SECRET"]), city=lambda: office
        )
        cleanup.enter_context(served(platform, public))
        environ = environ_of(folder, made, config, redis_url)
        settings = load_settings(environ)
        upgrade(settings.database_url)
        app = build_app(settings, registry=CollectorRegistry())
        cleanup.enter_context(serving(app, server))
        sandbox: Sandbox = platform.extensions["sandbox"]
        yield World(
            folder=folder,
            settings=settings,
            environ=environ,
            sandbox=sandbox,
            worker=build_worker(settings),
            sender=sender_of(settings),
            office=office,
            hotline=hotline,
            redis_url=redis_url,
            log=log,
            told=[],
            phones={},
        )
