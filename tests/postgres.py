"""A PostgreSQL server of our own for the length of a test session: no durability, loopback only."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

START_TIMEOUT_S = 30
ROLE = "waterdesk"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")


class CannotStart(Exception):
    """The reason, in words for the line that says why tests are skipped."""


@contextmanager
def running_postgres() -> Iterator[str]:
    programs = _programs()
    as_user = _unprivileged() if os.geteuid() == 0 else None
    home = Path(tempfile.mkdtemp(prefix="waterdesk-postgres-"))
    try:
        if as_user:
            os.chown(home, as_user.pw_uid, as_user.pw_gid)
        prefix = _become(as_user)
        _make_cluster([*prefix, str(programs / "initdb")], home)
        with _server([*prefix, str(programs / "postgres")], home) as url:
            yield url
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _programs() -> Path:
    on_path = shutil.which("postgres")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise CannotStart("initdb and postgres are not installed (apt install postgresql)")


def _unprivileged() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise CannotStart("root may not run it, and there is no user 'postgres' or 'nobody'")


def _become(user: pwd.struct_passwd | None) -> list[str]:
    """The server is told to end with its parent, so that a killed test run leaves nothing."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if user is None:
            return []
        raise CannotStart("root may not run it, and setpriv is not installed")
    change = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"] if user else []
    return [setpriv, *change, "--pdeathsig=INT", "--"]


def _make_cluster(initdb: list[str], home: Path) -> None:
    arguments = ["-D", str(home / "data"), "-U", ROLE, "-A", "trust", "-E", "UTF8"]
    done = subprocess.run(
        [*initdb, *arguments, "--locale=C", "--no-sync"], capture_output=True, cwd=home, check=False
    )
    if done.returncode != 0:
        raise CannotStart(f"initdb: {done.stderr.decode(errors='replace').strip()[-300:]}")


@contextmanager
def _server(postgres: list[str], home: Path) -> Iterator[str]:
    port = _free_port()
    settings = [f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", *FAST]
    flags = [part for setting in settings for part in ("-c", setting)]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [*postgres, "-D", str(home / "data"), *flags], stdout=log, stderr=log, cwd=home
        )
    try:
        _wait_until_it_answers(process, port, home / "log")
        yield f"postgresql+psycopg://{ROLE}@127.0.0.1:{port}/postgres"
    finally:
        process.send_signal(signal.SIGINT)  # ends sessions too; SIGTERM would wait for them
        process.wait(timeout=START_TIMEOUT_S)


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(f"host=127.0.0.1 port={port} user={ROLE} dbname=postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise CannotStart(f"no answer: {log.read_text(errors='replace').strip()[-300:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
