"""A shop behind the sandbox: one page, as strict as a page can be about what may run in it, that
asks who its visitor is and has an order paid."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

import requests

from tests.browser.toy_server import ToyServer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SCRIPT = """
const said = document.getElementById('said');
document.getElementById('pay').addEventListener('click', async () => {
  const values = await (await fetch('/pay/W1/call')).json();
  const done = ({ err_msg }) => { said.textContent = err_msg; };
  WeixinJSBridge.invoke('getBrandWCPayRequest', values, done);
});
const ready = () => { said.textContent = 'ready'; };
if (typeof WeixinJSBridge === 'undefined') document.addEventListener('WeixinJSBridgeReady', ready);
else ready();
"""
_HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; script-src 'sha256-{_HASH}'; connect-src 'self'; frame-ancestors 'none'"
)


@dataclass(slots=True)
class ToyShop(ToyServer):
    """`address`: of the sandbox. `call`: what the page gives to getBrandWCPayRequest. `told`:
    notifications that came."""

    address: str = ""
    appid: str = ""
    secret: str = ""
    call: Mapping[str, str] = field(default_factory=dict)
    told: list[bytes] = field(default_factory=list)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path = str(environ["PATH_INFO"])
        if path == "/pay/notify":
            self.told.append(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
            start_response("204 No Content", [])
            return []
        if path == "/pay/W1/call":
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(dict(self.call)).encode()]
        if path == "/pay/W1":
            return self._page(environ, start_response)
        return ToyServer.__call__(self, environ, start_response)

    def _page(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        cookies = SimpleCookie(str(environ.get("HTTP_COOKIE", "")))
        code = parse_qs(str(environ.get("QUERY_STRING", ""))).get("code")
        if code:
            cookie = f"visitor={self._visitor(code[0])}; Path=/pay; HttpOnly"
            start_response("303 See Other", [("Location", "/pay/W1"), ("Set-Cookie", cookie)])
            return []
        if "visitor" not in cookies:
            start_response("303 See Other", [("Location", self._authorise())])
            return []
        start_response(
            "200 OK",
            [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", _POLICY)],
        )
        visitor = cookies["visitor"].value
        html = (
            f'<!doctype html><title>店</title><p id="who">{visitor}</p><p id="said"></p>'
            f'<button id="pay">付款</button><script>{SCRIPT}</script>'
        )
        return [html.encode()]

    def _authorise(self) -> str:
        query = {
            "appid": self.appid,
            "redirect_uri": f"{self.address}/pay/W1",
            "response_type": "code",
            "scope": "snsapi_base",
            "state": "s1",
        }
        return f"{self.address}/sandbox/open/connect/oauth2/authorize?{urlencode(query)}"

    def _visitor(self, code: str) -> str:
        given = {"appid": self.appid, "secret": self.secret, "code": code}
        answer = requests.get(
            f"{self.address}/sandbox/wechat/sns/oauth2/access_token",
            params={**given, "grant_type": "authorization_code"},
            timeout=5,
        )
        return str(json.loads(answer.text)["openid"])
