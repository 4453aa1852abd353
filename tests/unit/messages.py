"""The XML of messages as WeChat writes it, and reading it back."""

from zoneinfo import ZoneInfo

from bot import inbound
from dialogs.engine.inbound import Inbound

ZONE = ZoneInfo("Asia/Shanghai")


def wrap(kind: str, fields: str) -> str:
    return (
        "<xml><ToUserName>gh_1</ToUserName><FromUserName>oWATER0001</FromUserName>"
        f"<CreateTime>1760000000</CreateTime><MsgType>{kind}</MsgType>{fields}</xml>"
    )


def text(content: str, more: str = "") -> str:
    return wrap("text", f"<Content>{content}</Content>{more}")


def event(name: str, more: str = "") -> str:
    return wrap("event", f"<Event>{name}</Event>{more}")


def read(xml: str | bytes, *, account_id: str = "") -> Inbound:
    body = xml.encode() if isinstance(xml, str) else xml
    return inbound.read(body, account_id=account_id, zone=ZONE)
