"""Permanent QR codes that carry a scene: what a phone tells us when it scans one.

Enters: the scene, 1 to 64 letters. Leaves: the link that is in the code, and where WeChat has its
picture. Called by `waterdesk qr`.
"""

from dataclasses import dataclass
from urllib.parse import quote

from backends.wechat.client import WechatClient, post_json

PICTURES = "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket="
LONGEST_SCENE = 64


@dataclass(frozen=True, slots=True)
class QrCode:
    """`link` is what the code holds, for whoever prints it; `picture` is WeChat's JPEG of it."""

    scene: str
    link: str
    picture: str


def permanent_code(client: WechatClient, scene: str) -> QrCode:
    """The same scene gives a code of the same meaning; an account has 100,000 of them."""
    asked = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
    answer = client.ask(post_json("/cgi-bin/qrcode/create", asked, idempotent=True))
    return QrCode(scene, str(answer["url"]), PICTURES + quote(str(answer["ticket"]), safe=""))
