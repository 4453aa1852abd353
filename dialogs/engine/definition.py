"""How a dialog is written down: steps that wait for the citizen, decisions, and ends.

A step reads an answer (`Ok` or `Bad`), decides, and names an outcome; `leads_to` says which state
follows. Wording is not here: each state's words are `templates/replies/<dialog>/<state>.j2`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Protocol

from backends.ports import (
    Bulletins,
    Content,
    Csms,
    Effect,
    Hotline,
    OrderBook,
    Photos,
    ProofFactor,
    Records,
    Secrets,
)
from dialogs.billing.tariff import Tariffs
from dialogs.engine.inbound import Inbound, Kind
from dialogs.engine.wording import Wording


@dataclass(frozen=True, slots=True)
class Ok:
    value: Any


@dataclass(frozen=True, slots=True)
class Bad:
    """The answer does not do. `reason` picks the words; `effects` are committed all the same."""

    reason: str
    show: Mapping[str, Any] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Go:
    """The answer does. `keep` is merged into the dialog's data, `show` is for this reply only,
    `then` names the dialog that follows an end (it starts with `hand_over` as its data).
    `forget_path` closes the way back. `unlocks`: the query password 查询密码 has been given."""

    outcome: str
    keep: Mapping[str, Any] = field(default_factory=dict)
    show: Mapping[str, Any] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
    then: str = ""
    hand_over: Mapping[str, Any] = field(default_factory=dict)
    forget_path: bool = False
    unlocks: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """What the utility has decided, as far as conversations need it. `takes_photos`,
    `takes_faults`, `takes_documents`, `takes_payments`: what those need is set up. A payment order
    can be paid for as long as `order_lives`; `order_link` makes the address of its page from its
    number and the end of that time. A self reading is taken from
    `reading_days_before` the reading day to `reading_days_after` it. `query_password`: off,
    optional or required. `website_url` is '' where there is none."""

    utility_name: str
    hotline: str
    proof_factor: ProofFactor
    account_no_digits: int
    account_no_check: bool
    proof_failures_allowed: int
    proof_lock: timedelta
    consent_version: int
    accounts_per_citizen: int
    human_open: time
    human_close: time
    public_url: str
    takes_photos: bool
    takes_faults: bool
    takes_documents: bool
    takes_payments: bool
    order_lives: timedelta
    order_link: Callable[[str, datetime], str]
    query_password: str
    website_url: str
    reading_days_before: int
    reading_days_after: int
    tariffs: Tariffs


class Backends(Protocol):
    """What a decision may ask. Reads only: what must change is an effect."""

    @property
    def csms(self) -> Csms: ...

    @property
    def records(self) -> Records: ...

    @property
    def photos(self) -> Photos: ...

    @property
    def hotline(self) -> Hotline: ...

    @property
    def secrets(self) -> Secrets: ...

    @property
    def bulletins(self) -> Bulletins: ...

    @property
    def content(self) -> Content: ...

    @property
    def orders(self) -> OrderBook: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything a decision may look at. `key` names this answer in this run: replaying the
    message gives the same key, so it makes effects idempotent. `now` is in the city's time.
    `attempts`: answers to this question that did not do, before this one."""

    inbound: Inbound
    now: datetime
    key: str
    data: Mapping[str, Any]
    ask: Backends
    policy: Policy
    attempts: int = 0

    @property
    def openid(self) -> str:
        return self.inbound.openid

    @property
    def today(self) -> date:
        """Due dates are days in the city."""
        return self.now.date()


Read = Callable[[Turn, Wording, str], Ok | Bad]
Decide = Callable[[Turn, Any], Go | Bad]
Choices = Callable[[Mapping[str, Any]], tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Reader:
    """How a step reads its answer. `wants` is the kind of answer, for the words when another kind
    came; `reasons` are the refusals it may give, `choices` (value, label) pairs made from data."""

    wants: str
    read: Read
    reasons: tuple[str, ...] = ()
    choices: Choices | None = None
    options: tuple[str, ...] = ()
    confirms: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """`picture`: shown beside the question when it is asked for the first time (web/pictures/)."""

    reads: Reader
    decide: Decide
    leads_to: Mapping[str, str]
    refuses: tuple[str, ...] = ()
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """The decision before the first question. It gets no answer: its value is None. Unless it
    `hears`: then it gets the option of that step which the message names already (水管爆了)."""

    decide: Decide
    leads_to: Mapping[str, str]
    hears: str = ""


class Exit(StrEnum):
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Dialog:
    """`revision` must rise whenever steps, outcomes or data change (a test compares the shape).
    `hears`: a text that fits this pattern asks for the dialog, like one of its keywords.
    `glance`: it shows how things stand, so it is never parked, and asked for again it looks anew.
    `welcomes`: what, sent when nothing is under way, is probably meant for this dialog.
    `private`: it shows or changes what only a holder should see, so the query password comes
    before it (`dialogs.engine.privacy`)."""

    name: str
    revision: int
    opens: Opening
    steps: Mapping[str, Step]
    ends: Mapping[str, Exit]
    lives: timedelta = field(default=timedelta(minutes=30))
    hears: re.Pattern[str] | None = None
    glance: bool = False
    welcomes: tuple[Kind, ...] = ()
    private: bool = False
