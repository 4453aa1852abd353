"""Personal data as it may be shown in a chat: 张*, 31******09, 滨河路12号*."""

from backends.ports.masking import masked_email, masked_mobile, masked_name, masked_words

__all__ = [
    "brief_address",
    "listed_address",
    "masked_account",
    "masked_address",
    "masked_email",
    "masked_mobile",
    "masked_name",
    "masked_words",
]

LISTED = 26
BRIEF, FEW = 12, 4


def masked_account(acct_no: str) -> str:
    """First two and last three digits: enough for the owner of several to tell them apart. Of
    the shortest numbers less is shown."""
    first, last = (2, 3) if len(acct_no) > 6 else (0, 2)
    hidden = "*" * max(len(acct_no) - first - last, 0)
    return acct_no[:first] + hidden + acct_no[first + len(hidden) :]


def masked_address(address: str) -> str:
    """Up to the building: what follows the last 号, 栋, 幢 or 弄 is nobody else's business."""
    last = max((address.rfind(mark) for mark in "号栋幢弄"), default=-1)
    return address[: last + 1] + "***" if 0 <= last < len(address) - 1 else address


def listed_address(address: str) -> str:
    """Masked, and short enough that a dialog can remember ten of them; the end tells more."""
    masked = masked_address(address)
    return masked if len(masked) <= LISTED else "…" + masked[1 - LISTED :]


def brief_address(listed: str, of: int) -> str:
    """One `of` many addresses that a dialog must remember beside much else: its end."""
    return listed if of <= FEW or len(listed) <= BRIEF else "…" + listed[1 - BRIEF :]
