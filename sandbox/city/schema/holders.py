"""Table of who was verified as the holder of an account: real names 实名."""

from sqlalchemy import Table

from sandbox.city.schema.columns import acct, day, key, metadata, whole, word

# `current`: verified, at most one for each account. `history`: former holders. `pending`: claimed,
# not verified; beside a current one it is somebody else's claim.
real_name = Table(
    "real_name",
    metadata,
    key("rec_id"),
    acct(),
    whole("cust_id"),
    word("state", 12),
    word("verified_by", 20, null=True),
    day("verified_on", null=True),
    day("ended_on", null=True),
)
