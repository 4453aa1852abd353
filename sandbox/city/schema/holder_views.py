"""The exchange views about real names and spot checks; written like those in views.py."""

BENEFITS_A_YEAR = 2
"""Transfers 过户 of an account that have the benefit 优惠 in a calendar year."""

WX_REAL_NAME = f"""
CREATE VIEW wx_real_name AS
SELECT r.acct_no, c.name AS holder_name, r.verified_on AS since,
  (SELECT COUNT(*) FROM transfer t WHERE t.acct_no = r.acct_no
    AND t.benefit_seq > 0 AND t.done_on >= d.year_from) AS benefits_used,
  {BENEFITS_A_YEAR} AS benefits_allowed
FROM real_name r
CROSS JOIN billing_day d
JOIN customer c ON c.cust_id = r.cust_id
WHERE r.state = 'current'
"""  # noqa: S608 - our own number

WX_SPOT_CHECK = """
CREATE VIEW wx_spot_check AS
SELECT s.check_no, s.acct_no, m.barcode AS meter_code, s.sample_kind, s.drawn_on, s.answer_by,
  s.state
FROM spot_check s
JOIN meter m ON m.meter_id = s.meter_id
"""

HOLDER_VIEWS = {"wx_real_name": WX_REAL_NAME, "wx_spot_check": WX_SPOT_CHECK}
