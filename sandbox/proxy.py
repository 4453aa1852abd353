"""Passes every path that is not the sandbox's on to the server: the demo has one address."""

from http.cookiejar import DefaultCookiePolicy
from urllib.parse import quote

import requests
from flask import Blueprint, Response, abort, request

from sandbox.webauth import phone
from sandbox.world import World, wire

_TIMEOUT_S = (3.0, 30.0)
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailers"}
    | {"transfer-encoding", "upgrade"}
)
# requests has already unpacked the body.
_DROPPED_FROM_ANSWERS = _HOP_BY_HOP | {"content-encoding", "content-length", "date", "server"}


def create_blueprint(world: World) -> Blueprint:
    blueprint = Blueprint("proxy", __name__)
    session = _session()

    @blueprint.route("/", defaults={"path": ""}, methods=_METHODS)
    @blueprint.route("/<path:path>", methods=_METHODS)
    def pass_on(path: str) -> Response:
        if path.split("/")[0] == "sandbox":
            abort(404, "the sandbox has no such call")
        try:
            return _passed_back(_ask(session, world.config.server_url))
        except requests.RequestException as error:
            return _unreachable(world, error)

    return blueprint


def _ask(session: requests.Session, server_url: str) -> requests.Response:
    return session.request(
        request.method,
        server_url + _target(),
        data=request.get_data(),
        headers=_forwarded_headers(request.cookies.get(phone.HOLDER, "")),
        allow_redirects=False,
        timeout=_TIMEOUT_S,
    )


def _passed_back(answer: requests.Response) -> Response:
    headers = [
        (name, value)
        for name, value in answer.raw.headers.items()
        if name.lower() not in _DROPPED_FROM_ANSWERS
    ]
    holder = request.cookies.get(phone.HOLDER, "")
    return Response(answer.content, answer.status_code, phone.to_phone(headers, holder))


def _target() -> str:
    query = request.query_string.decode("latin-1")
    return quote(request.path, safe="/:@!$&'()*+,;=~") + (f"?{query}" if query else "")


def _session() -> requests.Session:
    """Pooled, but without a memory: cookies belong to the browsers, not to the proxy."""
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


def _forwarded_headers(holder: str) -> dict[str, str]:
    headers = {
        name: value
        for name, value in request.headers.items()
        if name.lower() not in _HOP_BY_HOP and name.lower() != "content-length"
    }
    cookies = phone.to_server(headers.pop("Cookie", ""), holder)
    if cookies:
        headers["Cookie"] = cookies
    if holder:
        headers["User-Agent"] = headers.get("User-Agent", "Mozilla/5.0") + phone.USER_AGENT
    headers["X-Forwarded-For"] = request.remote_addr or ""
    headers["X-Forwarded-Proto"] = request.scheme
    return headers


def _unreachable(world: World, error: requests.RequestException) -> Response:
    why = type(error).__name__
    world.inspect(
        {
            "kind": "api",
            "title": f"proxy {request.path}",
            "status": 502,
            "ms": 0,
            "request": wire(f"{request.method} {request.path}", ""),
            "response": wire("502", ""),
            "problem": f"the server did not answer: {why}",
        }
    )
    text = f"服务暂时无法访问，请稍后再试。\nThe server does not answer ({why}).\n"
    return Response(text, 502, content_type="text/plain; charset=utf-8")
