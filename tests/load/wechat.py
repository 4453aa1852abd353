"""WeChat's server API as far as late answers need it: a token, and a record of custom messages."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class StandIn:
    url: str = ""
    delay_s: float = 0.0
    sent: list[tuple[str, str]] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    def answer(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        if path.startswith("/cgi-bin/stable_token"):
            return {"access_token": "a-token", "expires_in": 7200}
        if not path.startswith("/cgi-bin/message/custom/send"):
            return {"errcode": 404, "errmsg": "no such interface"}
        time.sleep(self.delay_s)
        with self.news:
            self.sent.append((body["touser"], body["text"]["content"]))
            self.news.notify_all()
        return {"errcode": 0, "errmsg": "ok"}

    def told(self, openid: str) -> list[str]:
        with self.news:
            return [text for whom, text in self.sent if whom == openid]

    def wait_for(self, count: int, timeout_s: float) -> bool:
        with self.news:
            return self.news.wait_for(lambda: len(self.sent) >= count, timeout_s)


class Roomy(ThreadingHTTPServer):
    """Many late answers come at once when a hang ends; a short queue would reset some."""

    request_queue_size = 512


def _handler(wechat: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = json.dumps(wechat.answer(self.path, json.loads(body))).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Quiet: the test's output is for the test."""

    return Handler


@contextmanager
def stand_in() -> Iterator[StandIn]:
    wechat = StandIn()

    server = Roomy(("127.0.0.1", 0), _handler(wechat))
    wechat.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield wechat
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
