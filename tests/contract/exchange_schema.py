"""The tables of a utility of our own invention, with the indexes that the contract asks for, the
views over them, and the four tables it shares with the platform."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Unicode,
)

base = MetaData()

accounts = Table(
    "cis_account",
    base,
    Column("acct_no", String(10), primary_key=True),
    Column("owner_name", Unicode(100)),
    Column("address", Unicode(200), nullable=False),
    Column("use_class", String(12), nullable=False),
    Column("status", String(16), nullable=False),
    Column("people_count", Integer, nullable=False),
    Column("meter_code", String(14)),
    Column("mobile", String(11)),
    Column("prepaid_balance", Numeric(12, 2), nullable=False),
    Column("updated_at", DateTime, nullable=False),
    Column("email", Unicode(100)),
    Column("bill_by", String(8), nullable=False),
)
bills = Table(
    "cis_bill",
    base,
    Column("bill_no", String(32), primary_key=True),
    Column("acct_no", String(10), nullable=False),
    Column("period", String(7), nullable=False),
    Column("period_from", Date, nullable=False),
    Column("period_to", Date, nullable=False),
    Column("volume", Numeric(10, 3), nullable=False),
    Column("amount", Numeric(12, 2), nullable=False),
    Column("paid_amount", Numeric(12, 2), nullable=False),
    Column("late_fee_accrued", Numeric(12, 2), nullable=False),
    Column("late_fee_waived", Numeric(12, 2), nullable=False),
    Column("late_fee_as_of", Date, nullable=False),
    Column("opened_at", DateTime, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("status", String(12), nullable=False),
    Column("prev_value", Integer),
    Column("value", Integer),
    Column("quality", String(12), nullable=False),
    Column("corrects_bill_no", String(32)),
    Index("cis_bill_status", "acct_no", "status"),
    Index("cis_bill_period", "acct_no", "period"),
    Index("cis_bill_due", "due_date", "status", "bill_no"),
    Index("cis_bill_opened", "opened_at", "bill_no"),
)
lines = Table(
    "cis_bill_line",
    base,
    Column("bill_no", String(32), primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("fee_item", String(12), nullable=False),
    Column("tier_no", Integer, nullable=False),
    Column("volume", Numeric(10, 3), nullable=False),
    Column("unit_price", Numeric(8, 4), nullable=False),
    Column("amount", Numeric(12, 2), nullable=False),
)
payments = Table(
    "cis_payment",
    base,
    Column("pay_no", String(32), primary_key=True),
    Column("acct_no", String(10), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("amount", Numeric(12, 2), nullable=False),
    Column("paid_at", DateTime, nullable=False),
    Column("state", String(12), nullable=False),
    Column("channel_txn_no", String(32)),
    Index("cis_payment_acct", "acct_no", "paid_at"),
    Index("cis_payment_day", "channel", "paid_at", "pay_no"),
    Index("cis_payment_txn", "channel_txn_no"),
)
paid_bills = Table(
    "cis_payment_bill",
    base,
    Column("pay_no", String(32), primary_key=True),
    Column("bill_no", String(32), primary_key=True),
    Column("period", String(7), nullable=False),
    Column("principal", Numeric(12, 2), nullable=False),
    Column("late_fee", Numeric(12, 2), nullable=False),
)
tiers = Table(
    "cis_tier",
    base,
    Column("acct_no", String(10), primary_key=True),
    Column("use_class", String(12), nullable=False),
    Column("tier_period", String(8), nullable=False),
    Column("since", Date, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("used", Numeric(12, 3), nullable=False),
    Column("tier1_upto", Numeric(12, 3)),
    Column("tier2_upto", Numeric(12, 3)),
)
meters = Table(
    "cis_meter",
    base,
    Column("meter_code", String(14), primary_key=True),
    Column("acct_no", String(10), nullable=False),
    Column("area", String(20), nullable=False),
    Column("digits", Integer, nullable=False),
    Column("technique", String(12), nullable=False),
    Column("q3", Numeric(6, 2), nullable=False),
    Column("last_value", Integer, nullable=False),
    Column("last_read_on", Date, nullable=False),
    Column("next_reading_on", Date),
    Column("self_streak", Integer, nullable=False),
    Column("visit_due", Integer, nullable=False),
    Index("cis_meter_acct", "acct_no"),
    Index("cis_meter_turn", "next_reading_on", "meter_code"),
)
readings = Table(
    "cis_reading",
    base,
    Column("reading_id", Integer, primary_key=True),
    Column("acct_no", String(10), nullable=False),
    Column("meter_code", String(14), nullable=False),
    Column("period", String(7), nullable=False),
    Column("prev_value", Integer, nullable=False),
    Column("prev_date", Date, nullable=False),
    Column("value", Integer, nullable=False),
    Column("read_on", Date, nullable=False),
    Column("volume", Numeric(10, 3), nullable=False),
    Column("source", String(16), nullable=False),
    Column("is_estimated", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Index("cis_reading_acct", "acct_no", "read_on"),
)
visits = Table(
    "cis_visit",
    base,
    Column("visit_no", String(20), primary_key=True),
    Column("acct_no", String(10), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("state", String(12), nullable=False),
    Column("slot_on", Date),
    Column("band", String(16)),
    Column("reschedules", Integer, nullable=False),
    Index("cis_visit_acct", "acct_no"),
    Index("cis_visit_state", "state", "visit_no"),
    Index("cis_visit_day", "slot_on", "state", "visit_no"),
)
slots = Table(
    "cis_slot",
    base,
    Column("slot_no", String(20), primary_key=True),
    Column("area", String(20), nullable=False),
    Column("slot_on", Date, nullable=False),
    Column("band", String(16), nullable=False),
    Column("places", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Index("cis_slot_area", "area", "slot_on"),
)
holders = Table(
    "cis_holder",
    base,
    Column("acct_no", String(10), primary_key=True),
    Column("verified_on", Date, primary_key=True),
    Column("name", Unicode(100), nullable=False),
    Column("is_current", Integer, nullable=False),
    Column("benefits", Integer, nullable=False),
)
checks = Table(
    "cis_check",
    base,
    Column("check_no", String(20), primary_key=True),
    Column("acct_no", String(10), nullable=False),
    Column("meter_code", String(14), nullable=False),
    Column("sample_kind", String(16), nullable=False),
    Column("drawn_on", Date, nullable=False),
    Column("answer_by", Date, nullable=False),
    Column("state", String(12), nullable=False),
    Index("cis_check_acct", "acct_no"),
    Index("cis_check_state", "state", "check_no"),
)
requests = Table(
    "wx_request",
    base,
    Column("request_no", String(20), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("acct_no", String(10)),
    Column("about", String(32)),
    Column("payload", Text, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("private", Text),
)
request_files = Table(
    "wx_request_file",
    base,
    Column("request_no", String(20), primary_key=True),
    Column("file_no", Integer, primary_key=True, autoincrement=False),
    Column("photo_id", String(32), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("mime", String(40), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("url", String(500), nullable=False),
)
events = Table(
    "wx_event",
    base,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("acct_no", String(10)),
    Column("request_no", String(20)),
    Column("ext_no", String(32)),
    Column("data", Text, nullable=False),
)
bill_locks = Table(
    "wx_bill_lock",
    base,
    Column("order_no", String(32), primary_key=True),
    Column("bill_no", String(32), primary_key=True),
    Column("word", String(8), primary_key=True),
    Column("amount", Numeric(12, 2), nullable=False),
    Column("late_fee", Numeric(12, 2), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("until", DateTime, nullable=False),
)

VIEWS = (
    "CREATE VIEW wx_account AS SELECT acct_no, owner_name, address, use_class, status, "
    "people_count, meter_code, mobile, prepaid_balance, updated_at, email, "
    "CASE bill_by WHEN 'paper' THEN 1 ELSE 0 END AS paper_bill FROM cis_account",
    "CREATE VIEW wx_bill AS SELECT bill_no, acct_no, period, period_from, period_to, volume, "
    "amount, paid_amount, late_fee_accrued - late_fee_waived AS late_fee, late_fee_as_of, "
    "opened_at, due_date, status, prev_value, value, "
    "CASE quality WHEN 'estimated' THEN 1 ELSE 0 END AS is_estimated, corrects_bill_no "
    "FROM cis_bill",
    "CREATE VIEW wx_bill_line AS SELECT bill_no, line_no, fee_item, tier_no, volume, unit_price, "
    "amount FROM cis_bill_line",
    "CREATE VIEW wx_payment AS SELECT pay_no, acct_no, channel, amount, paid_at, state, "
    "channel_txn_no FROM cis_payment WHERE state IN ('paid', 'refunded', 'reversed')",
    "CREATE VIEW wx_payment_bill AS SELECT pay_no, bill_no, period, principal, late_fee "
    "FROM cis_payment_bill",
    "CREATE VIEW wx_tier AS SELECT acct_no, use_class, tier_period, since, as_of, used, "
    "tier1_upto, tier2_upto FROM cis_tier",
    "CREATE VIEW wx_meter AS SELECT meter_code, acct_no, area, digits, "
    "CASE technique WHEN 'nb' THEN 1 ELSE 0 END AS is_remote, q3, last_value, last_read_on, "
    "next_reading_on, self_streak, visit_due FROM cis_meter",
    "CREATE VIEW wx_reading AS SELECT acct_no, meter_code, period, prev_value, prev_date, value, "
    "read_on, volume, source, is_estimated FROM cis_reading WHERE state = 'counted'",
    "CREATE VIEW wx_visit AS SELECT visit_no, acct_no, reason, state, slot_on, band, reschedules "
    "FROM cis_visit",
    "CREATE VIEW wx_visit_slot AS SELECT slot_no, area, slot_on, band, places - taken AS free "
    "FROM cis_slot",
    "CREATE VIEW wx_real_name AS SELECT acct_no, name AS holder_name, verified_on AS since, "
    "benefits AS benefits_used, 2 AS benefits_allowed FROM cis_holder WHERE is_current = 1",
    "CREATE VIEW wx_spot_check AS SELECT check_no, acct_no, meter_code, sample_kind, drawn_on, "
    "answer_by, state FROM cis_check",
)
