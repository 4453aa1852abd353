"""What can go wrong with an outside system. One tree, each error carries its evidence:

BackendError(system)
├── BackendUnavailable(system, after_s)      no answer, refused, broken: it may work later
├── Rejected(system, code, reason)           understood and refused: repeating it will not help
│   └── WechatRejected(errcode, reaction)    what WeChat refused, classed by what we do about it
├── NotFound(system, what)
├── NotGenuine(system, why)                 a message that its pretended sender did not sign
├── PaymentMismatch(order_no, what)          WeChat says of a payment what was not ordered
├── StatementNotReady, NoStatement, StatementBroken (wechatpay)    a day's trade bill
└── Overtaken(system, what)                 what was decided upon has changed: decide again
    └── NumberTaken()                       another submission has this number

Messages name systems, codes and times only: never a person, an account or a secret.
"""

from datetime import date
from enum import StrEnum


class BackendError(Exception):
    def __init__(self, system: str, message: str) -> None:
        super().__init__(f"{system}: {message}")
        self.system = system


class BackendUnavailable(BackendError):
    """`after_s`: seconds waited before giving up. `sent`: the request may have been carried out."""

    def __init__(self, system: str, after_s: float, why: str = "", *, sent: bool = False) -> None:
        super().__init__(system, f"unavailable after {after_s:.1f} s{': ' + why if why else ''}")
        self.after_s = after_s
        self.why = why
        self.sent = sent


class Rejected(BackendError):
    def __init__(self, system: str, code: str, reason: str) -> None:
        super().__init__(system, f"rejected with {code}: {reason}")
        self.code = code
        self.reason = reason


class NotFound(BackendError):
    def __init__(self, system: str, what: str) -> None:
        super().__init__(system, f"no such {what}")
        self.what = what


class NotGenuine(BackendError):
    """`why` says which check failed; what was in the message is left out."""

    def __init__(self, system: str, why: str) -> None:
        super().__init__(system, f"not genuine: {why}")
        self.why = why


class PaymentMismatch(BackendError):
    """`what` differs: order (there is none), amount, payer, transaction, or refund: others gave it
    back before we knew of it."""

    def __init__(self, order_no: str, what: str) -> None:
        super().__init__("wechatpay", f"order {order_no}: another {what} than was ordered")
        self.order_no = order_no
        self.what = what


class StatementNotReady(BackendError):
    """WeChat is still making the day's trade bill: try again in half an hour."""

    def __init__(self, day: date) -> None:
        super().__init__("wechatpay", f"the trade bill of {day} is not ready")
        self.day = day


class NoStatement(BackendError):
    """Nothing was traded on the day."""

    def __init__(self, day: date) -> None:
        super().__init__("wechatpay", f"no trade bill of {day}: nothing was traded")
        self.day = day


class StatementBroken(BackendError):
    """The file does not fit its checksum, or cannot be read."""

    def __init__(self, day: date, why: str) -> None:
        super().__init__("wechatpay", f"the trade bill of {day} is broken: {why}")
        self.day = day
        self.why = why


class Overtaken(BackendError):
    def __init__(self, system: str, what: str) -> None:
        super().__init__(system, f"{what} has changed since it was read")
        self.what = what


class NumberTaken(Overtaken):
    def __init__(self) -> None:
        super().__init__("records", "the submission number")


class Reaction(StrEnum):
    """What a WeChat error asks of us (protocol sheet, 3.11)."""

    REFRESH_TOKEN = "refresh_token"  # noqa: S105 - a reaction, not a secret
    BACK_OFF = "back_off"
    CITIZEN_UNREACHABLE = "citizen_unreachable"
    CONFIGURATION = "configuration"
    OUR_BUG = "our_bug"
    MEDIA = "media"


class WechatRejected(Rejected):
    """`errcode` as WeChat gave it, `rid` its request id for a support ticket."""

    def __init__(self, errcode: int, reaction: Reaction, reason: str, rid: str = "") -> None:
        super().__init__("wechat", str(errcode), f"{reason} ({reaction}, rid {rid or 'none'})")
        self.errcode = errcode
        self.reaction = reaction
        self.rid = rid
