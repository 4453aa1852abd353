"""Personal data as it may leave the place where it is kept: 张*, 138****1234, z***@example.com.

Used by the adapter of CSMS for what conversations never need in clear, and by `dialogs.masking`.
"""

import re

COMPANY_NAME = 5  # characters from which a name is not a person's, unless it has a middle dot
MOBILE = 11  # digits
_EMAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")
# Identity numbers of either generation and bank cards; a meter's code is shorter.
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){14,18}[Xx]?(?!\d)")
_COMPANY_CODE = re.compile(
    r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])", re.IGNORECASE
)
_SHOWN_HEAD, _SHOWN_TAIL = 3, 2


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


def masked_words(text: str) -> str:
    """What a citizen tells in their own words, as it may be kept and handed on: identity, company,
    card and telephone numbers and e-mail addresses are masked, since people write them unasked."""
    text = _EMAIL.sub(lambda found: masked_email(found[0]), text)
    text = _MOBILE.sub(lambda found: masked_mobile(_digits(found[0])[-MOBILE:]), text)
    text = _LONG_NUMBER.sub(lambda found: _hidden(_digits(found[0])), text)
    return _COMPANY_CODE.sub(lambda found: _hidden(found[0]), text)


def _digits(text: str) -> str:
    return re.sub(r"[^\dXx]", "", text)


def _hidden(number: str) -> str:
    hidden = "*" * (len(number) - _SHOWN_HEAD - _SHOWN_TAIL)
    return f"{number[:_SHOWN_HEAD]}{hidden}{number[-_SHOWN_TAIL:]}"
