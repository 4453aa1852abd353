"""The fault switches as values, and the merge of a partial change with its checks."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, TypeVar

from sandbox.pay import faults as pay_faults
from sandbox.pay.faults import PayFaults

CSMS_STATES = ("ok", "hang", "down")
REDIS_STATES = ("ok", "slow", "down")
HOTLINE_STATES = ("ok", "slow", "down", "lose_answer")
WEBSITE_STATES = ("ok", "down", "garbage")
_STATES = {
    "csms": CSMS_STATES,
    "redis": REDIS_STATES,
    "hotline": HOTLINE_STATES,
    "website": WEBSITE_STATES,
}
_RATES = frozenset(
    {"duplicate", "parallel", "reorder", "busy_rate", "lost_answer_rate"}
    | {"user_block_rate", "system_failed_rate", "no_result_rate", "twice_rate"}
    | pay_faults.RATES
)
_RANGES = {
    "max_deliveries": (1.0, 4.0),
    "timeout_s": (0.05, 30.0),
    "skew_s": (-86_400.0, 86_400.0),
    "latency_ms": (0.0, 60_000.0),
    "result_after_s": (0.0, 3600.0),
    "templates_per_day": (0.0, 10_000_000.0),
    "templates_per_minute": (0.0, 10_000_000.0),
    "longest_client_msg_id": (0.0, 128.0),
    **pay_faults.RANGES,
}


class BadFault(ValueError):
    """A change the switches do not know, in words for whoever sent it."""


@dataclass(frozen=True, slots=True)
class CallbackFaults:
    """`skew_s`: how old the query's timestamp is made; the other extras say what they forge."""

    duplicate: float = 0.0
    parallel: float = 0.0
    reorder: float = 0.0
    max_deliveries: int = 3
    renew_signature: bool = True
    timeout_s: float = 5.0
    shuffle: bool = False
    unknown_elements: bool = False
    downgrade: bool = False
    previous_key: bool = False
    foreign_appid: bool = False
    wrong_signature: bool = False
    skew_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ApiFaults:
    latency_ms: float = 0.0
    busy_rate: float = 0.0
    lost_answer_rate: float = 0.0
    errcodes: Mapping[str, int] = field(default_factory=dict)
    refuse_escapes: bool = False
    ip_refused: bool = False


@dataclass(frozen=True, slots=True)
class PushFaults:
    """What becomes of accepted pushes, and what the documentation leaves open: how a repetition is
    answered, whether a key may be missing, how dates may be written, how long an id may be."""

    user_block_rate: float = 0.0
    system_failed_rate: float = 0.0
    no_result_rate: float = 0.0
    twice_rate: float = 0.0
    result_after_s: float = 1.0
    templates_per_day: int = 100_000
    templates_per_minute: int = 100_000
    repeat_refused: bool = False
    missing_key_refused: bool = True
    iso_dates: bool = False
    longest_client_msg_id: int = 32


@dataclass(frozen=True, slots=True)
class Faults:
    callback: CallbackFaults = CallbackFaults()
    api: ApiFaults = field(default_factory=ApiFaults)
    push: PushFaults = PushFaults()
    pay: PayFaults = field(default_factory=PayFaults)
    csms: str = "ok"
    redis: str = "ok"
    hotline: str = "ok"
    website: str = "ok"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def merge(faults: Faults, change: Mapping[str, Any]) -> Faults:
    """Raises BadFault and changes nothing when any part of the change is not understood."""
    for name, value in change.items():
        if name == "callback":
            faults = replace(faults, callback=_part(faults.callback, name, value))
        elif name == "api":
            faults = replace(faults, api=_part(faults.api, name, value))
        elif name == "push":
            faults = replace(faults, push=_part(faults.push, name, value))
        elif name == "pay":
            faults = replace(faults, pay=_part(faults.pay, name, value))
        elif name in _STATES:
            if value not in _STATES[name]:
                raise BadFault(f"{name} must be one of {', '.join(_STATES[name])}")
            faults = replace(faults, **{name: value})
        else:
            raise BadFault(f"no such fault: {name}")
    return faults


Part = TypeVar("Part", CallbackFaults, ApiFaults, PushFaults, PayFaults)


def _part(part: Part, name: str, change: object) -> Part:
    if not isinstance(change, Mapping):
        raise BadFault(f"{name} must be an object")
    known = {f.name for f in fields(part)}
    checked: dict[str, Any] = {}
    for key, value in change.items():
        if key not in known:
            raise BadFault(f"no such fault: {name}.{key}")
        checked[key] = _value(f"{name}.{key}", key, value, getattr(part, key))
    return replace(part, **checked)


def _value(path: str, key: str, value: object, old: object) -> object:
    if key == "errcodes":
        return _errcodes(path, value)
    if key in pay_faults.CHOICES:
        return _choice(path, value, pay_faults.CHOICES[key])
    if key not in _RATES and isinstance(old, bool):
        if not isinstance(value, bool):
            raise BadFault(f"{path} must be true or false")
        return value
    low, high = _RANGES.get(key, (0.0, 1.0))
    if not isinstance(value, int | float) or not low <= value <= high:
        raise BadFault(f"{path} must be a number from {low:g} to {high:g}")
    return int(value) if isinstance(old, int) else float(value)


def _choice(path: str, value: object, choices: tuple[str, ...]) -> object:
    if value not in choices:
        raise BadFault(f"{path} must be one of {', '.join(choices)}")
    return value


def _errcodes(path: str, value: object) -> dict[str, int]:
    if not isinstance(value, Mapping):
        raise BadFault(f"{path} must be an object of path and errcode")
    for api_path, code in value.items():
        if not api_path.startswith("/cgi-bin/") or type(code) is not int:
            raise BadFault(f'{path} wants entries like "/cgi-bin/message/custom/send": 45015')
    return dict(value)
