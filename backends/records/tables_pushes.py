"""The ledger of notices 台账 with its runs 批次, what WeChat said of them, what citizens accepted,
and the heartbeats of cron jobs.

Each index serves one look-up, and its first columns leave out what is long done.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    UniqueConstraint,
)

from backends.records.base import ACCT_NO, BIG_KEY, OPENID, metadata
from backends.records.columns import JsonText, UtcTime, exact_text

WORKER = exact_text(64)
STATE, CHANNEL, KIND, REASON = exact_text(12), exact_text(12), exact_text(40), exact_text(40)
MOST_REASON = 40
LONGEST_FULL_KEY = 40 + 1 + 100 + 1 + 64

notification = Table(
    "notification",
    metadata,
    Column("id", BIG_KEY, autoincrement=True, nullable=False),
    Column("kind", KIND, nullable=False),
    Column("notice_key", exact_text(100), nullable=False),
    Column("openid", OPENID, ForeignKey("citizen.openid"), nullable=False),
    # All three, kind:key:openid. Hundreds of them are looked up at once, which no database can be
    # relied upon to do well by lists of keys and of openids.
    Column("full_key", exact_text(LONGEST_FULL_KEY), nullable=False),
    Column("acct_no", ACCT_NO, nullable=False),
    Column("view_values", JsonText, nullable=False),
    # None for what was planned before there were runs.
    Column("run_id", BigInteger, nullable=True),
    Column("lane", SmallInteger, nullable=False),
    Column("state", STATE, nullable=False),
    Column("channel", CHANNEL, nullable=False),
    # Since when it waits for the next step: to be sent or, once accepted, for WeChat's result.
    Column("due_at", UtcTime, nullable=False),
    # When it was due at first: what its promptness is measured from.
    Column("wanted_at", UtcTime, nullable=False),
    Column("valid_until", UtcTime, nullable=True),
    Column("attempts", Integer, nullable=False),
    Column("claimed_by", WORKER, nullable=False),
    Column("lease_until", UtcTime, nullable=True),
    Column("unsure_since", UtcTime, nullable=True),
    Column("msg_id", BigInteger, nullable=True),
    Column("reason", REASON, nullable=False),
    # How often WeChat said that it had failed, and on which channel last; empty for none.
    Column("failures", SmallInteger, nullable=False),
    Column("failed_on", CHANNEL, nullable=False),
    Column("accepted_at", UtcTime, nullable=True),
    # When WeChat last took it as a template message: each is one of the day's quota.
    Column("template_at", UtcTime, nullable=True),
    # 1 when WeChat took it within ten seconds, 0 when later, None when not (yet): counted and
    # summed up out of the index alone.
    Column("prompt", SmallInteger, nullable=True),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("full_key"),
    Index("ix_notification_state", "state", "lane", "due_at"),
    Index("ix_notification_kept", "state", "id"),
    Index("ix_notification_valid_until", "state", "valid_until"),
    Index("ix_notification_openid", "openid", "state", "accepted_at", "lane"),
    Index("ix_notification_run_id", "run_id", "state", "reason", "prompt"),
    Index("ix_notification_msg_id", "msg_id"),
    Index("ix_notification_template_at", "template_at"),
    Index("ix_notification_created_at", "created_at"),
)

push_run = Table(
    "push_run",
    metadata,
    Column("id", BIG_KEY, autoincrement=True, nullable=False),
    Column("kind", KIND, nullable=False),
    Column("day", Date, nullable=False),
    Column("state", STATE, nullable=False),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("kind", "day"),
    Index("ix_push_run_day", "day"),
)

# Results that came before WeChat's message id was known here, or that are of no message of ours.
push_result = Table(
    "push_result",
    metadata,
    Column("msg_id", BigInteger, autoincrement=False, nullable=False),
    Column("openid", OPENID, nullable=False),
    Column("result", exact_text(20), nullable=False),
    Column("parked_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("msg_id", "openid"),
    Index("ix_push_result_openid", "openid"),
    Index("ix_push_result_parked_at", "parked_at"),
)

# How many subscription notices of a template may still be sent to the citizen.
acceptance = Table(
    "acceptance",
    metadata,
    Column("openid", OPENID, ForeignKey("citizen.openid"), nullable=False),
    Column("template_id", exact_text(64), nullable=False),
    Column("left_over", Integer, nullable=False),
    # When the citizen last answered: an old answer replayed must not undo a new one.
    Column("answered_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("openid", "template_id"),
)

# Each answer counts once.
subscription_answer = Table(
    "subscription_answer",
    metadata,
    Column("openid", OPENID, ForeignKey("citizen.openid"), nullable=False),
    Column("answer_key", exact_text(200), nullable=False),
    Column("answered_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("openid", "answer_key"),
    Index("ix_subscription_answer_answered_at", "answered_at"),
)

job_run = Table(
    "job_run",
    metadata,
    Column("id", BIG_KEY, autoincrement=True, nullable=False),
    Column("name", KIND, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("beat_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime, nullable=True),
    Column("outcome", STATE, nullable=False),
    Column("counts", JsonText, nullable=False),
    PrimaryKeyConstraint("id"),
    Index("ix_job_run_name", "name", "id"),
)
