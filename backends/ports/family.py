"""Roles in a household: who may see and do what with an account, and how family is invited."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    OWNER = "owner"
    PAYER = "payer"
    VIEWER = "viewer"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Invite:
    """An owner's invitation 邀请. Found by the fingerprint of its code, which is kept nowhere.
    `state`: open, used or revoked; one that is past `expires_at` cannot be used either."""

    fingerprint: str
    acct_no: str
    role: Role
    invited_by: str
    made_at: datetime
    expires_at: datetime
    state: str = "open"
