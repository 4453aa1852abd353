"""Tables of readings, bills, late fees and payments."""

from sqlalchemy import CHAR, Column, String, Table

from sandbox.city.schema.columns import acct, char, day, key, metadata, moment, whole, word

reading = Table(
    "reading",
    metadata,
    key("reading_id"),
    acct(),
    whole("meter_id"),
    char("period", 7),
    whole("prev_l"),
    day("prev_date"),
    whole("value_l"),
    day("read_date"),
    whole("rollover_l"),
    whole("swap_l"),
    whole("consumption_l"),
    word("source"),
    word("quality"),
    char("condition_code", 2),
    whole("self_streak"),
)
bill = Table(
    "bill",
    metadata,
    key("bill_id"),
    word("bill_no", 18),
    acct(),
    whole("reading_id"),
    whole("tariff_id"),
    char("period", 7),
    day("period_from"),
    day("period_to"),
    whole("volume_l"),
    whole("tier1_l"),
    whole("tier2_l"),
    whole("tier3_l"),
    whole("amount_fen"),
    whole("paid_fen"),
    moment("opened_at"),
    day("due_date"),
    word("status"),
    whole("is_estimated"),
    whole("corrects_bill_id", null=True),
)
late_fee = Table(
    "late_fee",
    metadata,
    key("bill_id"),
    day("from_date"),
    day("to_date"),
    whole("days"),
    whole("base_fen"),
    whole("accrued_fen"),
    whole("waived_fen"),
    whole("paid_fen"),
    whole("cap_hit"),
)

payment = Table(
    "payment",
    metadata,
    key("pay_id"),
    word("pay_no"),
    acct(),
    word("channel"),
    word("channel_txn_no", 32, null=True),
    whole("amount_fen"),
    moment("paid_at"),
    word("state"),
    whole("reverses_pay_id", null=True),
)
payment_alloc = Table(
    "payment_alloc",
    metadata,
    whole("pay_id"),
    whole("bill_id"),
    whole("late_fee_fen"),
    whole("principal_fen"),
)
prepay_ledger = Table(
    "prepay_ledger",
    metadata,
    key("ledger_id"),
    acct(),
    whole("delta_fen"),
    whole("balance_after_fen"),
    word("kind"),
    whole("ref_pay_id"),
    moment("at"),
)
# What became of each item of a WeChat transaction; `bill_no` is '' of a prepayment. `pay_id` is
# empty where all was returned, `restores` 1 where supply stopped for arrears came back.
posting = Table(
    "posting",
    metadata,
    Column("transaction_id", String(32), primary_key=True),
    Column("acct_no", CHAR(10), primary_key=True),
    Column("bill_no", String(32), primary_key=True),
    whole("posted_fen"),
    whole("credited_fen"),
    whole("returned_fen"),
    whole("pay_id", null=True),
    whole("restores"),
    moment("at"),
)
