"""In-memory doubles of the ports, held to the same contract tests as the real adapters.

`hang(event)` makes every call wait until the event is set; `fail_with(error)` makes every call
raise it, `fail_with(None)` ends that.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from backends.csms.proof import Facts, fits
from backends.ports import (
    Account,
    AccountsBound,
    Bill,
    Binding,
    CitizenFollowed,
    CitizenLeft,
    ConsentGiven,
    Effect,
    ProofFactor,
    ProofFailed,
    Role,
)


class Switches:
    def __init__(self) -> None:
        self._hang: threading.Event | None = None
        self._error: Exception | None = None

    def hang(self, event: threading.Event) -> None:
        self._hang = event

    def fail_with(self, error: Exception | None) -> None:
        self._error = error

    def ping(self) -> None:
        self._obey()

    def _obey(self) -> None:
        if self._hang is not None:
            self._hang.wait()
        if self._error is not None:
            raise self._error


class FakeCsms(Switches):
    """`bills` holds paid ones too; `reversed_bills` names the numbers of cancelled ones."""

    def __init__(
        self,
        accounts: Iterable[Account] = (),
        bills: Iterable[Bill] = (),
        *,
        mobiles: Mapping[str, str] | None = None,
        reversed_bills: Iterable[str] = (),
    ) -> None:
        super().__init__()
        reversed_nos = set(reversed_bills)
        self._accounts = {account.acct_no: account for account in accounts}
        self._bills = [bill for bill in bills if bill.bill_no not in reversed_nos]
        self._mobiles = dict(mobiles or {})

    def prove(self, acct_no: str, factor: ProofFactor, answer: str) -> Account | None:
        self._obey()
        account = self._accounts.get(acct_no)
        facts = Facts() if account is None else self._facts(account)
        return account if fits(facts, factor, answer) else None

    def accounts(self, acct_nos: Sequence[str]) -> tuple[Account, ...]:
        self._obey()
        wanted = dict.fromkeys(acct_nos)
        return tuple(self._accounts[no] for no in wanted if no in self._accounts)

    def unpaid_bills(self, acct_nos: Sequence[str]) -> tuple[Bill, ...]:
        self._obey()
        rank = {no: position for position, no in enumerate(dict.fromkeys(acct_nos))}
        unpaid = [bill for bill in self._bills if bill.acct_no in rank and bill.owed > 0]
        unpaid.sort(key=lambda bill: (rank[bill.acct_no], bill.period, bill.due_date, bill.bill_no))
        return tuple(unpaid)

    def _facts(self, account: Account) -> Facts:
        bills = [bill for bill in self._bills if bill.acct_no == account.acct_no]
        newest = max(bills, key=lambda bill: (bill.period, bill.bill_no), default=None)
        return Facts(
            status=account.status,
            owner_name=account.owner_name,
            last_bill_amount=newest.amount if newest else None,
            meter_code=account.meter_code,
            mobile=self._mobiles.get(account.acct_no),
        )


@dataclass(slots=True)
class _Citizen:
    followed_at: datetime | None = None
    left_at: datetime | None = None


@dataclass(slots=True)
class _State:
    citizens: dict[str, _Citizen] = field(default_factory=dict)
    consents: set[tuple[str, str, int]] = field(default_factory=set)
    bindings: dict[tuple[str, str], tuple[Binding, datetime]] = field(default_factory=dict)
    failures: dict[tuple[str, str], datetime] = field(default_factory=dict)


class FakeRecords(Switches):
    def __init__(self, effects: Sequence[Effect] = ()) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._state = _State()
        self.commit(effects)

    def bindings(self, openid: str) -> tuple[Binding, ...]:
        self._obey()
        with self._lock:
            found = [b for b, _ in self._state.bindings.values() if b.openid == openid]
        return tuple(sorted(found, key=lambda binding: binding.bound_at))

    def owner_exists(self, acct_no: str, *, other_than: str) -> bool:
        self._obey()
        with self._lock:
            return any(
                b.acct_no == acct_no and b.role is Role.OWNER and b.openid != other_than
                for b, _ in self._state.bindings.values()
            )

    def has_consent(self, openid: str, purpose: str, version: int) -> bool:
        self._obey()
        return (openid, purpose, version) in self._state.consents

    def failed_proofs(self, openid: str, since: datetime) -> int:
        self._obey()
        with self._lock:
            failures = self._state.failures.items()
            return sum(1 for (who, _), at in failures if who == openid and at >= since)

    def is_following(self, openid: str) -> bool:
        self._obey()
        citizen = self._state.citizens.get(openid)
        return citizen is not None and citizen.left_at is None

    def commit(self, effects: Sequence[Effect]) -> None:
        self._obey()
        with self._lock:
            for effect in effects:
                self._apply(effect)

    def _apply(self, effect: Effect) -> None:
        match effect:
            case CitizenFollowed(openid, at):
                _follow(self._citizen(openid), at)
            case CitizenLeft(openid, at):
                _leave(self._citizen(openid), at)
            case ConsentGiven(openid, purpose, version):
                self._citizen(openid)
                self._state.consents.add((openid, purpose, version))
            case ProofFailed(openid, key, at):
                self._citizen(openid)
                self._state.failures.setdefault((openid, key), at)
            case AccountsBound(bindings):
                for binding in bindings:
                    self._bind(binding)

    def _citizen(self, openid: str) -> _Citizen:
        return self._state.citizens.setdefault(openid, _Citizen())

    def _bind(self, binding: Binding) -> None:
        self._citizen(binding.openid)
        key = (binding.openid, binding.acct_no)
        first, changed_at = self._state.bindings.get(key, (binding, binding.bound_at))
        if binding.bound_at >= changed_at:
            kept = replace(binding, bound_at=first.bound_at)
            self._state.bindings[key] = (kept, binding.bound_at)


def _follow(citizen: _Citizen, at: datetime) -> None:
    if _after(at, citizen.followed_at) and _after(at, citizen.left_at):
        citizen.followed_at, citizen.left_at = at, None


def _leave(citizen: _Citizen, at: datetime) -> None:
    if _after(at, citizen.left_at) and (citizen.followed_at is None or at >= citizen.followed_at):
        citizen.left_at = at


def _after(at: datetime, earlier: datetime | None) -> bool:
    return earlier is None or at > earlier
