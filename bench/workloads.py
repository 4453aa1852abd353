"""What the benchmark's citizens say. A workload is a function of (citizen, turn)."""

NOT_AN_ACCOUNT_NUMBER = "12ab"

# One round of a citizen who looks around and does not get far: every turn is answered from the menu
# or from within the binding dialog, whose first question is the consent.
_ROUND = (
    "菜单",
    "绑定",
    NOT_AN_ACCOUNT_NUMBER,
    "取消",
    "帮助",
    "绑定",
    NOT_AN_ACCOUNT_NUMBER,
    "取消",
)
_STARTS = (0, 1, 4, 5)  # places in the round where no dialog is open


def text(content: str) -> str:
    return f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content>"


def chatter(citizen: int, turn: int) -> str:
    """A short text that differs from message to message."""
    return text(f"第{turn}次查水费 {citizen}")


def menu_and_binding(citizen: int, turn: int) -> str:
    """Citizens start at different places, so that each second holds every kind of turn."""
    start = _STARTS[citizen % len(_STARTS)]
    return text(_ROUND[(start + turn) % len(_ROUND)])
