"""What the benchmark's citizens say. A workload is a function of (citizen, turn)."""

from hashlib import blake2b

NOT_AN_ACCOUNT_NUMBER = "12ab"


def text(content: str) -> str:
    return f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content>"


def chatter(citizen: int, turn: int) -> str:
    """A short text that differs from message to message."""
    return text(f"第{turn}次查水费 {citizen}")


def inside_a_dialog(citizen: int, turn: int) -> str:
    """Turns that need no database: once the binding's first question is asked, a wrong answer,
    help, the menu (which parks the dialog) and its resumption, each with a dialog record read and
    most with one written."""
    if turn == 0:
        return text("绑定")
    return text((NOT_AN_ACCOUNT_NUMBER, "帮助", "菜单", "继续")[(citizen + turn) % 4])


def menu_and_binding(citizen: int, turn: int) -> str:
    """A citizen looks around and begins to bind an account, whose first question is the consent,
    but answers past it. Two coins decide: does this turn end inside the dialog, menu or help?
    From a citizen's second turn on the kinds of turn are therefore always equally mixed."""
    inside, menu = _coins(citizen, turn)
    was_inside = turn > 0 and _coins(citizen, turn - 1)[0]
    if was_inside:
        return text(NOT_AN_ACCOUNT_NUMBER if inside else "取消")
    if inside:
        return text("绑定")
    return text("菜单" if menu else "帮助")


def _coins(citizen: int, turn: int) -> tuple[bool, bool]:
    (digest,) = blake2b(f"{citizen} {turn}".encode(), digest_size=1).digest()
    return bool(digest & 1), bool(digest & 2)
