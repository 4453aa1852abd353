"""Customer-service messages 客服消息, inside the window that a citizen's action opened.

Enters: openid and text. Leaves: nothing, or an error. Implements `ports.CustomerMessages`.
"""

from backends.errors import WechatRejected
from backends.wechat.client import WechatClient, post_json
from backends.wechat.errcodes import rejection

LONGEST_TEXT_BYTES = 2048

_TOO_LONG, _EMPTY = 45002, 44004
# 45080: no message of the citizen in the last 30 s; 45081: shown already. Neither is worth a word.
_TYPING_NOT_SHOWN = frozenset({45080, 45081})


class CustomerService:
    def __init__(self, client: WechatClient) -> None:
        self._client = client

    def send_text(self, openid: str, content: str) -> None:
        size_bytes = len(content.encode("utf-8", errors="replace"))
        if size_bytes > LONGEST_TEXT_BYTES:
            raise rejection(
                _TOO_LONG, f"not sent: {size_bytes} bytes, limit {LONGEST_TEXT_BYTES} bytes"
            )
        if not content.strip():
            raise rejection(_EMPTY, "not sent: empty text")
        message = {"touser": openid, "msgtype": "text", "text": {"content": content}}
        self._client.ask(
            post_json("/cgi-bin/message/custom/send", message, private=(openid, content))
        )

    def send_typing(self, openid: str) -> None:
        """Shows “对方正在输入” for some seconds; says nothing where WeChat would not show it."""
        command = {"touser": openid, "command": "Typing"}
        try:
            self._client.ask(
                post_json("/cgi-bin/message/custom/typing", command, private=(openid,))
            )
        except WechatRejected as exc:
            if exc.errcode not in _TYPING_NOT_SHOWN:
                raise
