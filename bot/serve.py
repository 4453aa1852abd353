"""`waterdesk serve`: the production server. granian; waitress where granian has no wheel."""

import logging
import os
import socket
import tempfile

from granian import Granian
from granian.constants import Interfaces

from bot.settings import HOUSE

TARGET = "wsgi:application"
# Threads wait for Redis most of the time; the turns that wait for a backend are counted apart
# (WATERDESK_WAITING_AT_ONCE), so that these never run out.
THREADS = 48
KILL_AFTER_S = 10


def _meant(record: logging.LogRecord) -> bool:
    """Not granian's advice to use fewer threads: ours wait for Redis, they do not compute."""
    return "Python threads" not in record.getMessage()


class PortBusy(Exception):
    """Somebody serves there already. granian would share the port with them, and they the
    messages: an old release would answer half of them."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port} is in use: stop what serves there, or choose --port")


def run(host: str, port: int, workers: int) -> None:
    """Returns when the server has been stopped (SIGINT or SIGTERM)."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        raise PortBusy(host, port) from error
    with tempfile.TemporaryDirectory(prefix="waterdesk-metrics-") as folder:
        # Each worker counts for itself; /metrics adds up what lies in this folder.
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", folder)
        logging.getLogger("_granian").addFilter(_meant)
        Granian(
            TARGET,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            websockets=False,
            blocking_threads=THREADS,
            backpressure=THREADS * 4,
            respawn_failed_workers=True,
            workers_kill_timeout=KILL_AFTER_S,
            working_dir=HOUSE,  # a stray module where we were started must not shadow a library
        ).serve()


def run_with_waitress(host: str, port: int) -> None:
    import waitress

    from wsgi import application

    waitress.serve(application, host=host, port=port, threads=THREADS)
