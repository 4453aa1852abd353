"""The doors between the conversations and the outside: Protocols and frozen values.

Words are the utility's (docs/glossary.md). Money is `Decimal` yuan, volume `Decimal` m³, dates are
calendar days in Asia/Shanghai, times are aware. Every method may raise `backends.errors`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

# --- billing system (CSMS 营业收费系统) ---------------------------------------------------------


class ProofFactor(StrEnum):
    """What, beside the account number, shows that an account is the citizen's own."""

    OWNER_NAME = "owner_name"
    LAST_BILL_AMOUNT = "last_bill_amount"
    METER_CODE = "meter_code"
    MOBILE = "mobile"


@dataclass(frozen=True, slots=True)
class Account:
    """A water account 户号, as CSMS knows it. `use_class`: RES, RES_COMBINED, NONRES, SPECIAL."""

    acct_no: str
    owner_name: str
    address: str
    use_class: str
    status: str
    people_count: int
    meter_code: str | None
    prepaid_balance: Decimal


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill 账单 for one `period` (账务年月, 'YYYY-MM'). `late_fee` has accrued up to
    `late_fee_as_of`; waived late fees are already taken off."""

    bill_no: str
    acct_no: str
    period: str
    volume_m3: Decimal
    amount: Decimal
    paid: Decimal
    late_fee: Decimal
    late_fee_as_of: date
    due_date: date

    @property
    def principal_owed(self) -> Decimal:
        return self.amount - self.paid

    @property
    def owed(self) -> Decimal:
        return self.principal_owed + self.late_fee


class Csms(Protocol):
    """Reads of the exchange database 前置库 (docs/contracts/csms.md)."""

    def prove(self, acct_no: str, factor: ProofFactor, answer: str) -> Account | None:
        """The account when it exists, is open and `answer` fits; None in every other case,
        so that nobody learns whether an account exists."""
        ...

    def accounts(self, acct_nos: Sequence[str]) -> tuple[Account, ...]:
        """The accounts of these numbers in the order given; unknown numbers are left out."""
        ...

    def unpaid_bills(self, acct_nos: Sequence[str]) -> tuple[Bill, ...]:
        """Bills with something left to pay, by account (in the order given), oldest first."""
        ...

    def ping(self) -> None:
        """Returns when the database answers a query on the contract's views."""
        ...


# --- the platform's own records ------------------------------------------------------------------


class Role(StrEnum):
    OWNER = "owner"
    PAYER = "payer"
    VIEWER = "viewer"
    READER = "reader"


class BillType(StrEnum):
    WECHAT_AND_PAPER = "wechat_paper"
    WECHAT_ONLY = "wechat_only"


@dataclass(frozen=True, slots=True)
class Binding:
    """A citizen's link to an account 绑定."""

    openid: str
    acct_no: str
    role: Role
    bill_type: BillType
    factor: ProofFactor
    bound_at: datetime


@dataclass(frozen=True, slots=True)
class CitizenFollowed:
    openid: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CitizenLeft:
    """Unsubscribed 取消关注: no push may follow."""

    openid: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    openid: str
    purpose: str
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ProofFailed:
    """`key` makes the record idempotent: one failed answer counts once, however often replayed."""

    openid: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AccountsBound:
    bindings: tuple[Binding, ...]


Effect = CitizenFollowed | CitizenLeft | ConsentGiven | ProofFailed | AccountsBound


class Records(Protocol):
    """The platform's own database. `commit` is the only write."""

    def bindings(self, openid: str) -> tuple[Binding, ...]:
        """The citizen's active bindings, oldest first."""
        ...

    def owner_exists(self, acct_no: str, *, other_than: str) -> bool:
        """Whether a citizen other than this openid is bound to the account as its owner."""
        ...

    def has_consent(self, openid: str, purpose: str, version: int) -> bool: ...

    def failed_proofs(self, openid: str, since: datetime) -> int:
        """Failed proofs of ownership since then. A success does not clear them: otherwise an
        account of one's own would buy endless guesses at others."""
        ...

    def commit(self, effects: Sequence[Effect]) -> None:
        """All of them in one transaction, or none. Committing the same effects twice changes
        nothing the second time."""
        ...

    def ping(self) -> None: ...


# --- WeChat's server API -------------------------------------------------------------------------


class CustomerMessages(Protocol):
    """Customer-service messages 客服消息: only inside the window a citizen's action opened."""

    def send_text(self, openid: str, content: str) -> None:
        """Raises WechatRejected (reaction CITIZEN_UNREACHABLE: window or quota closed), or
        BackendUnavailable, with `sent=True` when WeChat may have carried it out."""
        ...


# --- state that all workers share ----------------------------------------------------------------


class SharedCache(Protocol):
    """Small strings with a lifetime, seen by every worker. Never raises: when the store is gone,
    reads answer None and writes are dropped."""

    def get(self, key: str) -> str | None: ...

    def set(self, key: str, value: str, ttl_s: float) -> None: ...

    def add(self, key: str, value: str, ttl_s: float) -> bool | None:
        """Set only when absent. True when set, False when it stood already, None: store gone."""
        ...

    def delete_if(self, key: str, value: str) -> None:
        """Delete only while it still holds this value (compare-and-invalidate)."""
        ...

    def count(self, key: str, ttl_s: float) -> int:
        """Add one and return the new count; the lifetime starts with the first. 0: store gone."""
        ...
