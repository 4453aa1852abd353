"""The menu, whose calls may be repeated while the platform is busy."""

import pytest

from backends.errors import WechatRejected
from backends.wechat.menu import create_menu, delete_menu, get_menu
from tests.contract.wechat.conftest import Worker, Workers
from tests.contract.wechat.platform import Platform

MENU = "/cgi-bin/menu/get"
CREATE = "/cgi-bin/menu/create"


@pytest.mark.parametrize("errcode", [-1, 45011, 268487001])
def test_a_busy_platform_is_asked_for_the_menu_three_times_with_pauses(
    workers: Workers, platform: Platform, errcode: int
) -> None:
    busy = {"errcode": errcode, "errmsg": "system busy"}
    platform.script(CREATE, busy, busy)
    create_menu(workers.start().client, {"button": []})
    assert len(platform.to(CREATE)) == 3
    assert len(workers.pauses) == 2
    platform.always(CREATE, busy)
    with pytest.raises(WechatRejected):
        create_menu(workers.start().client, {"button": []})
    assert len(platform.to(CREATE)) == 6


def test_the_days_quota_is_not_asked_for_again(worker: Worker, platform: Platform) -> None:
    platform.always(CREATE, {"errcode": 45009, "errmsg": "reach max api daily quota limit"})
    with pytest.raises(WechatRejected, match="midnight"):
        create_menu(worker.client, {"button": []})
    assert len(platform.to(CREATE)) == 1


def test_the_menu_is_written_read_and_deleted(worker: Worker, platform: Platform) -> None:
    create_menu(worker.client, {"button": [{"type": "click", "name": "人工客服", "key": "HUMAN"}]})
    assert "人工客服".encode() in platform.to(CREATE)[0].body
    platform.script(MENU, {"errcode": 46003, "errmsg": "menu no exist"})
    assert get_menu(worker.client) is None
    delete_menu(worker.client)
    assert platform.asked[-1].path == "/cgi-bin/menu/delete"
    platform.script(MENU, {"errcode": 48001, "errmsg": "api unauthorized"})
    with pytest.raises(WechatRejected):
        get_menu(worker.client)
