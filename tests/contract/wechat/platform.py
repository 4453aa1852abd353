"""An HTTP stand-in for api.weixin.qq.com: answers as scripted, keeps what it was asked."""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "/cgi-bin/stable_token"
SEND = "/cgi-bin/message/custom/send"
TYPING = "/cgi-bin/message/custom/typing"


@dataclass(frozen=True, slots=True)
class Scripted:
    """`lost`: the connection closes without an answer. `declared`: a Content-Length that is a lie.
    `gate`: holds the answer back, at most `gate_s`."""

    body: bytes = b'{"errcode":0,"errmsg":"ok"}'
    status: int = 200
    mime: str = "application/json; encoding=utf-8"
    lost: bool = False
    declared: int | None = None
    gate: threading.Event | None = None
    gate_s: float = 10.0
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    mime: str
    body: bytes
    port: int
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class Platform:
    base_url: str
    asked: list[Asked] = field(default_factory=list)
    tokens_given: int = 0
    _scripts: dict[str, deque[Scripted]] = field(default_factory=lambda: defaultdict(deque))
    _always: dict[str, Scripted] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def script(self, path: str, *answers: Scripted | dict[str, Any]) -> None:
        """These answers once each, in order; afterwards the usual one."""
        self._scripts[path].extend(_scripted(answer) for answer in answers)

    def always(self, path: str, answer: Scripted | dict[str, Any]) -> None:
        self._always[path] = _scripted(answer)

    def to(self, path: str) -> list[Asked]:
        with self._lock:
            return [asked for asked in self.asked if asked.path == path]

    def take(self, asked: Asked) -> Scripted:
        with self._lock:
            self.asked.append(asked)
            if self._scripts[asked.path]:
                return self._scripts[asked.path].popleft()
            if asked.path in self._always:
                return self._always[asked.path]
            if asked.path != TOKEN:
                return Scripted()
            self.tokens_given += 1
            return _scripted({"access_token": f"TOKEN-{self.tokens_given}", "expires_in": 7200})


def _scripted(answer: Scripted | dict[str, Any]) -> Scripted:
    if isinstance(answer, Scripted):
        return answer
    return Scripted(body=json.dumps(answer, ensure_ascii=False).encode())


@contextmanager
def running() -> Iterator[Platform]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = False  # so that closing the server waits for them
    platform = Platform(f"http://127.0.0.1:{server.server_port}")
    server.platform = platform  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        mime = self.headers.get("Content-Type", "")
        port = self.client_address[1]
        platform: Platform = self.server.platform  # type: ignore[attr-defined]
        headers = dict(self.headers.items())
        asked = Asked(self.command, parts.path, query, mime, body, port, headers)
        self._answer(platform.take(asked))

    do_POST = do_GET  # noqa: N815 - the name http.server asks for

    def _answer(self, answer: Scripted) -> None:
        if answer.gate is not None:
            answer.gate.wait(answer.gate_s)
        if answer.lost:
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.mime)
        declared = len(answer.body) if answer.declared is None else answer.declared
        self.send_header("Content-Length", str(declared))
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(answer.body)
        except OSError:  # the client has hung up, as some tests want
            self.close_connection = True
        if declared != len(answer.body):
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: pytest's captured logs must hold only what the client writes."""
