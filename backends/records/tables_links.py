"""Bindings 绑定 and invitations 邀请.

One active binding per citizen and account, on every database: `ended_seq` is 0 while a binding is
active and the row's own id once it has ended, and (openid, acct_no, ended_seq) is unique. A
nullable key would not do (SQL Server allows one NULL only, the others many), nor would a filtered
index (SQL Server then refuses writes from sessions whose SET options differ, as with FreeTDS).
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Table,
    Unicode,
    UniqueConstraint,
    false,
)

from backends.records.base import ACCT_NO, BIG_KEY, OPENID, metadata
from backends.records.columns import UtcTime, exact_text

LONGEST_NICKNAME = 40

binding = Table(
    "binding",
    metadata,
    Column("id", BIG_KEY, autoincrement=True, nullable=False),
    Column("openid", OPENID, ForeignKey("citizen.openid"), nullable=False),
    Column("acct_no", ACCT_NO, nullable=False),
    Column("role", exact_text(20), nullable=False),
    Column("factor", exact_text(20), nullable=False),
    Column("bill_type", exact_text(20), nullable=False),
    Column("bound_at", UtcTime, nullable=False),
    # When it was last changed: an old effect replayed must not undo a new one.
    Column("changed_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime, nullable=True),
    Column("ended_seq", BIG_KEY, nullable=False),
    Column("nickname", Unicode(LONGEST_NICKNAME), nullable=False, server_default=""),
    Column("is_default", Boolean, nullable=False, server_default=false()),
    # The openid of the owner whose invitation made it; empty for a proof of one's own.
    Column("invited_by", OPENID, nullable=False, server_default=""),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("openid", "acct_no", "ended_seq"),
    Index("ix_binding_acct_no", "acct_no", "role"),
    Index("ix_binding_invited_by", "invited_by", "acct_no"),
    Index("ix_binding_ended_at", "ended_at"),
)

invite = Table(
    "invite",
    metadata,
    Column("fingerprint", exact_text(100), nullable=False),
    Column("invited_by", OPENID, ForeignKey("citizen.openid"), nullable=False),
    Column("acct_no", ACCT_NO, nullable=False),
    Column("role", exact_text(20), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("state", exact_text(12), nullable=False),
    # Who used it, and when: the same effect again is no second use.
    Column("used_by", OPENID, nullable=False),
    Column("used_at", UtcTime, nullable=True),
    PrimaryKeyConstraint("fingerprint"),
    Index("ix_invite_invited_by", "invited_by", "acct_no", "state"),
    Index("ix_invite_expires_at", "expires_at"),
)
