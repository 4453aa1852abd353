"""Personal data as it may leave the place where it is kept: 张*, 138****1234, z***@example.com.

Used by the adapter of CSMS for what conversations never need in clear, and by `dialogs.masking`.
"""

COMPANY_NAME = 5  # characters from which a name is not a person's, unless it has a middle dot
MOBILE = 11  # digits


def masked_name(name: str | None) -> str:
    """Of a person the family name; of a company, which is longer, both ends. Empty when CSMS has
    no name."""
    if not name:
        return ""
    if len(name) >= COMPANY_NAME and "·" not in name:
        return f"{name[:2]}***{name[-2:]}"
    return f"{name[0]}*"


def masked_mobile(mobile: str) -> str:
    """Of what is no mobile number, and may be shorter, the last two digits."""
    return f"{mobile[:3]}****{mobile[-4:]}" if len(mobile) >= MOBILE else f"****{mobile[-2:]}"


def masked_email(address: str) -> str:
    """The domain says which mailbox it is; of the name before it one character is left."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}" if at else "***"
