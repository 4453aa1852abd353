"""Who is before a page: a citizen's browser inside WeChat, known by web authorisation 网页授权.

`ask` sends the browser to WeChat, `GET /pay/enter` takes it back; after that a cookie says who it
is, for half an hour. Used by web/pay.py.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

import structlog
from flask import Response, redirect, request

from backends.errors import BackendUnavailable, Rejected
from backends.ports import WebLogin
from web.sessions import Kept

log = structlog.get_logger()
ENTER = "/pay/enter"
VISIT, ASKED = timedelta(minutes=30), timedelta(minutes=10)
_OURS = re.compile(r"/pay/[0-9A-Za-z_-]{1,32}\?[0-9A-Za-z=&]{0,120}")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nobody was let in: denied, stale, snapshot or away."""

    why: str


class Login:
    """`new_state`: 128 bits or more, letters and digits."""

    def __init__(
        self,
        weblogin: WebLogin,
        *,
        appid: str,
        open_url: str,
        public_url: str,
        key: bytes,
        now_s: Callable[[], float],
        new_state: Callable[[], str],
    ) -> None:
        self._weblogin = weblogin
        self._appid = appid
        self._open_url = open_url.rstrip("/")
        self._public_url = public_url.rstrip("/")
        self._new_state = new_state
        secure = self._public_url.startswith("https:")
        self._visit = Kept("wd_visit", "visit", VISIT, key, secure, now_s)
        self._asked = Kept("wd_asked", "asked", ASKED, key, secure, now_s)

    def openid(self) -> str:
        """Of the browser that asks now; '' when it is not known."""
        found = self._visit.read(request.cookies.get(self._visit.name))
        return found if isinstance(found, str) else ""

    def ask(self) -> Response:
        """To WeChat, and from there back to the page that was asked for."""
        state, wanted = self._new_state(), request.full_path
        back = quote(self._public_url + ENTER, safe="")
        # In this order: old clients of WeChat want it so.
        address = (
            f"{self._open_url}/connect/oauth2/authorize?appid={self._appid}&redirect_uri={back}"
            f"&response_type=code&scope=snsapi_base&state={state}#wechat_redirect"
        )
        response = _redirected(address)
        self._asked.put(response, [state, wanted])
        return response

    def enter(self) -> Response | Refused:
        """The browser is back: to the page it asked for, or why not."""
        kept = self._asked.read(request.cookies.get(self._asked.name))
        state, wanted = kept if isinstance(kept, list) and len(kept) == 2 else ("", "")
        if not state or request.args.get("state") != state or not _OURS.fullmatch(wanted):
            return Refused("stale")
        code = request.args.get("code", "")
        if not code:
            return Refused("denied")
        try:
            visitor = self._weblogin.visitor(code)
        except Rejected as error:
            log.info("web_login_refused", code=error.code)
            return Refused("stale")
        except BackendUnavailable as error:
            log.warning("web_login_away", why=error.why)
            return Refused("away")
        if visitor.is_snapshot:
            return Refused("snapshot")
        response = _redirected(wanted)
        self._visit.put(response, visitor.openid)
        self._asked.drop(response)
        return response


def _redirected(address: str) -> Response:
    response = redirect(address, code=302, Response=Response)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response  # type: ignore[return-value]
