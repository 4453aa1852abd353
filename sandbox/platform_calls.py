"""The calls of the server API one by one, and what each does; those about pushes are in
push_calls.py. The entry that all of them share (tokens, quotas, faults, the inspector) is
platform_api.py."""

import base64
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Response

from sandbox import custom_messages, menu
from sandbox.errcodes import ApiError
from sandbox.platform_call import Answer, Call, Received
from sandbox.push_calls import PUSH_CALLS
from sandbox.world import NoSuchCitizen

LONGEST_SCENE = 64
_OK = {"errcode": 0, "errmsg": "ok"}


def _token(r: Received) -> Answer:
    now = r.world.clock.now()
    return r.world.tokens.plain(r.query("grant_type"), r.query("appid"), r.query("secret"), now)


def _stable_token(r: Received) -> Answer:
    return r.world.tokens.stable(
        r.text("grant_type"),
        r.text("appid"),
        r.text("secret"),
        r.body.get("force_refresh") is True,
        r.world.clock.now(),
    )


def _custom_send(r: Received) -> Answer:
    return custom_messages.send(r.world, r.body)


def _custom_typing(r: Received) -> Answer:
    return custom_messages.typing(r.world, r.body)


def _media_upload(r: Received) -> Answer:
    upload = r.request.files.get("media")
    if upload is None:
        raise ApiError(41005)
    with upload.stream:
        content = upload.stream.read()
    kind, now = r.query("type"), r.world.clock.now()
    media = r.world.media.add(kind, content, now)
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, name: media.media_id, "created_at": int(now)}


def _media_get(r: Received) -> Answer:
    if not r.query("media_id"):
        raise ApiError(41006)
    media = r.world.media.alive(r.query("media_id"), r.world.clock.now())
    file_name = f"{media.media_id}.{media.extension}"
    return Response(
        media.content,
        content_type=media.content_type,
        headers={"Content-disposition": f'attachment; filename="{file_name}"'},
    )


def _menu_create(r: Received) -> Answer:
    own_domain = urlsplit(r.world.config.public_url).hostname or ""
    r.world.menu = menu.checked(r.body, own_domain)
    return _OK


def _menu_get(r: Received) -> Answer:
    if r.world.menu is None:
        raise ApiError(46003)
    return {"menu": r.world.menu}


def _menu_delete(r: Received) -> Answer:
    r.world.menu = None
    return _OK


def _qr_create(r: Received) -> Answer:
    """Permanent codes with a text for a scene; the others are not needed here."""
    scene = _scene_asked(r.body)
    if r.text("action_name") != "QR_LIMIT_STR_SCENE" or not 1 <= len(scene) <= LONGEST_SCENE:
        raise ApiError(40053)
    ticket = base64.urlsafe_b64encode(f"qr:{scene}".encode()).decode()
    return {"ticket": ticket, "url": f"http://weixin.qq.com/q/{ticket.rstrip('=')}"}


def _scene_asked(body: Mapping[str, Any]) -> str:
    info = body.get("action_info")
    scene = info.get("scene") if isinstance(info, Mapping) else None
    asked = scene.get("scene_str") if isinstance(scene, Mapping) else None
    return asked if isinstance(asked, str) else ""


def _user_info(r: Received) -> Answer:
    if not r.query("openid"):
        raise ApiError(41009)
    try:
        citizen = r.world.citizen(r.query("openid"))
    except NoSuchCitizen as error:
        raise ApiError(40003) from error
    if not citizen.following:
        return {"subscribe": 0, "openid": citizen.openid}
    return {
        "subscribe": 1,
        "openid": citizen.openid,
        "nickname": "",
        "sex": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": int(citizen.followed_at),
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        **_scene(citizen.scene),
    }


def _scene(scene: str) -> dict[str, Any]:
    return {
        "subscribe_scene": "ADD_SCENE_QR_CODE" if scene else "ADD_SCENE_SEARCH",
        "qr_scene": int(scene) if scene.isdecimal() else 0,
        "qr_scene_str": "" if scene.isdecimal() else scene,
    }


def _callback_ips(_: Received) -> Answer:
    return {"ip_list": ["127.0.0.1"]}


def _callback_check(r: Received) -> Answer:
    if r.body.get("action") not in ("dns", "ping", "all"):
        raise ApiError(40035, "action must be dns, ping or all")
    target = urlsplit(r.world.config.server_url)
    loss = "0%"
    try:
        socket.create_connection((target.hostname or "", target.port or 80), 0.5).close()
    except OSError:
        loss = "100%"
    address = target.hostname or ""
    return {
        "dns": [{"ip": address, "real_operator": "UNICOM"}],
        "ping": [{"ip": address, "from_operator": "UNICOM", "package_loss": loss, "time": "1ms"}],
    }


def _clear_quota(r: Received) -> Answer:
    if r.text("appid") != r.world.config.appid:
        raise ApiError(40013)
    if not r.world.quotas.clear(r.world.clock.day()):
        raise ApiError(48006)
    return _OK


CALLS: Mapping[str, Call] = {
    "/cgi-bin/token": Call("GET", _token, needs_token=False),
    "/cgi-bin/stable_token": Call("POST", _stable_token, needs_token=False),
    "/cgi-bin/message/custom/send": Call("POST", _custom_send),
    "/cgi-bin/message/custom/typing": Call("POST", _custom_typing),
    **PUSH_CALLS,
    "/cgi-bin/media/upload": Call("POST", _media_upload, is_upload=True),
    "/cgi-bin/media/get": Call("GET", _media_get),
    "/cgi-bin/menu/create": Call("POST", _menu_create),
    "/cgi-bin/menu/get": Call("GET", _menu_get),
    "/cgi-bin/menu/delete": Call("GET", _menu_delete),
    "/cgi-bin/qrcode/create": Call("POST", _qr_create),
    "/cgi-bin/user/info": Call("GET", _user_info),
    "/cgi-bin/getcallbackip": Call("GET", _callback_ips),
    "/cgi-bin/get_api_domain_ip": Call("GET", _callback_ips),
    "/cgi-bin/callback/check": Call("POST", _callback_check),
    "/cgi-bin/clear_quota": Call("POST", _clear_quota),
}
