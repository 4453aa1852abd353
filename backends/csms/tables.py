"""The views of the exchange database that we read, column for column.

docs/contracts/csms.md is the same contract in words; a test holds the two together.
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
)
