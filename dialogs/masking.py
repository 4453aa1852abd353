"""Personal data as it may be shown in a chat: 张*, 31******09, 滨河路12号*."""


def masked_name(name: str | None) -> str:
    """The family name only; empty when CSMS has no name."""
    return f"{name[0]}*" if name else ""


def masked_account(acct_no: str) -> str:
    """First two and last three digits: enough for the owner of several to tell them apart."""
    return acct_no[:2] + "*" * max(len(acct_no) - 5, 0) + acct_no[-3:]


def masked_address(address: str) -> str:
    """Up to the building: what follows the last 号, 栋, 幢 or 弄 is nobody else's business."""
    last = max((address.rfind(mark) for mark in "号栋幢弄"), default=-1)
    return address[: last + 1] + "***" if 0 <= last < len(address) - 1 else address


def masked_mobile(mobile: str) -> str:
    return f"{mobile[:3]}****{mobile[-4:]}"
