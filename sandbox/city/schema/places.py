"""Tables of the city itself: bookkeeping of the build, places, routes and tariffs."""

from sqlalchemy import CHAR, Column, Date, Integer, String, Table, UnicodeText

from sandbox.city.schema.columns import acct, char, day, key, metadata, text, whole, word

city_info = Table(
    "city_info",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", UnicodeText, nullable=False),
)
city_plant = Table("city_plant", metadata, Column("case", String(40), nullable=False), acct())
# The last nightly closing: late fees in the exchange views stand as of this day, and benefits are
# counted from `year_from` on, the first day of its year.
billing_day = Table(
    "billing_day", metadata, Column("day", Date, primary_key=True), day("year_from")
)

station = Table(
    "station",
    metadata,
    key("station_id"),
    char("region", 2),
    text("name", 40),
)
dma = Table("dma", metadata, key("dma_id"), whole("station_id"), text("name", 40))
community = Table(
    "community",
    metadata,
    key("community_id"),
    whole("station_id"),
    text("name", 40),
    text("street", 80),
)
route = Table(
    "route",
    metadata,
    key("route_id"),
    whole("station_id"),
    text("name", 40),
    word("cycle"),
    whole("reading_day"),
    whole("seq_count"),
)
route_calendar = Table(
    "route_calendar",
    metadata,
    Column("route_id", Integer, primary_key=True, autoincrement=False),
    Column("period", CHAR(7), primary_key=True),
    day("plan_date"),
    day("bill_date"),
    day("due_date"),
    word("status"),
)

tariff = Table(
    "tariff",
    metadata,
    key("tariff_id"),
    word("city", 32),
    word("use_class"),
    day("valid_from"),
    day("valid_to", null=True),
    word("tier_period"),
    whole("base_people"),
    whole("extra_m3"),
    word("extra_rule"),
    text("source", 120),
)
tariff_tier = Table(
    "tariff_tier", metadata, key("tariff_id"), key("tier_no"), whole("upto_m3", null=True)
)
tariff_price = Table(
    "tariff_price",
    metadata,
    key("tariff_id"),
    key("line_no"),
    word("fee_item"),
    whole("tier_no"),
    whole("price_e4"),
    whole("factor_pct"),
)
