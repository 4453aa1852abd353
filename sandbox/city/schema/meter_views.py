"""The exchange views about meters, readings, tiers and visits; written like those in views.py."""

# The next turn of the account's route that is not read yet: `read_period` is the account's own, so
# that a reading taken before the route's day moves it on for this account alone. It is joined, not
# looked up for each account, so that a day's meters are found by the day: its routes, then their
# accounts. q3 is the permanent flow of the bore.
WX_METER = """
CREATE VIEW wx_meter AS
SELECT m.barcode AS meter_code, a.acct_no, s.name AS area, m.digits,
  CASE WHEN m.tech IN ('remote_nb', 'remote_lora') THEN 1 ELSE 0 END AS is_remote,
  CAST(CASE m.bore WHEN 'DN15' THEN 2.5 WHEN 'DN20' THEN 4.0 WHEN 'DN25' THEN 6.3
       WHEN 'DN40' THEN 16.0 WHEN 'DN50' THEN 25.0 ELSE 63.0 END AS NUMERIC(6,2)) AS q3,
  a.last_read_l / 1000 AS last_value, a.last_read_on,
  c.plan_date AS next_reading_on, a.self_streak,
  CASE WHEN EXISTS (SELECT 1 FROM visit v WHERE v.acct_no = a.acct_no
    AND v.state IN ('due', 'booked')) THEN 1 ELSE 0 END AS visit_due
FROM account a
JOIN meter m ON m.meter_id = a.meter_id
JOIN route r ON r.route_id = a.route_id
JOIN station s ON s.station_id = r.station_id
LEFT JOIN route_calendar c ON c.route_id = a.route_id AND c.status = 'planned'
  AND c.period > a.read_period AND NOT EXISTS (SELECT 1 FROM route_calendar e
    WHERE e.route_id = a.route_id AND e.status = 'planned' AND e.period > a.read_period
    AND e.period < c.period)
"""

# An estimate that a true reading has replaced counts no more: its bill is reversed.
WX_READING = """
CREATE VIEW wx_reading AS
SELECT r.acct_no, m.barcode AS meter_code, r.period, r.prev_l / 1000 AS prev_value, r.prev_date,
  r.value_l / 1000 AS value, r.read_date AS read_on,
  CAST(r.consumption_l / 1000.0 AS NUMERIC(10,3)) AS volume, r.source,
  CASE r.quality WHEN 'estimated' THEN 1 ELSE 0 END AS is_estimated
FROM reading r
JOIN meter m ON m.meter_id = r.meter_id
WHERE r.quality <> 'withdrawn' AND NOT EXISTS (SELECT 1 FROM bill b
  WHERE b.acct_no = r.acct_no AND b.period = r.period AND b.reading_id = r.reading_id
  AND b.status = 'reversed')
"""

WX_TIER = """
CREATE VIEW wx_tier AS
SELECT a.acct_no, a.use_class, CAST('year' AS VARCHAR(8)) AS tier_period, a.tier_since AS since,
  CASE WHEN a.last_read_on < a.tier_since THEN a.tier_since ELSE a.last_read_on END AS as_of,
  CAST(a.tier_cum_l / 1000.0 AS NUMERIC(12,3)) AS used,
  CAST(a.tier1_upto_l / 1000.0 AS NUMERIC(12,3)) AS tier1_upto,
  CAST(a.tier2_upto_l / 1000.0 AS NUMERIC(12,3)) AS tier2_upto
FROM account a
"""

WX_VISIT = """
CREATE VIEW wx_visit AS
SELECT v.visit_no, v.acct_no, v.reason, v.state, v.slot_on, v.band, v.reschedules
FROM visit v
"""

WX_VISIT_SLOT = """
CREATE VIEW wx_visit_slot AS
SELECT t.slot_no, s.name AS area, t.slot_on, t.band, t.capacity - t.taken AS free
FROM visit_slot t
JOIN station s ON s.station_id = t.station_id
"""

METER_VIEWS = {
    "wx_meter": WX_METER,
    "wx_reading": WX_READING,
    "wx_tier": WX_TIER,
    "wx_visit": WX_VISIT,
    "wx_visit_slot": WX_VISIT_SLOT,
}
