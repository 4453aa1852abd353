"""WeChat's error codes, classed by what they ask of us (protocol sheet, 3.11).

Enters: errcode and errmsg of an answer. Leaves: a `WechatRejected`, with the operator's remedy.
"""

import re

from backends.errors import Reaction, WechatRejected

T, B, U = Reaction.REFRESH_TOKEN, Reaction.BACK_OFF, Reaction.CITIZEN_UNREACHABLE
C, P, M = Reaction.CONFIGURATION, Reaction.OUR_BUG, Reaction.MEDIA

# fmt: off
REACTIONS: dict[int, Reaction] = {
    -1: B,
    40001: T, 40002: P, 40003: U, 40004: P, 40005: P, 40006: P, 40007: M, 40008: P, 40009: P,
    40010: P, 40011: P, 40012: P, 40013: C, 40014: T, 40015: P, 40016: P, 40017: P, 40018: P,
    40019: P, 40020: P, 40021: P, 40022: P, 40023: P, 40024: P, 40025: P, 40026: P, 40027: P,
    40028: P, 40029: P, 40030: P, 40031: P, 40032: P, 40033: P, 40035: P, 40036: P, 40037: C,
    40038: P, 40039: P, 40048: P, 40050: P, 40051: P, 40052: P, 40053: P, 40054: P, 40055: P,
    40097: P, 40117: P, 40118: M, 40121: P, 40125: C, 40130: P, 40132: P, 40163: P, 40164: C,
    40200: C, 40243: C, 40246: P, 40247: P, 40249: C,
    41001: T, 41002: P, 41003: P, 41004: P, 41005: P, 41006: P, 41007: P, 41008: P, 41009: P,
    41030: P,
    42001: T, 42002: P, 42003: P, 42007: P,
    43001: P, 43002: P, 43003: P, 43004: U, 43005: U, 43019: U, 43100: C, 43101: U,
    43107: U, 43108: U, 43116: C,
    44001: P, 44002: P, 44003: P, 44004: P,
    45001: P, 45002: P, 45003: P, 45004: P, 45005: P, 45006: P, 45007: P, 45008: P, 45009: B,
    45011: B, 45015: U, 45026: C, 45027: C, 45028: B, 45047: U, 45056: P, 45057: P, 45058: P,
    45059: P, 45064: C, 45065: P, 45066: P, 45067: P, 45072: P, 45080: P, 45081: P, 45157: P,
    45158: P, 45159: P,
    46001: M, 46003: P, 46004: U,
    47001: P, 47003: P,
    48001: C, 48002: U, 48004: C, 48005: P, 48006: C, 48008: C,
    49003: U,
    50001: U, 50002: C, 50005: U,
    61004: C, 61450: B, 61451: P, 61452: P, 61453: P, 61454: P, 61455: P, 61456: P, 61457: P,
    61458: P,
    65301: P, 65302: P, 65303: P, 65304: P, 65305: P, 65306: P, 65307: P, 65308: P, 65309: P,
    65310: P, 65311: P, 65312: P, 65313: P, 65314: P, 65315: P, 65316: P, 65317: P,
    70000: U, 87014: P,
    89501: C, 89503: C, 89506: C, 89507: C,
    10700: U, 10703: U, 10706: U, 62751: U,
    268487001: B, 268487002: B,
}
# fmt: on

# Busy for moments only. The day's and the month's quota (45009, 45028) are not among them:
# asking again within the second would only spend more.
RETRY_SOON = frozenset({-1, 45011, 61450, 268487001, 268487002})

NO_MENU = 46003

_CONSOLE = "in mp.weixin.qq.com 设置与开发 → 基本配置"
REMEDIES: dict[int, str] = {
    40013: f"compare WATERDESK_WECHAT_APPID with the AppID {_CONSOLE}",
    40125: f"compare WATERDESK_WECHAT_SECRET with the AppSecret {_CONSOLE}",
    40164: f"add this server's address to the IP whitelist {_CONSOLE}",
    61004: f"add this server's address to the IP whitelist {_CONSOLE}",
    40243: f"the AppSecret is frozen: unfreeze it {_CONSOLE}",
    40037: "compare WATERDESK_PUSH_TEMPLATES with `waterdesk templates ids`",
    40249: "the card reads like advertising: reword it in templates/pushes/",
    43116: "the template is restricted: see 模板消息 in mp.weixin.qq.com",
    47003: "a value of the card breaks the rule of its key: run `waterdesk templates check`",
    45009: "the day's quota is used up: wait for midnight",
    48001: "the account lacks this API: see 接口权限 in mp.weixin.qq.com",
    48004: "the API is banned: see 通知中心 in mp.weixin.qq.com",
    50002: "the account is restricted: see 通知中心 in mp.weixin.qq.com",
    89501: "the account's administrator must confirm this server's address in WeChat",
    89503: "the account's administrator must confirm this server's address in WeChat",
    89506: "the administrator refused this server's address: blocked for 24 hours",
    89507: "the administrator refused this server's address: blocked for one hour",
}

_RID = re.compile(r"\s*rid:\s*([0-9A-Za-z-]{1,64})")
_HINT = re.compile(r"\s*hint:\s*\[([^\]]{1,64})\]")
_OPENID = re.compile(r"\bo[A-Za-z0-9_-]{27}\b")
_LONGEST_REASON = 200


def rejection(errcode: int, errmsg: str, private: tuple[str, ...] = ()) -> WechatRejected:
    """`private`: values of this request that must not show, should WeChat echo them."""
    found = _RID.search(errmsg) or _HINT.search(errmsg)
    reason = errmsg.replace(found.group(0), "") if found else errmsg
    for value in filter(None, private):
        reason = reason.replace(value, "***")
    reason = " ".join(_OPENID.sub("***", reason).split())[:_LONGEST_REASON]
    if errcode in REMEDIES:
        reason = f"{reason}; {REMEDIES[errcode]}"
    reaction = REACTIONS.get(errcode, Reaction.OUR_BUG)
    return WechatRejected(errcode, reaction, reason, found.group(1) if found else "")


def token_rejection(errcode: int, errmsg: str, private: tuple[str, ...]) -> WechatRejected:
    """At the token's own address a token error means a wrong secret: no refresh can mend it."""
    refused = rejection(errcode, errmsg, private)
    if refused.reaction is not Reaction.REFRESH_TOKEN:
        return refused
    reason = f"{refused.reason}; {REMEDIES[40125]}"
    return WechatRejected(errcode, Reaction.CONFIGURATION, reason, refused.rid)
