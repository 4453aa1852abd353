"""The exchange tables 前置库: what citizens ask, and what became of it (docs/contracts/csms.md).

The server appends requests and locks of bills and reads events; the back office (sandbox/office)
does the opposite.
"""

from sqlalchemy import CHAR, BigInteger, Column, Integer, Numeric, String, Table, UnicodeText

from sandbox.city.schema.columns import key, metadata, moment, whole, word

wx_request = Table(
    "wx_request",
    metadata,
    Column("request_no", String(20), primary_key=True),
    word("kind"),
    Column("acct_no", CHAR(10), nullable=True),
    word("about", 32, null=True),
    Column("payload", UnicodeText, nullable=False),
    moment("created_at"),
    Column("private", UnicodeText, nullable=True),
)
wx_request_file = Table(
    "wx_request_file",
    metadata,
    Column("request_no", String(20), primary_key=True),
    Column("file_no", Integer, primary_key=True, autoincrement=False),
    word("photo_id", 32),
    Column("sha256", CHAR(64), nullable=False),
    word("mime", 40),
    whole("size_bytes"),
    word("url", 500),
)
wx_event = Table(
    "wx_event",
    metadata,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    word("kind", 32),
    moment("at"),
    Column("acct_no", CHAR(10), nullable=True),
    word("request_no", 20, null=True),
    word("ext_no", 32, null=True),
    Column("data", UnicodeText, nullable=False),
)
wx_bill_lock = Table(
    "wx_bill_lock",
    metadata,
    Column("order_no", String(32), primary_key=True),
    Column("bill_no", String(32), primary_key=True),
    Column("word", String(8), primary_key=True),
    Column("amount", Numeric(12, 2), nullable=False),
    Column("late_fee", Numeric(12, 2), nullable=False),
    moment("at"),
    moment("until"),
)
# One row. Whoever writes events holds it until the commit, so that they are seen in order.
event_number = Table(
    "event_number", metadata, key("id"), Column("last", BigInteger, nullable=False)
)
