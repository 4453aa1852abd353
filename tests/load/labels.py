"""What a reply says, as labels: the swarm's model names the labels it expects, in any wording that
keeps these fragments. A number that matters is part of its label."""

import re

FRAGMENTS = {
    "consent": r"是否同意",
    "account_no": r"请输入10位户号",
    "format": r"户号应该是10位",
    "already_bound": r"已经绑定过了",
    "already_listed": r"刚才已经加上了",
    "proof": r"请输入户主姓名",
    "name": r"姓名至少两个字",
    "mismatch": r"还可以试(\d+)次",
    "locked": r"小时内不能再绑定",
    "another": r"还有别的户号要一起绑定吗",
    "bill_type": r"账单怎么给您",
    "confirm": r"请核对：",
    "done": r"绑定成功，共(\d+)个",
    "declined": r"没有保存任何信息",
    "menu": r"可以为您办理：",
    "kept": r"给您留着",
    "help": r"点底部菜单，或者",
    "cancelled": r"不办了。想办别的",
    "nothing_to_cancel": r"现在没有正在办的事",
    "nothing_to_resume": r"没有没办完的事",
    "parked": r"还没办完，回复",
    "fallback": r"没有看懂您的意思",
    "choice": r"没有看懂，请点选",
    "no_way_back": r"不能再往回了",
    "resumed": r"接着办「",
    "offer_human": r"需要帮忙的话",
    "arrears_bind_first": r"查欠费要先绑定",
    "nothing_owed": r"没有欠费，谢谢",
    "owed": r"共(\d+)笔欠费，合计",
    "arrears_which": r"查哪一个",
    "my_account": r"我的身份",
    "my_which": r"看哪一个",
    "my_bind_first": r"您还没有绑定户号",
    "looking_up": r"正在为您查询",
    "busy": r"还在处理",
    "unavailable": r"系统暂时查不到",
    "error": r"系统出了点问题",
    "maintenance": r"系统正在维护",
    "overloaded": r"现在查询的人太多",
    "late": r"您刚才问的结果",
}
_COMPILED = {label: re.compile(pattern) for label, pattern in FRAGMENTS.items()}


def labels(text: str) -> frozenset[str]:
    found = set()
    for label, pattern in _COMPILED.items():
        if match := pattern.search(text):
            found.add(":".join((label, *match.groups())))
    return frozenset(found)
