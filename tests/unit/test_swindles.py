"""What looks like a swindle, and whose links are whose; nothing is ever called genuine."""

import pytest

from bot.inbound import normal
from dialogs.information import swindles

OWN = {"www.binhewater.example"}


@pytest.mark.parametrize(
    ("said", "signs"),
    [
        ("您家水费逾期，两小时内将停水", ["cut_off_soon"]),
        ("再不缴费马上停水", ["cut_off_soon"]),
        ("请转账到个人账户 6222", ["private_account"]),
        ("请把短信验证码告诉客服", ["secrets"]),
        ("请下载会议 APP 共享屏幕", ["screen"]),
        ("请添加工作人员 QQ 12345", ["stranger"]),
        ("多收的水费可以退款，点击链接登录", ["refund"]),
        ("自来水公司上门检测水质，优惠换滤芯", ["seller"]),
        ("详询 138-0013-8000 王经理", ["mobile"]),
        ("１３８００１３８０００", ["mobile"]),
        ("11月25日8:00至18:00管网检修停水，预计6小时内恢复，请储水", []),
        ("今天下午停水检修，请互相转告", []),
        ("您家10月账单56.70元，12月5日前缴清免违约金，热线962000", []),
    ],
)
def test_each_sign_is_seen_and_plain_notices_are_not_suspected(said: str, signs: list[str]) -> None:
    assert swindles.signs(normal(said)) == signs


@pytest.mark.parametrize(
    "said",
    [
        "https://www.binhewater.example",
        "https://www.binhewater.example:443/news?id=1",
        "HTTPS://WWW.BINHEWATER.EXAMPLE/，点开看",
        "请看https://www.binhewater.example查看账单",
        "官网www.binhewater.example可以查",
    ],
)
def test_our_own_address_is_known(said: str) -> None:
    assert swindles.hosts(normal(said)) == ["www.binhewater.example"]
    assert swindles.foreign(normal(said), OWN) == []


@pytest.mark.parametrize(
    ("said", "host"),
    [
        ("http://pay-water.top/x", "pay-water.top"),
        ("点击pay-water.top缴费", "pay-water.top"),
        ("https://www.binhewater.example@evil.com/a", "evil.com"),
        ("https://www.binhewater.example.evil.com", "www.binhewater.example.evil.com"),
        ("https://binhewater.example", "binhewater.example"),
        (r"https://evil.com\@www.binhewater.example", "evil.com"),
        ("www。evil。com", "www.evil.com"),
        ("ｗｗｗ．ｅｖｉｌ．ｃｏｍ", "www.evil.com"),
        ("http://12.34.56.78:8080/pay", "12.34.56.78"),
        ("http://银行.com", "银行.com"),
        ("https://www.binhewater.exampleе.com", "www.binhewater.exampleе.com"),
    ],
)
def test_what_only_looks_like_ours_is_foreign(said: str, host: str) -> None:
    assert swindles.foreign(normal(said), OWN) == [host]


@pytest.mark.parametrize("said", ["水费3.45元，用了12.5立方米", "请联系 a@b.cn", "v1.2.3", ""])
def test_numbers_and_mailboxes_are_no_links(said: str) -> None:
    assert swindles.hosts(normal(said)) == []


def test_the_host_of_an_address_of_ours() -> None:
    assert swindles.host_of("https://wx.example.com/path") == "wx.example.com"
    assert swindles.host_of("") == ""
