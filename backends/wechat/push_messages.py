"""Template messages 模板消息 and subscription notices 订阅通知, and the templates for them.

Enters: a push. Leaves: WeChat's id of the message, or an error in which no value of the push
stands. Implements `ports.PushMessages`.
"""

import re
from collections.abc import Mapping

from backends.ports import MessageTemplate, Push
from backends.wechat.client import WechatClient, post_json
from backends.wechat.transport import Call

_KEY = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")
_LONGEST_SHOWN_BYTES = 3


class WechatPushes:
    def __init__(self, client: WechatClient) -> None:
        self._client = client

    def send_template(self, push: Push) -> int | None:
        message = _message(push)
        if push.url:  # an empty one opens a blank page on iPhones
            message["url"] = push.url
        if push.client_msg_id:
            message["client_msg_id"] = push.client_msg_id
        return self._send("/cgi-bin/message/template/send", push, message)

    def send_subscription(self, push: Push) -> int | None:
        message = _message(push)
        if push.url:
            message["page"] = push.url
        return self._send("/cgi-bin/message/subscribe/bizsend", push, message)

    def templates(self) -> tuple[MessageTemplate, ...]:
        call = Call(
            method="GET", path="/cgi-bin/template/get_all_private_template", idempotent=True
        )
        listed = self._client.ask(call).get("template_list")
        templates = listed if isinstance(listed, list) else []
        return tuple(_template(one) for one in templates if isinstance(one, Mapping))

    def _send(self, path: str, push: Push, message: Mapping[str, object]) -> int | None:
        private = (push.openid, *filter(_is_private, push.data.values()))
        answer = self._client.ask(post_json(path, message, private=private))
        return _msg_id(answer.get("msgid"))


def _is_private(value: str) -> bool:
    """A letter or two are nobody's secret, and stand in the names of keys, which errors are to
    name."""
    return len(value.encode("utf-8", errors="replace")) > _LONGEST_SHOWN_BYTES


def _message(push: Push) -> dict[str, object]:
    return {
        "touser": push.openid,
        "template_id": push.template_id,
        "data": {key: {"value": value} for key, value in push.data.items()},
    }


def _msg_id(told: object) -> int | None:
    """A number of 64 bits, or its digits as text."""
    digits = str(told)
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _template(listed: Mapping[str, object]) -> MessageTemplate:
    return MessageTemplate(
        template_id=str(listed.get("template_id", "")),
        title=str(listed.get("title", "")),
        keys=tuple(_KEY.findall(str(listed.get("content", "")))),
    )
