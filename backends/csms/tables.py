"""The views of the exchange database that we read, column for column.

docs/contracts/csms.md is the same contract in words; a test holds the two together. The tables for
requests and events are in `request_tables`.
"""

from sqlalchemy import (
    CHAR,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Unicode,
)

metadata = MetaData()

account = Table(
    "wx_account",
    metadata,
    Column("acct_no", CHAR(10), primary_key=True),
    Column("owner_name", Unicode(100), nullable=True),
    Column("address", Unicode(200), nullable=False),
    Column("use_class", String(12), nullable=False),
    Column("status", String(16), nullable=False),
    Column("people_count", Integer, nullable=False),
    Column("meter_code", String(14), nullable=True),
    Column("mobile", String(11), nullable=True),
    Column("prepaid_balance", Numeric(12, 2), nullable=False),
    Column("updated_at", DateTime, nullable=False),
    Column("email", Unicode(100), nullable=True),
    Column("paper_bill", Integer, nullable=False),
)

bill = Table(
    "wx_bill",
    metadata,
    Column("bill_no", String(32), primary_key=True),
    Column("acct_no", CHAR(10), nullable=False),
    Column("period", CHAR(7), nullable=False),
    Column("period_from", Date, nullable=False),
    Column("period_to", Date, nullable=False),
    Column("volume", Numeric(10, 3), nullable=False),
    Column("amount", Numeric(12, 2), nullable=False),
    Column("paid_amount", Numeric(12, 2), nullable=False),
    Column("late_fee", Numeric(12, 2), nullable=False),
    Column("late_fee_as_of", Date, nullable=False),
    Column("opened_at", DateTime, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("status", String(12), nullable=False),
    Column("prev_value", Integer, nullable=True),
    Column("value", Integer, nullable=True),
    Column("is_estimated", Integer, nullable=False),
    Column("corrects_bill_no", String(32), nullable=True),
)

bill_line = Table(
    "wx_bill_line",
    metadata,
    Column("bill_no", String(32), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("fee_item", String(12), nullable=False),
    Column("tier_no", Integer, nullable=False),
    Column("volume", Numeric(10, 3), nullable=False),
    Column("unit_price", Numeric(8, 4), nullable=False),
    Column("amount", Numeric(12, 2), nullable=False),
)

payment = Table(
    "wx_payment",
    metadata,
    Column("pay_no", String(32), primary_key=True),
    Column("acct_no", CHAR(10), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("amount", Numeric(12, 2), nullable=False),
    Column("paid_at", DateTime, nullable=False),
    Column("state", String(12), nullable=False),
    Column("channel_txn_no", String(32), nullable=True),
)

payment_bill = Table(
    "wx_payment_bill",
    metadata,
    Column("pay_no", String(32), primary_key=True),
    Column("bill_no", String(32), primary_key=True),
    Column("period", CHAR(7), nullable=False),
    Column("principal", Numeric(12, 2), nullable=False),
    Column("late_fee", Numeric(12, 2), nullable=False),
)

meter = Table(
    "wx_meter",
    metadata,
    Column("meter_code", String(14), primary_key=True),
    Column("acct_no", CHAR(10), nullable=False),
    Column("area", String(20), nullable=False),
    Column("digits", Integer, nullable=False),
    Column("is_remote", Integer, nullable=False),
    Column("q3", Numeric(6, 2), nullable=False),
    Column("last_value", Integer, nullable=False),
    Column("last_read_on", Date, nullable=False),
    Column("next_reading_on", Date, nullable=True),
    Column("self_streak", Integer, nullable=False),
    Column("visit_due", Integer, nullable=False),
)

reading = Table(
    "wx_reading",
    metadata,
    Column("acct_no", CHAR(10), nullable=False),
    Column("meter_code", String(14), nullable=False),
    Column("period", CHAR(7), nullable=False),
    Column("prev_value", Integer, nullable=False),
    Column("prev_date", Date, nullable=False),
    Column("value", Integer, nullable=False),
    Column("read_on", Date, nullable=False),
    Column("volume", Numeric(10, 3), nullable=False),
    Column("source", String(16), nullable=False),
    Column("is_estimated", Integer, nullable=False),
)

tier = Table(
    "wx_tier",
    metadata,
    Column("acct_no", CHAR(10), primary_key=True),
    Column("use_class", String(12), nullable=False),
    Column("tier_period", String(8), nullable=False),
    Column("since", Date, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("used", Numeric(12, 3), nullable=False),
    Column("tier1_upto", Numeric(12, 3), nullable=True),
    Column("tier2_upto", Numeric(12, 3), nullable=True),
)

visit = Table(
    "wx_visit",
    metadata,
    Column("visit_no", String(20), primary_key=True),
    Column("acct_no", CHAR(10), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("state", String(12), nullable=False),
    Column("slot_on", Date, nullable=True),
    Column("band", String(16), nullable=True),
    Column("reschedules", Integer, nullable=False),
)

visit_slot = Table(
    "wx_visit_slot",
    metadata,
    Column("slot_no", String(20), primary_key=True),
    Column("area", String(20), nullable=False),
    Column("slot_on", Date, nullable=False),
    Column("band", String(16), nullable=False),
    Column("free", Integer, nullable=False),
)

real_name = Table(
    "wx_real_name",
    metadata,
    Column("acct_no", CHAR(10), primary_key=True),
    Column("holder_name", Unicode(100), nullable=False),
    Column("since", Date, nullable=False),
    Column("benefits_used", Integer, nullable=False),
    Column("benefits_allowed", Integer, nullable=False),
)

spot_check = Table(
    "wx_spot_check",
    metadata,
    Column("check_no", String(20), primary_key=True),
    Column("acct_no", CHAR(10), nullable=False),
    Column("meter_code", String(14), nullable=False),
    Column("sample_kind", String(16), nullable=False),
    Column("drawn_on", Date, nullable=False),
    Column("answer_by", Date, nullable=False),
    Column("state", String(12), nullable=False),
)
