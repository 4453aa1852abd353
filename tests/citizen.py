"""Somebody with WeChat: what they do becomes signed, encrypted XML over HTTP, and back.

The crypto is the sandbox's own implementation, which shares no line with the server's.
"""

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree import ElementTree

import requests

from sandbox import crypto

if TYPE_CHECKING:
    from tests.service import Service

_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>')
_MENU_LINK = re.compile(r"weixin://bizmsgmenu\?msgmenucontent=([^&]*)&msgmenuid=(.*)")


@dataclass(frozen=True)
class Reply:
    """`xml` is what WeChat would decrypt; empty for silence."""

    status: int
    xml: str

    @property
    def kind(self) -> str:
        return self._find("MsgType") if self.xml else "silence"

    @property
    def text(self) -> str:
        """Of a card: its title and description."""
        if self.kind == "news":
            return f"{self._find('.//Title')}\n{self._find('.//Description')}"
        return self._find("Content")

    @property
    def plain(self) -> str:
        """The text as read on a phone: links are words."""
        return _LINK.sub(r"\2", self.text)

    @property
    def links(self) -> dict[str, tuple[str, str]]:
        """label → (what a tap sends, menu id)."""
        found = {}
        for href, label in _LINK.findall(self.text):
            if match := _MENU_LINK.fullmatch(href):
                found[label] = (unquote(match[1]), match[2])
        return found

    def _find(self, name: str) -> str:
        return ElementTree.fromstring(self.xml).findtext(name) or ""


class Citizen:
    def __init__(self, service: "Service", openid: str) -> None:
        self.service = service
        self.openid = openid

    def says(self, text: str, *, menu_id: str = "") -> Reply:
        tapped = f"<bizmsgmenuid>{menu_id}</bizmsgmenuid>" if menu_id else ""
        return self.deliver(self.message("text", f"<Content>{cdata(text)}</Content>{tapped}"))

    def taps_link(self, reply: Reply, label: str) -> Reply:
        content, menu_id = reply.links[label]
        return self.says(content, menu_id=menu_id)

    def taps_menu(self, key: str) -> Reply:
        return self.event("CLICK", key)

    def follows(self) -> Reply:
        return self.event("subscribe")

    def leaves(self) -> Reply:
        return self.event("unsubscribe")

    def sends_photo(self) -> Reply:
        return self.deliver(
            self.message("image", "<PicUrl>http://x/0</PicUrl><MediaId>media-1</MediaId>")
        )

    def event(self, name: str, key: str = "", more: str = "") -> Reply:
        # Events are told apart by their second: each of a test's events gets one of its own.
        self.service.clock.advance(1)
        fields = f"<Event>{cdata(name)}</Event><EventKey>{cdata(key)}</EventKey>{more}"
        return self.deliver(self.wrap("event", fields))

    def message(self, kind: str, fields: str) -> str:
        return self.wrap(kind, f"{fields}<MsgId>{self.service.next_msg_id()}</MsgId>")

    def wrap(self, kind: str, fields: str) -> str:
        return (
            f"<xml><ToUserName>{cdata(self.service.settings.wechat_account_id)}</ToUserName>"
            f"<FromUserName>{cdata(self.openid)}</FromUserName>"
            f"<CreateTime>{int(self.service.clock.now_s)}</CreateTime>"
            f"<MsgType>{cdata(kind)}</MsgType>{fields}</xml>"
        )

    def deliver(self, xml: str, *, timeout_s: float = 6.0) -> Reply:
        """One delivery of this XML, signed afresh. Deliver it twice for a retry."""
        query, body = self.seal(xml)
        response = requests.post(
            f"{self.service.url}/wechat", params=query, data=body, timeout=timeout_s
        )
        return self.open(response)

    def seal(self, xml: str) -> tuple[dict[str, str], bytes]:
        """(query, body) as WeChat would send them in the service's mode."""
        settings = self.service.settings
        token = settings.wechat_token.get_secret_value()
        timestamp, nonce = str(int(self.service.clock.now_s)), secrets.token_hex(5)
        query = {
            "signature": crypto.signature(token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": self.openid,
        }
        if settings.wechat_mode == "plain":
            return query, xml.encode()
        sealed = crypto.seal(
            xml.encode(), self.service.aes_key, settings.wechat_appid, secrets.token_bytes(16)
        )
        query["encrypt_type"] = "aes"
        query["msg_signature"] = crypto.signature(token, timestamp, nonce, sealed)
        to = cdata(settings.wechat_account_id)
        return query, (
            f"<xml><ToUserName>{to}</ToUserName><Encrypt>{cdata(sealed)}</Encrypt></xml>"
        ).encode()

    def open(self, response: requests.Response) -> Reply:
        """Checks what WeChat checks of a reply: signature, AppID, that it is encrypted at all."""
        if response.status_code != 200 or not response.content:
            return Reply(response.status_code, "")
        if self.service.settings.wechat_mode == "plain":
            return Reply(200, response.content.decode())
        envelope = ElementTree.fromstring(response.content)
        sealed, timestamp, nonce, signed = (
            envelope.findtext(name) or ""
            for name in ("Encrypt", "TimeStamp", "Nonce", "MsgSignature")
        )
        token = self.service.settings.wechat_token.get_secret_value()
        assert signed == crypto.signature(token, timestamp, nonce, sealed)
        opened = crypto.unseal(sealed, self.service.aes_key)
        assert opened.appid == self.service.settings.wechat_appid
        xml = opened.content.decode()
        assert xml.startswith("<xml>")
        answer = ElementTree.fromstring(xml)
        assert answer.findtext("ToUserName") == self.openid
        assert answer.findtext("FromUserName") == self.service.settings.wechat_account_id
        return Reply(200, xml)


def cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
