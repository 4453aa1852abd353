"""Does a citizen's answer fit what CSMS has on file? Pure: two texts in, a claim out.

Answers come from phone keyboards and the facts from clerks, so both sides are brought to one form
before they are compared. Called by the adapter for `prove`, and by the test fakes.
"""

import hmac
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from backends.ports import ProofFactor

CLOSED = "closed"
SHORT_METER_CODE = 6
TOO_LONG = 200

# Names of minorities (阿依古丽·买买提) are typed with whatever dot the keyboard offers.
_DOTS = dict.fromkeys(map(ord, "·•・.‧∙⋅・"), "·")
_AMOUNT = re.compile(r"¥?((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,10})(?:\.[0-9]{1,2})?)元?")
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[0-9]{10})")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on file to compare with; all empty for an account that does not exist."""

    status: str = CLOSED
    owner_name: str | None = None
    last_bill_amount: Decimal | None = None
    meter_code: str | None = None
    mobile: str | None = None


def fits(facts: Facts, factor: ProofFactor, answer: str) -> bool:
    """Every path does the same work, so that its time says nothing about the account."""
    accepted = _ON_FILE[factor](facts)
    given = _GIVEN[factor](answer[:TOO_LONG])
    right = [_same(given, form) & (form != "") for form in accepted]
    return any(right) & (facts.status != CLOSED) & (given != "")


def plain_name(text: str) -> str:
    """Owner names: compatibility forms, widths, blanks, dots and case are one."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(c for c in folded if not _is_blank(c)).translate(_DOTS)
    return unicodedata.normalize("NFKC", kept)


def plain_amount(text: str) -> str:
    """A money amount as '56.70'; '' when it is none, or nothing: many vacant homes are billed
    0.00, which anybody could guess."""
    found = _AMOUNT.fullmatch(_compact(text))
    if found is None:
        return ""
    amount = Decimal(found[1].replace(",", ""))
    return f"{amount:.2f}" if amount > 0 else ""


def plain_meter_code(text: str) -> str:
    return _compact(text).replace("-", "").upper()


def plain_mobile(text: str) -> str:
    """Eleven digits; '' when it is no mainland mobile number."""
    found = _MOBILE.fullmatch(re.sub(r"[-()]", "", _compact(text)))
    return found[1] if found else ""


def _names_on_file(facts: Facts) -> tuple[str, str]:
    return plain_name(facts.owner_name or ""), ""


def _amounts_on_file(facts: Facts) -> tuple[str, str]:
    known = facts.last_bill_amount
    return (plain_amount(f"{known:.2f}") if known is not None else ""), ""


def _meter_codes_on_file(facts: Facts) -> tuple[str, str]:
    code = plain_meter_code(facts.meter_code or "")
    return code, (code[-SHORT_METER_CODE:] if len(code) >= SHORT_METER_CODE else "")


def _mobiles_on_file(facts: Facts) -> tuple[str, str]:
    return plain_mobile(facts.mobile or ""), ""


def _papers_on_file(_: Facts) -> tuple[str, str]:
    """Papers are judged by staff: nothing that can be typed fits."""
    return "", ""


_ON_FILE: Mapping[ProofFactor, Callable[[Facts], tuple[str, str]]] = {
    ProofFactor.OWNER_NAME: _names_on_file,
    ProofFactor.LAST_BILL_AMOUNT: _amounts_on_file,
    ProofFactor.METER_CODE: _meter_codes_on_file,
    ProofFactor.MOBILE: _mobiles_on_file,
    ProofFactor.DOCUMENTS: _papers_on_file,
}
_GIVEN: Mapping[ProofFactor, Callable[[str], str]] = {
    ProofFactor.OWNER_NAME: plain_name,
    ProofFactor.LAST_BILL_AMOUNT: plain_amount,
    ProofFactor.METER_CODE: plain_meter_code,
    ProofFactor.MOBILE: plain_mobile,
    ProofFactor.DOCUMENTS: plain_name,
}


def _compact(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if not _is_blank(c))


def _is_blank(char: str) -> bool:
    """Blanks, invisible marks, and the variation selectors that some fonts add to rare names."""
    return (
        unicodedata.category(char) in {"Zs", "Zl", "Zp", "Cc", "Cf"}
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(errors="replace"), right.encode(errors="replace"))
