"""The tables of the exchange database for what citizens want, and for what became of it.

We append to `wx_request`, `wx_request_file` and `wx_bill_lock`, and read `wx_event`;
docs/contracts/csms.md says who does what else with them.
"""

from sqlalchemy import (
    CHAR,
    BigInteger,
    Column,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    UnicodeText,
)

metadata = MetaData()

request = Table(
    "wx_request",
    metadata,
    Column("request_no", String(20), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("acct_no", CHAR(10), nullable=True),
    Column("about", String(32), nullable=True),
    Column("payload", UnicodeText, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("private", UnicodeText, nullable=True),
)

request_file = Table(
    "wx_request_file",
    metadata,
    Column("request_no", String(20), primary_key=True),
    Column("file_no", Integer, primary_key=True, autoincrement=False),
    Column("photo_id", String(32), nullable=False),
    Column("sha256", CHAR(64), nullable=False),
    Column("mime", String(40), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("url", String(500), nullable=False),
)

event = Table(
    "wx_event",
    metadata,
    # As CSMS gave it: BIGINT is no INTEGER that SQLite would number by itself.
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("acct_no", CHAR(10), nullable=True),
    Column("request_no", String(20), nullable=True),
    Column("ext_no", String(32), nullable=True),
    Column("data", UnicodeText, nullable=False),
)

bill_lock = Table(
    "wx_bill_lock",
    metadata,
    Column("order_no", String(32), primary_key=True),
    Column("bill_no", String(32), primary_key=True),
    Column("word", String(8), primary_key=True),
    Column("amount", Numeric(12, 2), nullable=False),
    Column("late_fee", Numeric(12, 2), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("until", DateTime, nullable=False),
)
