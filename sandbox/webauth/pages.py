"""The pages of web authorisation: https://open.weixin.qq.com as a phone sees it, and the way into
the phone's browser."""

from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from sandbox.citizens import new_openid
from sandbox.control_body import BadRequest
from sandbox.webauth.codes import Codes, Grant
from sandbox.webauth.phone import HOLDER
from sandbox.world import NoSuchCitizen, World

SCOPES = ("snsapi_base", "snsapi_userinfo")
_LONGEST_STATE = 128
_ERRORS = {
    10003: "redirect_uri域名与后台配置不一致",
    10005: "Scope参数错误或没有Scope权限",
    10013: "AppID参数错误",
    10015: "参数错误",
}


def create_open(world: World, codes: Codes) -> Blueprint:
    blueprint = Blueprint("webauth", __name__)

    @blueprint.get("/connect/oauth2/authorize")
    def authorise() -> ResponseReturnValue:
        if error := _error(world):
            return _page(f"<p>{_ERRORS[error]}</p><p>错误码:{error}</p>"), 200
        openid = _holder(world)
        if not openid:
            return _page(_choice(world))
        return redirect(_way_back(_code(world, codes, openid)))

    return blueprint


def create_browser(world: World) -> Blueprint:
    blueprint = Blueprint("browser", __name__)

    @blueprint.get("/browse")
    def browse() -> ResponseReturnValue:
        """Opens a page of this address as the citizen's phone does; `url` is its path."""
        openid = world.citizen(request.args.get("as", "")).openid
        url = request.args.get("url", "")
        if not url.startswith("/") or url.startswith(("//", "/\\")):
            raise BadRequest("url must be a path of this address")
        response = redirect(url)
        response.set_cookie(HOLDER, openid, httponly=True, samesite="Lax", path="/")
        return response

    return blueprint


def _error(world: World) -> int:
    given = request.args
    back, own = urlsplit(given.get("redirect_uri", "")), urlsplit(world.config.public_url)
    if given.get("appid") != world.config.appid:
        return 10013
    if back.scheme not in ("http", "https") or back.hostname != own.hostname:
        return 10003
    if given.get("scope") not in SCOPES:
        return 10005
    state = given.get("state", "")
    plain = state.isascii() and (state.isalnum() or not state)
    fits = given.get("response_type") == "code" and plain and len(state) <= _LONGEST_STATE
    return 0 if fits else 10015


def _holder(world: World) -> str:
    """'' when nobody known holds the phone."""
    try:
        return world.citizen(request.args.get("as") or request.cookies.get(HOLDER, "")).openid
    except NoSuchCitizen:
        return ""


def _code(world: World, codes: Codes, openid: str) -> str:
    virtual = world.faults.pay.snapshot_user
    if virtual:
        with world.news:
            openid = new_openid(world.rng)
    return codes.give(Grant(openid, request.args["scope"], world.clock.now(), virtual))


def _way_back(code: str) -> str:
    back = urlsplit(request.args["redirect_uri"])
    query = [*parse_qsl(back.query, keep_blank_values=True), ("code", code)]
    query.append(("state", request.args.get("state", "")))
    return urlunsplit(back._replace(query=urlencode(query)))


def _choice(world: World) -> str:
    """For a browser that is nobody's phone."""
    here = request.full_path
    links = "".join(
        f'<li><a href="/sandbox/open{escape(_as(here, one.openid))}">{escape(one.name)}</a></li>'
        for one in world.citizens()
    )
    return f"<p>请选择由谁打开这个页面：</p><ul>{links}</ul>"


def _as(here: str, openid: str) -> str:
    return f"{here.removeprefix('/sandbox/open')}&{urlencode({'as': openid})}"


def _page(content: str) -> Response:
    head = (
        '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    )
    response = Response(f"{head}<title>微信</title>{content}", mimetype="text/html")
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
