"""What the platform knows of a citizen: links to accounts, consents, what they subscribe to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backends.ports.csms import ProofFactor
from backends.ports.family import Role


class BillType(StrEnum):
    WECHAT_AND_PAPER = "wechat_paper"
    WECHAT_ONLY = "wechat_only"


class Topic(StrEnum):
    """What can be subscribed to 订阅. Outages and water quality are only for who asked; the others
    are told unless the citizen has said 退订."""

    OUTAGE = "outage"
    WATER_QUALITY = "water_quality"
    BILL = "bill"
    DUE = "due"
    READING = "reading"
    NEWS = "news"


ONLY_ON_REQUEST = (Topic.OUTAGE, Topic.WATER_QUALITY)
"""Topics that are told only to who has asked for them."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A citizen's link to an account 绑定. `nickname`: what the citizen calls it. `is_default`: at
    most one of a citizen's. `invited_by`: the openid of the owner whose invitation made it."""

    openid: str
    acct_no: str
    role: Role
    bill_type: BillType
    factor: ProofFactor
    bound_at: datetime
    nickname: str = ""
    is_default: bool = False
    invited_by: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    purpose: str
    version: int
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much of a citizen is kept: counts, for 我的数据. `acceptances`: templates of subscription
    notices that were ever accepted or refused."""

    photos: int
    documents: int
    submissions: int
    submissions_open: int
    notices: int
    acceptances: int
    orders: int
