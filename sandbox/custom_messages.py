"""POST /cgi-bin/message/custom/send and …/typing: checked in the platform's order, then shown."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from sandbox.actions import Bubble
from sandbox.citizens import Citizen
from sandbox.custom_windows import take
from sandbox.errcodes import ApiError
from sandbox.replies import TEXT_LIMIT_BYTES
from sandbox.world import NoSuchCitizen, World

_TYPING_AFTER_MESSAGE_S = 30
_TYPING_LASTS_S = 15
_UNDRAWN = {
    "video": "[视频]",
    "music": "[音乐]",
    "mpnews": "[图文消息]",
    "mpnewsarticle": "[图文消息]",
    "wxcard": "[卡券]",
    "miniprogrampage": "[小程序]",
}


def send(world: World, request: Mapping[str, Any]) -> dict[str, Any]:
    """The caller holds the world's lock, so that the counter and the bubble go together."""
    citizen = _receiver(world, request)
    bubble = _bubble(world, request)
    take(citizen, world.clock.now())
    citizen.typing_until = 0.0
    world.show(citizen, "account", "customer_service", bubble.kind, **bubble.content)
    return {"errcode": 0, "errmsg": "ok"}


def typing(world: World, request: Mapping[str, Any]) -> dict[str, Any]:
    citizen = _receiver(world, request)
    now = world.clock.now()
    command = request.get("command")
    if command not in ("Typing", "CancelTyping"):
        raise ApiError(45072)
    if citizen.last_message_at is None or now - citizen.last_message_at > _TYPING_AFTER_MESSAGE_S:
        raise ApiError(45080)
    if command == "Typing" and now < citizen.typing_until:
        raise ApiError(45081)
    citizen.typing_until = now + _TYPING_LASTS_S if command == "Typing" else 0.0
    return {"errcode": 0, "errmsg": "ok"}


def _receiver(world: World, request: Mapping[str, Any]) -> Citizen:
    openid = request.get("touser")
    try:
        return world.citizen(openid if isinstance(openid, str) else "")
    except NoSuchCitizen as error:
        raise ApiError(40003) from error


def _bubble(world: World, request: Mapping[str, Any]) -> Bubble:
    kind = request.get("msgtype")
    if not isinstance(kind, str) or kind not in (*_DRAWN, *_UNDRAWN):
        raise ApiError(40008)
    content = request.get(kind)
    if not isinstance(content, Mapping):
        raise ApiError(40035, f"{kind} is missing")
    if kind in _UNDRAWN:
        return Bubble("text", {"text": _UNDRAWN[kind]})
    return _DRAWN[kind](world, content)


def _text(_: World, content: Mapping[str, Any]) -> Bubble:
    return Bubble("text", {"text": _sized(content.get("content"))})


def _image(world: World, content: Mapping[str, Any]) -> Bubble:
    return Bubble("image", {"media_id": _media_id(world, content)})


def _voice(world: World, content: Mapping[str, Any]) -> Bubble:
    return Bubble("voice", {"media_id": _media_id(world, content)})


def _news(_: World, content: Mapping[str, Any]) -> Bubble:
    articles = content.get("articles")
    if not isinstance(articles, list) or len(articles) != 1 or not isinstance(articles[0], Mapping):
        raise ApiError(45008)
    article = articles[0]
    return Bubble(
        "news",
        {
            "title": str(article.get("title", "")),
            "description": str(article.get("description", "")),
            "url": str(article.get("url", "")),
            "pic_url": str(article.get("picurl", "")),
        },
    )


def _msgmenu(_: World, content: Mapping[str, Any]) -> Bubble:
    items = content.get("list")
    if not isinstance(items, list) or not items:
        raise ApiError(40035, "msgmenu.list is empty")
    lines = [str(content.get("head_content", "")), *map(_menu_line, items)]
    lines.append(str(content.get("tail_content", "")))
    return Bubble("text", {"text": _sized("\n".join(filter(None, lines)))})


def _menu_line(item: object) -> str:
    if not isinstance(item, Mapping) or "id" not in item or "content" not in item:
        raise ApiError(40035, "msgmenu.list wants entries of id and content")
    label = str(item["content"])
    target = f"msgmenucontent={quote(label)}&msgmenuid={quote(str(item['id']))}"
    return f'<a href="weixin://bizmsgmenu?{target}">{label}</a>'


def _sized(text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise ApiError(44004)
    if len(text.encode("utf-8", "surrogatepass")) > TEXT_LIMIT_BYTES:
        raise ApiError(45002)
    return text


def _media_id(world: World, content: Mapping[str, Any]) -> str:
    media_id = content.get("media_id")
    return world.media.alive(str(media_id), world.clock.now()).media_id


_DRAWN: dict[str, Callable[[World, Mapping[str, Any]], Bubble]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "news": _news,
    "msgmenu": _msgmenu,
}
