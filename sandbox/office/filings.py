"""What citizens file for beside readings and visits, read into values; what cannot be read is
None. Their private values come opened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sandbox.office.papers import day_of, is_code
from sandbox.office.private import is_email, is_id_no, is_mobile, is_name

CONTACT, BILL_TYPE = "contact", "bill_type"
REAL_NAME, TRANSFER, OVERRIDE, CANCEL = "real_name", "transfer", "override", "cancel_real_name"
SPOT_CHECK, CONNECTION = "spot_check", "connection"
DOCUMENTS = {
    "id_front": "身份证正面",
    "id_back": "身份证反面",
    "property": "房产证",
    "household": "户口本",
    "other": "其他材料",
    "meter": "水表",
}
CANCEL_REASONS = ("sold", "tenant_left", "wrong_account", "privacy", "other")
CONNECTION_KINDS = ("res_single", "shop", "temp", "one_meter", "bore")
ARREARS = ("none", "take_over")
_LONGEST_ADDRESS = 200


@dataclass(frozen=True, slots=True)
class Dial:
    """What a meter shows in a citizen's photo; `value` is whole m³."""

    meter_code: str
    value: int
    read_on: date


@dataclass(frozen=True, slots=True)
class HolderPaper:
    """Who wants to be the holder of an account. `arrears` is '' where nobody was asked."""

    name: str
    mobile: str
    dial: Dial
    arrears: str


@dataclass(frozen=True, slots=True)
class CheckPaper:
    check_no: str
    dial: Dial


def contact_changes(
    payload: Mapping[str, Any], private: Mapping[str, str]
) -> Mapping[str, str] | None:
    """The new mobile, e-mail or both, by name; an e-mail of '' is removed."""
    names = payload.get("changes")
    if not isinstance(names, list) or not names or set(names) - _CONTACTS.keys():
        return None
    fits = all(name in private and _CONTACTS[name](private[name]) for name in names)
    return {name: private[name] for name in names} if fits else None


def real_name_of(payload: Mapping[str, Any], private: Mapping[str, str]) -> str:
    """The name to register; '' when it cannot be read."""
    return private["name"] if _is_proven(payload, private) else ""


def holder_paper(
    kind: str, payload: Mapping[str, Any], private: Mapping[str, str]
) -> HolderPaper | None:
    """Of a transfer or an override."""
    dial, arrears = dial_of(payload), payload.get("arrears", "")
    known = ARREARS if kind == TRANSFER else ("",)
    mobile = private.get("mobile", "")
    proven = _is_proven(payload, private) and is_mobile(mobile)
    if dial is None or arrears not in known or not proven:
        return None
    return HolderPaper(private["name"], mobile, dial, arrears)


def check_paper(payload: Mapping[str, Any]) -> CheckPaper | None:
    check_no, dial = payload.get("check_no"), dial_of(payload)
    return CheckPaper(payload["check_no"], dial) if is_code(check_no) and dial else None


def dial_of(payload: Mapping[str, Any]) -> Dial | None:
    value, read_on = payload.get("value"), day_of(payload.get("read_on"))
    if not is_code(payload.get("meter_code")) or type(value) is not int or value < 0:
        return None
    return Dial(payload["meter_code"], value, read_on) if read_on else None


def is_cancelling(payload: Mapping[str, Any]) -> bool:
    return payload.get("reason") in CANCEL_REASONS


def is_connection(payload: Mapping[str, Any], private: Mapping[str, str]) -> bool:
    address = payload.get("address")
    return (
        payload.get("kind") in CONNECTION_KINDS
        and isinstance(address, str)
        and 0 < len(address.strip()) <= _LONGEST_ADDRESS
        and _is_proven(payload, private)
        and is_mobile(private.get("mobile", ""))
    )


def documents_of(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """What the files show, in their order."""
    listed = payload.get("documents")
    return tuple(str(word) for word in listed) if isinstance(listed, list) else ()


def _is_proven(payload: Mapping[str, Any], private: Mapping[str, str]) -> bool:
    """A name and an identity, with papers that show them."""
    words = documents_of(payload)
    known = bool(words) and all(word in DOCUMENTS for word in words)
    return known and is_name(private.get("name", "")) and is_id_no(private.get("id_no", ""))


def _is_email_or_none(text: str) -> bool:
    return not text or is_email(text)


_CONTACTS: Mapping[str, Callable[[str], bool]] = {"mobile": is_mobile, "email": _is_email_or_none}
