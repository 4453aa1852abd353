"""What breaks, and what the citizen is told: Redis, databases, templates, our own code."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backends.errors import BackendUnavailable
from bot.settings import HOUSE
from dialogs.engine import conversation
from tests.fakes import FakeCsms, FakeRecords
from tests.redis_server import RedisServer, stoppable_redis
from tests.service import Service, running, settings_for
from tests.town import OWES_ONE, OWES_SEVERAL

MAINTENANCE = "系统正在维护"


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    with stoppable_redis() as server:
        yield server


@pytest.fixture
def fragile(own_redis: RedisServer, csms: FakeCsms, records: FakeRecords) -> Iterator[Service]:
    with running(settings_for(own_redis.url), csms, records) as started:
        yield started


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    return shutil.copytree(HOUSE / "templates", tmp_path / "templates")


def test_without_redis_the_citizen_gets_the_menu_and_an_apology(
    fragile: Service, own_redis: RedisServer
) -> None:
    citizen = fragile.citizen()
    citizen.says("绑定")
    own_redis.stop()
    reply = citizen.says("同意")
    assert MAINTENANCE in reply.plain
    assert "1. 查欠费" in reply.plain
    assert "962000" in reply.plain


def test_when_redis_is_back_the_service_is_back(fragile: Service, own_redis: RedisServer) -> None:
    citizen = fragile.citizen()
    own_redis.stop()
    assert MAINTENANCE in citizen.says("绑定").plain
    own_redis.start_again()
    deadline_s = time.monotonic() + 5
    while MAINTENANCE in (told := citizen.says("绑定").plain):
        assert time.monotonic() < deadline_s
    assert "是否同意" in told


def test_a_frozen_redis_holds_nobody_longer_than_the_platform_waits(
    fragile: Service, own_redis: RedisServer
) -> None:
    citizen = fragile.citizen()
    citizen.says("菜单")
    own_redis.freeze()
    started_s = time.monotonic()
    assert MAINTENANCE in citizen.says("菜单").plain
    assert MAINTENANCE in citizen.says("菜单").plain
    assert time.monotonic() - started_s < 4.5
    own_redis.thaw()


def test_when_csms_is_down_the_dialog_waits_where_it_was(service: Service, csms: FakeCsms) -> None:
    citizen = service.citizen()
    citizen.says("绑定")
    citizen.says("同意")
    citizen.says(OWES_ONE)
    csms.fail_with(BackendUnavailable("csms", 2.0, "OperationalError"))
    assert "系统暂时查不到" in citizen.says("张伟").plain
    csms.fail_with(None)
    assert "验证通过" in citizen.says("张伟").plain


def test_without_csms_the_accounts_are_still_listed_by_their_numbers(
    service: Service, csms: FakeCsms
) -> None:
    citizen = service.citizen()
    for answer in (
        "绑定",
        "同意",
        OWES_ONE,
        "张伟",
        "再绑一个",
        OWES_SEVERAL,
        "欧阳娜娜",
        "2",
        "1",
    ):
        citizen.says(answer)
    assert "绑定成功，共2个户号" in citizen.says("确认绑定").plain
    csms.fail_with(BackendUnavailable("csms", 2.0, "OperationalError"))
    listed = citizen.says("我的户号").plain
    assert "1. 31*****017\n2. 31*****025" in listed
    assert "系统暂时查不到" in citizen.says("1").plain


def test_when_our_own_database_is_down_nothing_is_said_to_be_done(
    service: Service, records: FakeRecords
) -> None:
    citizen = service.citizen()
    for answer in ("绑定", "同意", OWES_ONE, "张伟", "绑好了", "1"):
        citizen.says(answer)
    records.fail_with(BackendUnavailable("records", 2.0, "OperationalError"))
    assert "系统暂时查不到" in citizen.says("确认绑定").plain
    records.fail_with(None)
    assert not records.bindings(citizen.openid)
    assert "绑定成功" in citizen.says("确认绑定").plain
    assert len(records.bindings(citizen.openid)) == 1


def test_a_follower_is_welcomed_even_while_our_database_is_down(
    service: Service, records: FakeRecords
) -> None:
    records.fail_with(BackendUnavailable("records", 2.0, "OperationalError"))
    assert "欢迎关注" in service.citizen().follows().plain


def test_a_dialog_that_raises_is_answered_with_an_error_number(
    service: Service, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    citizen = service.citizen()
    citizen.says("绑定")

    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(conversation, "_route", broken)
        told = citizen.says("同意").plain
    assert "系统出了点问题" in told
    error_id = told.split("报错误号 ")[1].split("）")[0]
    log = capfd.readouterr().err
    assert error_id in log
    assert "ZeroDivisionError" in log
    assert "请输入10位户号" in citizen.says("同意").plain, "the dialog is where it was"


def test_a_template_broken_while_running_keeps_its_last_good_version(
    redis_url: str, csms: FakeCsms, records: FakeRecords, templates: Path
) -> None:
    settings = settings_for(redis_url, TEMPLATES_DIR=str(templates))
    with running(settings, csms, records, refresh_every_s=0.0) as service:
        citizen = service.citizen()
        good = citizen.says("帮助").plain
        help_file = templates / "replies/common/help.j2"
        help_file.write_text("坏了 {% if %}", encoding="utf-8")
        assert citizen.says("帮助").plain == good
        help_file.write_text("新的帮助，热线 {{ hotline }}", encoding="utf-8")
        assert citizen.says("帮助").plain == "新的帮助，热线 962000"


def test_a_template_that_never_was_good_is_apologised_for(
    redis_url: str, csms: FakeCsms, records: FakeRecords, templates: Path
) -> None:
    (templates / "replies/common/help.j2").write_text("{{ nobody_knows }}", encoding="utf-8")
    with running(settings_for(redis_url, TEMPLATES_DIR=str(templates)), csms, records) as service:
        assert "系统出了点问题" in service.citizen().says("帮助").plain


def test_when_even_the_apology_is_broken_something_is_said(
    redis_url: str, csms: FakeCsms, records: FakeRecords, templates: Path
) -> None:
    for name in ("help", "internal_error"):
        (templates / f"replies/common/{name}.j2").write_text("{{ gone }}", encoding="utf-8")
    with running(settings_for(redis_url, TEMPLATES_DIR=str(templates)), csms, records) as service:
        assert service.citizen().says("帮助").plain == "抱歉，系统出了点问题，请过几分钟再试。"


def test_a_template_that_fails_after_a_decision_leaves_nothing_changed(
    redis_url: str, csms: FakeCsms, records: FakeRecords, templates: Path
) -> None:
    """Words come before deeds: nobody is bound by a turn that could not say so."""
    (templates / "replies/bind_account/done.j2").write_text("{{ gone }}", encoding="utf-8")
    with running(settings_for(redis_url, TEMPLATES_DIR=str(templates)), csms, records) as service:
        citizen = service.citizen()
        for answer in ("绑定", "同意", OWES_ONE, "张伟", "绑好了", "1"):
            citizen.says(answer)
        assert "系统出了点问题" in citizen.says("确认绑定").plain
        assert not records.bindings(citizen.openid)
