"""What gives a swindle away: phrases that no message of ours has, and links that are not ours.

Only ever a suspicion: that nothing was found proves nothing. The signs' names are wording:
[values.swindle_sign] of words.toml.
"""

import re
from collections.abc import Collection

# Each sign, and what it looks like in a text without blanks, in lower case.
SIGNS = {
    "private_account": re.compile(
        r"转账|汇款|打款|私人账户|个人账户|安全账户|收款码|(转|付|打)到.{0,8}(卡|账户)"
    ),
    "secrets": re.compile(
        r"验证码|动态码|校验码|支付密码|查询密码|银行卡号|(卡|账户|登录)密码|cvv"
    ),
    "cut_off_soon": re.compile(
        r"(小时|分钟)(之?内|后).{0,12}(停水|断水|停供)|(立即|立刻|马上).{0,6}(停水|断水|停供)"
    ),
    "screen": re.compile(r"屏幕共享|共享屏幕|远程(协助|控制|操作)|下载.{0,12}(app|软件|会议)"),
    "stranger": re.compile(r"(加|添加).{0,6}(微信|qq|好友|客服号)|私聊|进群"),
    "refund": re.compile(r"(退|返还|返现|补贴|奖励|中奖|领取).{0,16}(点击|扫码|链接|登录|填写)"),
    "seller": re.compile(
        r"净水器|滤芯|(免费|上门)(检测|检验)水质|水质不(合格|达标).{0,12}(购买|更换|安装)"
    ),
    "mobile": re.compile(r"(?<!\d)1[3-9]\d[\d-]{8,10}(?!\d)"),
}
_LINK = re.compile(r"https?://([^\s/\\?#，。！？；：、（）“”《》【】]*)")
_BARE_HOST = re.compile(r"(?<![a-z0-9@/.-])((?:[a-z0-9-]+\.)+[a-z]{2,})(?![a-z0-9-])")
_HIDDEN_DOT = re.compile(r"(?<=[a-z0-9])[。｡](?=[a-z0-9])")
_ASCII_HEAD = re.compile(r"^[\x21-\x7e]*")


def signs(text: str) -> list[str]:
    """The signs found, as codes of `SIGNS`. `text` as `Inbound.text` has it."""
    bare = re.sub(r"\s+", "", text.lower())
    return [code for code, pattern in SIGNS.items() if pattern.search(bare)]


def hosts(text: str) -> list[str]:
    """Where the links in a text lead, each host once. Of a link that cannot be read for sure, the
    whole of it: it is then nobody's."""
    plain = _HIDDEN_DOT.sub(".", text.lower())
    found = [_host(one) for one in _LINK.findall(plain)]
    found += _BARE_HOST.findall(_LINK.sub(" ", plain))
    return list(dict.fromkeys(found))


def host_of(url: str) -> str:
    """Of an address of our own; '' where there is none."""
    found = _LINK.match(url.lower())
    return _host(found[1]) if found else ""


def foreign(text: str, own: Collection[str]) -> list[str]:
    """The hosts in the text that are not ours."""
    return [host for host in hosts(text) if host not in own]


def _host(authority: str) -> str:
    """What stands before an @ is decoration. Chinese words after an address that lack a blank are
    not part of it, unless they go on like one."""
    named = _ASCII_HEAD.match(authority)
    head = named[0] if named else ""
    rest = authority[len(head) :]
    if not head or "." in rest or "@" in rest:
        return authority
    return head.rsplit("@", 1)[-1].split(":")[0].strip(".")
