"""`waterdesk applications`: an application from the chat to running water, over the real parts: the
server, our own database, the commands, the worker, and the stand-in for CSMS's back office."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

from backends.records.adapter import SqlRecords, open_records
from backends.records.schema import upgrade
from bot.cli import app
from bot.settings import load_settings
from jobs.app import build_worker
from jobs.worker import Worker
from sandbox.office import advance, queue, take_requests
from sandbox.office.database import open_office
from tests.citizen import Citizen
from tests.cli.test_commands import city, environment, platform, waterdesk
from tests.fakes import FakeCsms
from tests.service import Service, running

__all__ = ["city", "environment", "platform"]
KEY = "a key that CSMS and the server share, of 32 characters or more"
NAME, ID_NO, MOBILE = "赵子龙", "11010519491231002X", "13812345678"
ADDRESS = "滨河路12号3单元501室"
FORM = ("报装", "同意", "商铺或小微企业", NAME, ID_NO, ADDRESS, MOBILE)


@dataclass
class World:
    environment: dict[str, str]
    service: Service
    citizen: Citizen
    worker: Worker
    office: Engine

    def applies(self) -> str:
        """The number it was given."""
        for said in FORM:
            self.citizen.says(said)
        self.citizen.sends_photo()
        self.citizen.says("完成")
        assert "请核对" in self.citizen.says("跳过").text
        submitted = self.citizen.says("提交").plain
        return submitted.split("受理号 ")[1][:14]

    def run(self, *arguments: str) -> str:
        done = self.tries(*arguments)
        assert done.exit_code == 0, done.output
        return done.stdout

    def tries(self, *arguments: str) -> Result:
        """In this process: starting one takes longer than all the rest of the test."""
        return CliRunner().invoke(app, ["applications", *arguments], env=self.environment)

    def carries(self, way: str) -> None:
        """One round of the worker's loop of this name."""
        (loop,) = [one for one in self.worker.loops if one.name == way]
        loop.step()


@pytest.fixture
def world(environment: dict[str, str]) -> Iterator[World]:
    environment["WATERDESK_CSMS_KEY"] = KEY
    settings = load_settings(environment)
    upgrade(settings.database_url)
    office = open_office(settings.csms_url, KEY)
    with (
        closing(_records(settings.database_url)) as records,
        running(settings, FakeCsms(), records) as service,
    ):
        # The commands and the worker go by the clock on the wall, and so must the server.
        service.clock.now_s = time.time()
        yield World(environment, service, service.citizen(), build_worker(settings), office)
    office.dispose()


def test_from_the_chat_to_running_water(world: World) -> None:
    number = world.applies()
    world.carries("to-csms")
    assert number not in str(_rows(world.office))
    listed = waterdesk(world.environment, "applications", "list").stdout
    assert number in listed
    assert "赵*" in listed
    assert NAME not in listed
    shown = world.run("show", number, "--by", "li")
    assert all(value in shown for value in (NAME, ID_NO, MOBILE, ADDRESS, "/files/"))
    assert "1 of 1 will be handed over" in world.run("approve", number.lower(), "--by", "li")

    world.carries("to-csms")
    now = datetime.now(world.service.settings.zone)
    take_requests(world.office, now)
    (entry,) = [one for one in queue(world.office) if one.request_no == number]
    assert entry.kind == "connection"
    (row,) = [one for one in _rows(world.office) if one["request_no"] == number]
    assert json.loads(row["payload"])["address"] == ADDRESS
    assert row["private"]
    assert not any(value in row["payload"] for value in (NAME, ID_NO, MOBILE))

    advance(world.office, number, now)
    promised = (now + timedelta(days=5)).date()
    advance(world.office, number, now, stage="survey_booked", promised_on=promised)
    world.carries("from-csms")
    seen = world.citizen.says("进度").plain
    assert "已受理" in seen
    assert "已约好勘察" in seen
    assert f"{promised.year}年{promised.month}月{promised.day}日前办好" in seen
    advance(world.office, number, now, stage="connected")
    world.carries("from-csms")
    assert "已通水" in world.citizen.says("进度").plain


def test_one_sent_back_is_put_right_without_filling_it_in_again(world: World) -> None:
    number = world.applies()
    assert "goes back" in world.run("return", number, "--text", "营业执照没有拍全")
    again = world.tries("approve", number)
    assert again.exit_code == 1
    assert "not waiting for review" in again.stdout
    assert "补正" in world.citizen.says("进度").plain
    put_right = world.citizen.says("补正").plain
    assert "营业执照没有拍全" in put_right
    assert "赵*" in put_right
    assert "受理号 W" in world.citizen.says("提交").plain


def test_what_cannot_be_done_says_so(world: World) -> None:
    assert "nothing waits for review" in world.run("list")
    for arguments in (["show", "W1"], ["approve", "W1"], ["return", "W1", "--text", "缺照片"]):
        assert world.tries(*arguments).exit_code == 1
    wordless = world.tries("return", "W1", "--text", " ")
    assert wordless.exit_code == 2
    assert "what is missing" in wordless.stderr


def test_who_looked_and_decided_is_logged_and_nobody_else(world: World) -> None:
    number = world.applies()
    shown = world.tries("show", number, "--by", "li")
    decided = world.tries("approve", number, "--by", "wang")
    logged = [json.loads(line) for line in (shown.stderr + decided.stderr).splitlines()]
    told = [(one["event"], one["number"], one["by"]) for one in logged]
    assert told == [("application_seen", number, "li"), ("application_approved", number, "wang")]
    assert not any(value in shown.stderr for value in (NAME, ID_NO, MOBILE))


def test_our_own_database_holds_nothing_private_in_clear(world: World) -> None:
    world.applies()
    url = world.environment["WATERDESK_DATABASE_URL"]
    kept = Path(url.removeprefix("sqlite:///"))
    everything = b"".join(path.read_bytes() for path in kept.parent.glob(f"{kept.name}*"))
    for value in (NAME, ID_NO, MOBILE):
        assert value.encode() not in everything
        assert json.dumps(value).strip('"').encode() not in everything


def _records(url: str) -> SqlRecords:
    return open_records(url, pool_size=2, statement_timeout_s=10)


def _rows(office: Engine) -> list[dict[str, str]]:
    with office.connect() as connection:
        found = connection.execute(text("SELECT request_no, payload, private FROM wx_request"))
        return [dict(row._mapping) for row in found]
