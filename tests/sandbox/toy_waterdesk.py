"""A command line in place of waterdesk, as the demo calls it."""

import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import requests


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        echo = parse_qs(urlsplit(self.path).query).get("echostr", ["ready"])[0]
        if self.path.startswith("/die"):
            print("toy: dying as told", file=sys.stderr, flush=True)  # noqa: T201
            os._exit(7)
        self.send_response(200)
        self.send_header("Content-Length", str(len(echo)))
        self.end_headers()
        self.wfile.write(echo.encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


def push_menu() -> None:
    api = os.environ["WATERDESK_WECHAT_API"]
    body = {
        "grant_type": "client_credential",
        "appid": os.environ["WATERDESK_WECHAT_APPID"],
        "secret": os.environ["WATERDESK_WECHAT_SECRET"],
    }
    token = requests.post(f"{api}/cgi-bin/stable_token", json=body, timeout=5).json()
    answer = requests.post(
        f"{api}/cgi-bin/menu/create",
        params={"access_token": token["access_token"]},
        json={"button": [{"type": "click", "name": "Bills", "key": "BILL"}]},
        timeout=5,
    ).json()
    if answer["errcode"]:
        sys.exit(str(answer))


def main(arguments: list[str]) -> None:
    if os.environ.get("TOY_FAILS") == " ".join(arguments[:2]):
        sys.exit("toy: failing as told")
    if arguments == ["menu", "push"]:
        push_menu()
    if arguments[0] == "serve":
        port = int(arguments[arguments.index("--port") + 1])
        ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
    if arguments == ["worker"]:
        threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
