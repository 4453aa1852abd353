"""A permanent QR code with a scene."""

import json

import pytest

from backends.errors import WechatRejected
from backends.wechat.qr_codes import permanent_code
from tests.contract.wechat.conftest import Worker
from tests.contract.wechat.platform import Platform

CREATE = "/cgi-bin/qrcode/create"


def test_a_scene_becomes_a_link_and_a_picture(worker: Worker, platform: Platform) -> None:
    platform.script(CREATE, {"ticket": "gQH4/7+=", "url": "http://weixin.qq.com/q/kZgf"})
    code = permanent_code(worker.client, "meter:SH210000000017")
    assert code.link == "http://weixin.qq.com/q/kZgf"
    assert code.picture.endswith("ticket=gQH4%2F7%2B%3D")
    asked = json.loads(platform.to(CREATE)[0].body)
    assert asked["action_name"] == "QR_LIMIT_STR_SCENE"
    assert asked["action_info"] == {"scene": {"scene_str": "meter:SH210000000017"}}


def test_a_scene_that_wechat_refuses_is_an_error(worker: Worker, platform: Platform) -> None:
    platform.script(CREATE, {"errcode": 40053, "errmsg": "invalid action info"})
    with pytest.raises(WechatRejected):
        permanent_code(worker.client, "x" * 65)
