"""The account's menu: create, read, delete.

Enters: the menu as WeChat's JSON ({"button": […]}). Leaves: the same, None where there is none.
Called by `waterdesk menu push`.
"""

from collections.abc import Mapping

from backends.errors import WechatRejected
from backends.wechat.client import WechatClient, post_json
from backends.wechat.errcodes import NO_MENU
from backends.wechat.transport import Call


def create_menu(client: WechatClient, menu: Mapping[str, object]) -> None:
    client.ask(post_json("/cgi-bin/menu/create", menu, idempotent=True))


def get_menu(client: WechatClient) -> Mapping[str, object] | None:
    try:
        answer = client.ask(Call(method="GET", path="/cgi-bin/menu/get", idempotent=True))
    except WechatRejected as exc:
        if exc.errcode == NO_MENU:
            return None
        raise
    menu = answer.get("menu")
    return menu if isinstance(menu, dict) else None


def delete_menu(client: WechatClient) -> None:
    client.ask(Call(method="GET", path="/cgi-bin/menu/delete", idempotent=True))
