"""What the pushes run in: our own database with citizens and planned notices, two Redis (ours, and
the broker, which can be killed), the sandbox or what only counts calls, and workers."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import Engine, create_engine

from backends.records.adapter import open_records
from backends.records.ledger import SqlLedger, open_ledger
from backends.records.schema import upgrade
from sandbox.template_messages import TEMPLATES
from tests.load.outage.crew import Crew
from tests.load.pushes.bills import AT_ONCE, met, plan_bills
from tests.load.pushes.manner import Manner
from tests.load.pushes.platforms import counter, rough_sandbox
from tests.load.pushes.rough_sandbox import APPID, SECRET, TOKEN
from tests.redis_server import RedisServer, stoppable_redis
from tests.service import AES_KEY

TEMPLATE_ID = TEMPLATES["bill"]
HASTY_WORKER = (sys.executable, "-m", "tests.load.pushes.hasty_worker")
WATERDESK_WORKER = (sys.executable, "-m", "bot.cli", "worker", "--only", "pushes")


@dataclass
class World:
    environ: dict[str, str]
    broker: RedisServer
    crew: Crew
    ledger: SqlLedger
    records: Engine
    platform: str

    def counts(self) -> dict[str, Any]:
        """What the sandbox has carried out; see rough_sandbox.py."""
        counted: dict[str, Any] = requests.get(f"{self.platform}/counts", timeout=60).json()
        return counted


@dataclass(frozen=True)
class Plan:
    """`each`: pushes for every citizen, on as many bills, twelve at most. An empty `records_url` is
    SQLite in the run's folder. `at_sandbox`: or at what only counts calls."""

    citizens: int
    each: int
    manner: Manner
    workers: int = 3
    rate_per_s: float = 10_000.0
    concurrency: int = 16
    worker: Sequence[str] = HASTY_WORKER
    records_url: str = ""
    at_sandbox: bool = True


@contextmanager
def world(folder: Path, plan: Plan) -> Iterator[World]:
    """Everything is planned, and no worker runs yet."""
    with ExitStack() as cleanup:
        own = cleanup.enter_context(stoppable_redis())
        broker = cleanup.enter_context(stoppable_redis())
        platform, api = cleanup.enter_context(_platform(plan))
        url = plan.records_url or f"sqlite:///{folder / 'records.sqlite3'}"
        environ = _environ(folder, own.url, broker.url, api, url, plan)
        upgrade(url)
        with closing(open_records(url, pool_size=2, statement_timeout_s=60)) as records:
            for number in range(0, plan.citizens, AT_ONCE):
                several = range(number, min(number + AT_ONCE, plan.citizens))
                records.commit([effect for one in several for effect in met(one)])
        ledger = open_ledger(url, pool_size=2, statement_timeout_s=60, long_term=False)
        plan_bills(ledger, plan.citizens, plan.each)
        engine = create_engine(url)
        cleanup.callback(engine.dispose)
        whole = {**_inherited(), **environ, "PYTHONUNBUFFERED": "1"}
        crew = Crew(plan.worker, whole, folder / "worker.log", plan.workers)
        cleanup.callback(crew.stop)
        yield World(environ, broker, crew, ledger, engine, platform)


@contextmanager
def _platform(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yields its address and that of its API."""
    if plan.at_sandbox:
        with rough_sandbox(plan.manner, plan.citizens) as url:
            yield url, f"{url}/sandbox/wechat"
    else:
        with counter(plan.manner) as url:
            yield url, url


def _environ(
    folder: Path, redis_url: str, broker_url: str, api: str, records_url: str, plan: Plan
) -> dict[str, str]:
    values = {
        "WECHAT_APPID": APPID,
        "WECHAT_SECRET": SECRET,
        "WECHAT_TOKEN": TOKEN,
        "WECHAT_AES_KEY": AES_KEY,
        "WECHAT_API": api,
        "REDIS_URL": redis_url,
        "BROKER_URL": broker_url,
        "DATABASE_URL": records_url,
        "CSMS_URL": f"sqlite:///{folder / 'city.sqlite3'}",
        "PUSH_TEMPLATES": f"bill:{TEMPLATE_ID}",
        "PUSH_RATE_PER_S": str(plan.rate_per_s),
        "PUSH_CONCURRENCY": str(plan.concurrency),
        "PUSH_DAILY_QUOTA": "1000000",
        "PUSHES_PER_CITIZEN": "100",
        "QUIET_FROM": "00:00",
        "QUIET_UNTIL": "00:00",
    }
    return {f"WATERDESK_{name}": value for name, value in values.items()}


def _inherited() -> dict[str, str]:
    dropped = ("WATERDESK_", "PROMETHEUS_")
    return {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
