"""A server of the tests' own: it keeps what it was sent and answers what a test tells it to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

from sandbox import crypto
from sandbox.config import SandboxConfig


@dataclass(frozen=True)
class Incoming:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    def query(self, name: str) -> str:
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True).get(name, [""])[0]

    def element(self, name: str) -> str:
        return _xml(self.body).findtext(name) or ""

    def clear(self, aes_key: str) -> ElementTree.Element:
        opened = crypto.unseal(self.element("Encrypt"), aes_key)
        return _xml(opened.content)


def _xml(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b"success"
    headers: tuple[tuple[str, str], ...] = ()


Behaviour = Callable[[Incoming], Reply]


@dataclass
class Toy:
    url: str
    behave: Behaviour = lambda _: Reply()
    seen: list[Incoming] = field(default_factory=list)
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def answers(self, body: bytes | str, status: int = 200) -> None:
        sent = body.encode() if isinstance(body, str) else body
        self.behave = lambda _: Reply(status, sent)


def sealed_reply(clear: str, config: SandboxConfig, **forged: str) -> str:
    """A reply of safe mode; `forged` replaces the key, the AppID or the signature."""
    key = forged.get("aes_key", config.aes_key)
    encrypt = crypto.seal(clear.encode(), key, forged.get("appid", config.appid), b"r" * 16)
    signed = crypto.signature(config.token, "1760000001", "998877", encrypt)
    return (
        f"<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt>"
        f"<MsgSignature><![CDATA[{forged.get('signature', signed)}]]></MsgSignature>"
        "<TimeStamp>1760000001</TimeStamp><Nonce><![CDATA[998877]]></Nonce></xml>"
    )


def reply_xml(to: str, sender: str, content: str, msg_type: str = "text") -> str:
    return (
        f"<xml><ToUserName><![CDATA[{to}]]></ToUserName>"
        f"<FromUserName><![CDATA[{sender}]]></FromUserName><CreateTime>1760000001</CreateTime>"
        f"<MsgType><![CDATA[{msg_type}]]></MsgType>{content}</xml>"
    )


def text_content(text: str) -> str:
    return f"<Content><![CDATA[{text}]]></Content>"


@contextmanager
def toy_server() -> Iterator[Toy]:
    server = _Server(("127.0.0.1", 0), _Handler)
    server.toy = Toy(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.toy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    toy: Toy
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A platform that has hung up is no news here."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        incoming = Incoming(
            self.command, self.path, dict(self.headers.items()), self.rfile.read(length)
        )
        self.server.toy.seen.append(incoming)
        self.server.toy.arrived.release()
        reply = self.server.toy.behave(incoming)
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Quiet: the inspector is the record."""
