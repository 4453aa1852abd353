"""`/pay/…`: an order's page, shown to its owner only, and what its button asks for.

Enters: a signed link from the chat (bot/paying/links.py). Leaves: the page, the values that WeChat
wants for its pay sheet, how the order stands. Whether it was paid is never taken from the page.
Wired in bot/app.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from backends.ports import Order
from bot.paying.cashier import Cashier, Ready, Refusal, Why
from bot.paying.links import opens
from bot.paying.receipts import yuan
from web.login import ENTER, Login, Refused
from web.order_view import rows, standing
from web.policy import headers

REFUSED = {
    "denied": "没有您的同意，认不出您是谁，所以打不开缴费单。请回到聊天，再点一次链接。",
    "stale": "链接过期了。请回到聊天，回复“缴费”。",
    "snapshot": "这是预览页，不能付款。请点右下角“使用完整服务”，再打开一次。",
    "away": "现在打不开，请过一会儿再点一次链接。",
    "others": "这张缴费单不是您的，打不开。要缴费，请在聊天里回复“缴费”。",
}
WHY_NOT = {
    Why.UNKNOWN: "找不到这张缴费单。请回到聊天，回复“缴费”。",
    Why.EXPIRED: "过了时间，这一单不能付了。请回到聊天，回复“缴费”。",
    Why.PAID: "这笔已经付过了，不用再付。请回到聊天，回复“查欠费”看看。",
    Why.CLOSED: "这一单作废了，没有付款。请回到聊天，回复“缴费”。",
    Why.CHANGED: "应缴的金额刚有变化，请回到聊天，回复“缴费”重新选。",
    Why.AWAY: "系统暂时没有应答。请过一会儿再点一次，付过的不会再扣。",
}


@dataclass(frozen=True, slots=True)
class PayPages:
    """`key` signs the links (bot/pay_parts.py)."""

    cashier: Cashier
    login: Login
    key: bytes
    clock: Callable[[], datetime]
    templates: Path
    utility_name: str
    hotline: str

    def blueprint(self) -> Blueprint:
        pages = Blueprint("pay", __name__)
        shown = _Shown(self)

        @pages.get(ENTER)
        def enter() -> Response:
            found = self.login.enter()
            return shown.notice(REFUSED[found.why], 403) if isinstance(found, Refused) else found

        @pages.get("/pay/<order_no>")
        def page(order_no: str) -> Response:
            return self._page(shown, order_no)

        @pages.post("/pay/<order_no>/call")
        def call(order_no: str) -> tuple[Response, int]:
            return self._call(order_no)

        @pages.get("/pay/<order_no>/state")
        def state(order_no: str) -> tuple[Response, int]:
            return self._state(order_no)

        return pages

    def _page(self, shown: "_Shown", order_no: str) -> Response:
        until, signature = request.args.get("e", ""), request.args.get("s", "")
        if not opens(self.key, order_no, until, signature, self.clock().timestamp()):
            return shown.notice(REFUSED["stale"], 403)
        openid = self.login.openid()
        if not openid:
            return self.login.ask()
        order = self.cashier.look(order_no, openid)
        return shown.order(order) if order else shown.notice(REFUSED["others"], 403)

    def _call(self, order_no: str) -> tuple[Response, int]:
        """The header is one that no foreign page can send without being asked whether it may."""
        openid = self.login.openid()
        if not openid or request.headers.get("X-Requested-With") != "waterdesk":
            return jsonify(text=REFUSED["stale"]), 403
        found = self.cashier.prepare(order_no, openid)
        if isinstance(found, Ready):
            return jsonify(call=dict(found.call)), 200
        return jsonify(text=_why_not(found), why=found.why), 409

    def _state(self, order_no: str) -> tuple[Response, int]:
        openid = self.login.openid()
        order = self.cashier.look(order_no, openid) if openid else None
        if order is None:
            return jsonify(text=REFUSED["stale"]), 403
        found = standing(order, self.clock())
        return jsonify(name=found.name, word=found.word, then=found.then), 200


def _why_not(refusal: Refusal) -> str:
    if refusal.why is Why.HELD and refusal.until:
        return f"家人正在付这笔账单。{refusal.until:%H:%M}以后还没付成，您再来付。"
    return WHY_NOT.get(refusal.why, WHY_NOT[Why.AWAY])


class _Shown:
    """Rendered pages, with what a browser may do with them."""

    def __init__(self, pages: PayPages) -> None:
        self._pages = pages
        folder = pages.templates / "pages"
        self._style = (folder / "pay.css").read_text(encoding="utf-8")
        self._script = (folder / "pay.js").read_text(encoding="utf-8")
        environment = Environment(
            loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined
        )
        self._order, self._notice = (
            environment.get_template(name) for name in ("pay.html", "pay_notice.html")
        )

    def order(self, order: Order) -> Response:
        view = {
            "order": order,
            "standing": standing(order, self._pages.clock()),
            "rows": rows(order),
            "total": str(yuan(order.amount_fen)),
            "until": f"{order.expires_at:%H:%M}",
        }
        return self._rendered(self._order, view, 200)

    def notice(self, text: str, status: int) -> Response:
        return self._rendered(self._notice, {"text": text}, status)

    def _rendered(self, template: Template, view: Mapping[str, Any], status: int) -> Response:
        html = template.render(
            utility_name=self._pages.utility_name,
            hotline=self._pages.hotline,
            style=Markup(self._style),  # noqa: S704 - a file of ours
            script=Markup(self._script),  # noqa: S704 - a file of ours
            **view,
        )
        allowed = headers(self._style, self._script, asks_us=True)
        return Response(html, status, allowed, mimetype="text/html")
