"""A server small enough to read at a glance: it answers callbacks in plain mode, so that the tests
of the page need nothing of the real one. What it heard is kept for the tests to look at."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

QUICK_REPLY = '<a href="weixin://bizmsgmenu?msgmenucontent=查%E6%B0%B4费&msgmenuid=101">查水费</a>'
HOSTILE = (
    '<img src=x onerror="document.title=`pwned`"><script>document.title="pwned"</script>'
    '<a href="javascript:document.title=1">坏链接</a> <b>粗</b>'
)
ANSWERS = {
    "菜单": f"请点：\n{QUICK_REPLY}\n或者回复 1",
    "注入": HOSTILE,
    "网址": "见 https://water.example/a?b=1 或致电 96116，户号 3100012345",
    "长": "\n".join(f"第 {line} 行" for line in range(60)),
}


@dataclass(slots=True)
class ToyServer:
    """`heard`: each message as a dict of its elements. `broken`: every callback answers 500."""

    url: str = ""
    heard: list[dict[str, str]] = field(default_factory=list)
    broken: bool = False

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        root = ElementTree.fromstring(environ["wsgi.input"].read(size))
        message = {element.tag: element.text or "" for element in root}
        self.heard.append(message)
        start_response("500 Broken" if self.broken else "200 OK", [("Content-Type", "text/xml")])
        return [b"" if self.broken else _reply(message).encode()]


def _reply(message: dict[str, str]) -> str:
    body = _body(message)
    if not body:
        return "success"
    return (
        f"<xml><ToUserName>{message['FromUserName']}</ToUserName>"
        f"<FromUserName>{message['ToUserName']}</FromUserName>"
        f"<CreateTime>{message['CreateTime']}</CreateTime>{body}</xml>"
    )


def _body(message: dict[str, str]) -> str:
    if message.get("Content") == "人工":
        return "<MsgType>transfer_customer_service</MsgType>"
    text = _answer(message)
    return f"<MsgType>text</MsgType><Content>{escape(text)}</Content>" if text else ""


def _answer(message: dict[str, str]) -> str:
    if message["MsgType"] == "image":
        return "照片收到了"
    if message["MsgType"] == "location":
        return f"位置收到了：{message['Label']}"
    if message["MsgType"] == "event":
        return {"subscribe": "欢迎关注", "CLICK": f"菜单 {message.get('EventKey')}"}.get(
            message["Event"], ""
        )
    content = message.get("Content", "")
    return ANSWERS.get(content, f"收到：{content}")


@contextmanager
def toy_server() -> Iterator[ToyServer]:
    toy = ToyServer()
    server = make_server("127.0.0.1", 0, toy, threaded=True)
    toy.url = f"http://127.0.0.1:{server.server_port}"
    loop = threading.Thread(target=server.serve_forever, name="toy-server", daemon=True)
    loop.start()
    try:
        yield toy
    finally:
        server.shutdown()
        loop.join(timeout=10)
        server.server_close()
