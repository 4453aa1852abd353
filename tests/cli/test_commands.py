"""The commands an operator types, run as they are: what they say, and with which exit code."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

import sandbox.city
from sandbox.app import create_app
from sandbox.config import SandboxConfig
from sandbox.serving import served
from tests.commands import WATERDESK, run
from tests.service import AES_KEY

APPID, SECRET, TOKEN, ACCOUNT = "wx0123456789abcdef", "s" * 32, "watertoken", "gh_0123456789ab"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def platform() -> Iterator[str]:
    config = SandboxConfig(
        appid=APPID,
        secret=SECRET,
        token=TOKEN,
        aes_key=AES_KEY,
        account_id=ACCOUNT,
        server_url="http://127.0.0.1:9",
    )
    with served(create_app(config), port=0) as url:
        yield f"{url}/sandbox/wechat"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('city') / 'csms.sqlite3'}"
    sandbox.city.build(url, 1_000, 1, as_of=date(2026, 11, 22), progress=False)
    return url


@pytest.fixture
def environment(redis_url: str, platform: str, city: str, tmp_path: Path) -> dict[str, str]:
    settings = {
        "WECHAT_APPID": APPID,
        "WECHAT_SECRET": SECRET,
        "WECHAT_TOKEN": TOKEN,
        "WECHAT_AES_KEY": AES_KEY,
        "WECHAT_ACCOUNT_ID": ACCOUNT,
        "WECHAT_API": platform,
        "REDIS_URL": redis_url,
        "CSMS_URL": city,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'waterdesk.sqlite3'}",
        "DATA_KEY": "d" * 32,
    }
    clean = {name: value for name, value in os.environ.items() if "WATERDESK" not in name}
    return {**clean, **{f"WATERDESK_{name}": value for name, value in settings.items()}}


def waterdesk(
    environment: dict[str, str], *arguments: str, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return run(WATERDESK, environment, *arguments, cwd=cwd)


def test_check_is_content_when_all_is_well(environment: dict[str, str]) -> None:
    assert waterdesk(environment, "db", "upgrade").returncode == 0
    pushed = waterdesk(environment, "menu", "push")
    assert pushed.returncode == 0, pushed.stderr
    checked = waterdesk(environment, "check")
    assert checked.returncode == 0, checked.stdout
    well = ("Redis", "CSMS", "own database", "WeChat", "menu", "wording", "photos", "submissions")
    for what in well:
        assert any(line.startswith("ok") and what in line for line in checked.stdout.splitlines())
    assert "WATERDESK_PUSH_TEMPLATES is not set" in checked.stdout


def test_check_names_what_is_missing_and_what_to_do(environment: dict[str, str]) -> None:
    environment["WATERDESK_REDIS_URL"] = "redis://127.0.0.1:1/0"
    environment["WATERDESK_CSMS_URL"] = "sqlite:////nowhere/csms.sqlite3"
    environment["WATERDESK_WECHAT_SECRET"] = "wrong" * 6
    environment["WATERDESK_HOTLNE"] = "962000"
    checked = waterdesk(environment, "check")
    assert checked.returncode == 1
    told = checked.stdout
    assert "start it, or set WATERDESK_REDIS_URL" in told
    assert "check WATERDESK_CSMS_URL and the grants" in told
    assert "off: set WATERDESK_HOTLINE_URL to take fault reports" in told
    assert "set WATERDESK_DATA_KEY and WATERDESK_CSMS_KEY" in told
    assert "run `waterdesk db upgrade`" in told
    assert "WECHAT_SECRET" in told
    assert "misspelt? WATERDESK_HOTLNE" in told
    assert "wrongwrong" not in told + checked.stderr


def test_without_settings_each_missing_one_is_named(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if "WATERDESK" not in name}
    started = waterdesk(clean, "serve", cwd=tmp_path)
    assert started.returncode == 2
    for name in ("WECHAT_APPID", "WECHAT_SECRET", "WECHAT_TOKEN", "CSMS_URL"):
        assert f"WATERDESK_{name}: not set" in started.stderr


def test_a_second_server_on_the_same_port_is_refused(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = waterdesk(environment, "serve", "--port", port, "--workers", "1")
    assert refused.returncode == 1
    assert f"127.0.0.1:{port} is in use" in refused.stdout


def test_a_menu_that_wechat_refuses_is_told_with_its_reason(
    environment: dict[str, str], tmp_path: Path
) -> None:
    environment["WATERDESK_WECHAT_API"] = "http://127.0.0.1:1"
    pushed = waterdesk(environment, "menu", "push")
    assert pushed.returncode == 2
    assert "wechat: unavailable" in pushed.stderr
    assert SECRET not in pushed.stderr


def test_a_menu_with_faults_is_not_pushed(environment: dict[str, str], tmp_path: Path) -> None:
    copytree(ROOT / "templates", tmp_path / "wording")
    path = tmp_path / "wording" / "menu.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"我的用水"', '"我的用水账单"'))
    environment["WATERDESK_TEMPLATES_DIR"] = str(tmp_path / "wording")
    environment["WATERDESK_WECHAT_API"] = "http://127.0.0.1:1"
    pushed = waterdesk(environment, "menu", "push")
    assert pushed.returncode == 1
    assert "“我的用水账单”太长：18 字节，微信最多 16 字节" in pushed.stdout
    assert "菜单没有推送" in pushed.stdout


def test_templates_check_passes_and_the_preview_shows_every_reply(tmp_path: Path) -> None:
    environment = dict(os.environ)
    checked = waterdesk(environment, "templates", "check")
    assert checked.returncode == 0, checked.stdout
    output = tmp_path / "preview.html"
    assert waterdesk(environment, "templates", "preview", "--output", str(output)).returncode == 0
    page = output.read_text(encoding="utf-8")
    assert page.count('<div class="bubble">') >= 60
    assert "bind_account/confirm" in page


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """The words.toml, with a mistake, of a templates folder of one's own."""
    copytree(ROOT / "templates", tmp_path / "wording")
    path = tmp_path / "wording" / "words.toml"
    path.write_text(path.read_text(encoding="utf-8") + "[values.x]\n", encoding="utf-8")
    return path


def without_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if "WATERDESK" not in name}


def test_templates_are_found_from_any_folder_and_without_settings(tmp_path: Path) -> None:
    """Started as an operator starts it, all of it imported there."""
    for command in ("check", "preview"):
        told = subprocess.run(
            [sys.executable, "-m", "bot.cli", "templates", command],
            env=without_settings(),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert told.returncode == 0, told.stdout + told.stderr
    assert (tmp_path / "preview.html").is_file()


def test_the_templates_folder_is_the_one_of_the_environment_or_of_the_env_file(
    words: Path, tmp_path: Path
) -> None:
    where = f"WATERDESK_TEMPLATES_DIR={words.parent}"
    (tmp_path / ".env").write_text(where, encoding="utf-8")
    environment = {**without_settings(), "WATERDESK_TEMPLATES_DIR": str(words.parent)}
    for given, cwd in ((environment, ROOT), (without_settings(), tmp_path)):
        checked = waterdesk(given, "templates", "check", cwd=cwd)
        assert checked.returncode == 1
        assert "words.toml：[values.x] 要写成表" in checked.stdout
    shipped = ("--folder", str(ROOT / "templates"))
    assert waterdesk(environment, "templates", "check", *shipped).returncode == 0


def test_a_preview_of_unusable_words_is_refused_with_the_reason(words: Path) -> None:
    refused = waterdesk(without_settings(), "templates", "preview", "--folder", str(words.parent))
    assert refused.returncode == 2
    assert "words.toml：[values.x] 要写成表" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_preview_without_its_broken_replies_names_them(words: Path, tmp_path: Path) -> None:
    shipped = (ROOT / "templates" / "words.toml").read_text(encoding="utf-8")
    words.write_text(shipped, encoding="utf-8")
    (words.parent / "replies" / "common" / "thanks.j2").write_text("{{ x", encoding="utf-8")
    folder = ("--folder", str(words.parent))
    shown = waterdesk(without_settings(), "templates", "preview", *folder, cwd=tmp_path)
    assert shown.returncode == 0
    assert "replies/common/thanks.j2:1：写法有误" in shown.stdout
    assert shown.stderr == ""
    assert "common/thanks" not in (tmp_path / "preview.html").read_text(encoding="utf-8")


def test_a_city_is_built_and_shown_with_examples(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'city.sqlite3'}"
    built = waterdesk(dict(os.environ), "city", "build", "--url", url, "--accounts", "1000")
    assert built.returncode == 0, built.stderr
    assert "accounts owe" in built.stdout
    assert "Example(" not in built.stdout


def test_a_city_that_cannot_be_built_is_refused_with_a_reason(tmp_path: Path) -> None:
    refused = waterdesk(dict(os.environ), "city", "build", "--url", "nonsense")
    assert refused.returncode == 1
    assert "not a database URL" in refused.stderr
    few = ("--url", f"sqlite:///{tmp_path / 'x.sqlite3'}", "--accounts", "3")
    assert "1,000 to 5,000,000" in waterdesk(dict(os.environ), "city", "build", *few).stderr


def test_the_ids_of_the_account_s_templates_are_told_ready_to_be_pasted(
    environment: dict[str, str],
) -> None:
    told = waterdesk(environment, "templates", "ids")
    assert told.returncode == 0, told.stdout + told.stderr
    setting = told.stdout.splitlines()[-1]
    name, _, value = setting.partition("=")
    assert name == "WATERDESK_PUSH_TEMPLATES"
    ids = dict(pair.split(":") for pair in value.split(","))
    assert len(ids) == 12
    wrong = value.replace(ids["bill"], "X" * 43).replace("ticket:", "tickets:")
    checked = waterdesk({**environment, name: wrong}, "check").stdout
    (line,) = (line for line in checked.splitlines() if "push templates" in line)
    assert line.startswith("!!")
    for part in ("bill: XXX", "not on the account", "no card tickets", "ticket: no template"):
        assert part in line
