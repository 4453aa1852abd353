"""The demo's launcher, with a toy in place of the server: everything starts, breaks and ends."""

import base64
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from sandbox.children import free_port, is_free
from sandbox.demo import run_demo
from sandbox.demo_order import Order
from sandbox.demo_run import Demo
from sandbox.demo_server import DemoFailed
from sandbox.demo_settings import Addresses, environment, own_secrets

TOY = (sys.executable, str(Path(__file__).with_name("toy_waterdesk.py")))
ACCOUNTS = 1_000
PATIENCE_S = 20.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all demos that end: the first of them builds the city."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def order(folder: Path) -> Order:
    return Order(free_port(), ACCOUNTS, 1, folder, TOY)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Order]:
    order = Order(free_port(), ACCOUNTS, 1, tmp_path_factory.mktemp("shared"), TOY)
    with Demo(order, lambda _: None):
        yield order


@pytest.fixture
def url(demo: Order) -> str:
    return f"http://127.0.0.1:{demo.port}"


def test_one_address_shows_page_platform_menu_and_server(url: str) -> None:
    state = requests.get(f"{url}/sandbox/api/state", timeout=5).json()
    assert state["account"]["mode"] == "safe"
    assert {"欠一笔", "已销户"} <= {hint["title"].split("：")[0] for hint in state["hints"]}
    assert all(hint["text"].isdecimal() for hint in state["hints"])
    menu = requests.get(f"{url}/sandbox/api/menu", timeout=5).json()
    assert menu["button"][0]["key"] == "BILL"
    assert requests.get(f"{url}/readyz", timeout=5).text == "ready"


def test_the_switches_of_the_page_break_and_mend(url: str) -> None:
    def throw(**change: str) -> int:
        return requests.put(f"{url}/sandbox/api/faults", json=change, timeout=30).status_code

    for change in ({"csms": "down"}, {"redis": "down"}, {"redis": "slow"}, {"csms": "hang"}):
        assert throw(**change) == 200
    assert requests.get(f"{url}/sandbox/api/faults", timeout=5).json()["redis"] == "slow"
    assert throw(csms="ok", redis="ok") == 200


def test_a_second_demo_in_the_same_folder_is_refused(demo: Order, url: str) -> None:
    other = Order(free_port(), ACCOUNTS, 1, demo.folder, TOY)
    with pytest.raises(DemoFailed, match="another demo runs"), Demo(other, lambda _: None):
        pass
    assert requests.get(f"{url}/readyz", timeout=5).text == "ready"


def test_a_busy_port_is_named_with_a_way_out(
    demo: Order, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run_demo(demo.port, ACCOUNTS, 1, tmp_path) == 1
    said = capsys.readouterr().out
    assert f"port {demo.port} is taken" in said
    assert f"PORT={demo.port + 1} make demo" in said


def test_secrets_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    made = own_secrets(tmp_path)
    assert own_secrets(tmp_path) == made
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0
    assert len(base64.b64decode(made["WECHAT_AES_KEY"] + "=", validate=True)) == 32
    assert made["WECHAT_AES_KEY"].isalnum()


def test_a_folder_of_an_earlier_release_keeps_its_secrets_and_gets_those_that_came_since(
    tmp_path: Path,
) -> None:
    (tmp_path / "secrets.json").write_text('{"DATA_KEY": "of-yesterday"}', "utf-8")
    made = own_secrets(tmp_path)
    assert made["DATA_KEY"] == "of-yesterday"
    assert len(made["HOTLINE_SECRET"]) == 64
    assert own_secrets(tmp_path) == made
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]


def test_settings_meant_for_another_server_do_not_reach_the_demo(tmp_path: Path) -> None:
    addresses = Addresses(
        "http://a",
        "redis://b",
        "sqlite:///c",
        "sqlite:///d",
        tmp_path,
        tmp_path / "t",
        tmp_path / "clock",
    )
    inherited = {"PATH": "/bin", "WATERDESK_WECHAT_API": "https://real", "WATERDESK_OTHER": "x"}
    env = environment(inherited, {"DATA_KEY": "k"}, addresses)
    assert env["WATERDESK_WECHAT_API"] == "http://a/sandbox/wechat"
    assert (env["PATH"], env["WATERDESK_DATA_KEY"]) == ("/bin", "k")
    assert "WATERDESK_OTHER" not in env
    assert env["SANDBOX_CLOCK_FILE"] == str(tmp_path / "clock")


def test_a_server_that_dies_ends_the_demo_with_its_last_words(order: Order) -> None:
    with Demo(order, lambda _: None) as running:
        requests.get(f"http://127.0.0.1:{order.port}/die", timeout=5)
        with pytest.raises(DemoFailed, match="dying as told"):
            running.watch()
    assert is_free(order.port)


@pytest.mark.parametrize("failing", ["db upgrade", "menu push"])
def test_a_step_that_fails_ends_the_demo_with_its_output(
    order: Order, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    monkeypatch.setenv("TOY_FAILS", failing)
    with pytest.raises(DemoFailed, match="failing as told"), Demo(order, lambda _: None):
        pass
    assert is_free(order.port)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_however_the_demo_ends_nothing_is_left(
    order: Order, number: signal.Signals, code: int
) -> None:
    script = (
        "import sys, pathlib, sandbox.demo as d;"
        f"sys.exit(d.run_demo({order.port}, {ACCOUNTS}, 1, pathlib.Path({str(order.folder)!r}),"
        f" waterdesk={TOY!r}))"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as launcher:
        assert launcher.stdout is not None
        while "打开" not in launcher.stdout.readline().decode():
            assert launcher.poll() is None
        family = descendants(launcher.pid)
        assert len(family) >= 4
        launcher.send_signal(number)
        assert launcher.wait(PATIENCE_S) == code
    deadline = time.monotonic() + PATIENCE_S
    while left := [pid for pid in family if is_alive(pid)]:
        assert time.monotonic() < deadline, f"still running: {left}"
        time.sleep(0.02)
    assert is_free(order.port)


def descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [d for child in map(int, children) for d in (child, *descendants(child))]


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
