"""Serves the sandbox's WSGI app with waitress, in a thread, until closed; and loses the answers
that a switch wants lost, as a broken connection does: executed, and nothing comes back."""

import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from flask import Flask
from waitress.channel import ClientDisconnected
from waitress.server import create_server

from sandbox.context import Sandbox

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ANSWER_LOST = "sandbox.answer_lost"
_THREADS = 48


class AnswerLost(ClientDisconnected):  # type: ignore[misc]
    """Makes the server close the connection without a byte."""


class LosingAnswers:
    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        answer = self._app(environ, start_response)
        if environ.get(ANSWER_LOST):
            close = getattr(answer, "close", None)
            if close is not None:
                close()
            raise AnswerLost
        return answer


class PortBusy(OSError):
    pass


@contextmanager
def served(app: Flask, port: int, host: str = "127.0.0.1") -> Iterator[str]:
    """Yields the base address. Port 0 takes a free one."""
    # Bound here: waitress leaves an open socket behind when it cannot bind.
    listener = _listener(host, port)
    server: Any = create_server(
        app,
        sockets=[listener],
        threads=_THREADS,
        ident="sandbox",
        clear_untrusted_proxy_headers=True,
    )
    loop = threading.Thread(target=server.run, name="sandbox", daemon=True)
    loop.start()
    try:
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        sandbox: Sandbox = app.extensions["sandbox"]
        sandbox.close()
        server.task_dispatcher.shutdown(timeout=5)
        # The sockets belong to the loop's thread: it must close them itself, and it ends when
        # none is left. `close` of the server alone would wait for idle clients to hang up.
        with suppress(OSError):  # it has ended by itself
            server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map))
        loop.join(timeout=5)


def _listener(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise PortBusy(f"port {port} of {host} is taken: {error.strerror}") from error
