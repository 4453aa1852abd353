"""Tables of the back office: visits 预约上门 and their slots; where each request stands."""

from sqlalchemy import Column, String, Table

from sandbox.city.schema.columns import acct, day, key, metadata, moment, text, whole, word

visit = Table(
    "visit",
    metadata,
    key("visit_id"),
    word("visit_no", 20),
    acct(),
    word("reason"),
    word("state", 12),
    word("slot_no", 20, null=True),
    day("slot_on", null=True),
    word("band", null=True),
    whole("reschedules"),
    day("made_on"),
)
visit_slot = Table(
    "visit_slot",
    metadata,
    Column("slot_no", String(20), primary_key=True),
    whole("station_id"),
    day("slot_on"),
    word("band"),
    whole("capacity"),
    whole("taken"),
)
request_state = Table(
    "request_state",
    metadata,
    Column("request_no", String(20), primary_key=True),
    word("state", 12),
    moment("taken_at"),
    moment("changed_at"),
    text("remark", 200),
)
