"""Tables of what citizens applied for and the utility wants of them: transfers 过户, spot checks
抽检."""

from sqlalchemy import Table

from sandbox.city.schema.columns import acct, day, key, metadata, whole, word

# `benefit_seq`: the benefit 优惠 of the calendar year of `done_on` that it used, 1 or 2; 0 for a
# transfer without one. `value`: the final reading of who left, whole m³. `returned_for`: why the
# application had been sent back before.
transfer = Table(
    "transfer",
    metadata,
    key("transfer_id"),
    acct(),
    whole("from_cust"),
    whole("to_cust"),
    word("kind"),
    day("done_on"),
    whole("benefit_seq"),
    whole("value", null=True),
    word("returned_for", 20, null=True),
)
# `value` is what the citizen's photo showed, whole m³. `result`: ok, adjust, field or no_answer.
spot_check = Table(
    "spot_check",
    metadata,
    key("check_id"),
    word("check_no", 20),
    acct(),
    whole("meter_id"),
    word("sample_kind"),
    day("drawn_on"),
    day("answer_by"),
    word("state", 12),
    whole("value", null=True),
    word("result", null=True),
    day("closed_on", null=True),
)
