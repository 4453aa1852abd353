"""The views of the stand-in: `bill_line`, `arrears`, and the exchange views wx_* the server reads
(meters, readings and visits are in meter_views.py, holders and spot checks in holder_views.py).

One text for every database: only whole-number arithmetic, CASE, CAST and COALESCE, which SQLite,
PostgreSQL and SQL Server read alike (whole-number division truncates on all three).
"""

from sandbox.city.schema.holder_views import HOLDER_VIEWS
from sandbox.city.schema.meter_views import METER_VIEWS

# The lines of a bill are derived, not stored: they follow from the bill's tier volumes and the
# tariff version it was charged with, in whole numbers, so they cannot disagree with its amount.
# tier_no 0 is a fee on the whole volume. The quantity is rounded to the litre, the amount to the
# fen, both half up and away from zero, so a reversal's lines mirror the original's.
BILL_LINE = """
CREATE VIEW bill_line AS
SELECT q.bill_id, q.bill_no, q.line_no, q.fee_item, q.tier_no, q.quantity_l, q.price_e4,
  CASE WHEN q.quantity_l >= 0 THEN (q.quantity_l * q.price_e4 + 50000) / 100000
       ELSE -((-q.quantity_l * q.price_e4 + 50000) / 100000) END AS amount_fen
FROM (
  SELECT v.bill_id, v.bill_no, v.line_no, v.fee_item, v.tier_no, v.price_e4,
    CASE WHEN v.volume_l >= 0 THEN (v.volume_l * v.factor_pct + 50) / 100
         ELSE -((-v.volume_l * v.factor_pct + 50) / 100) END AS quantity_l
  FROM (
    SELECT b.bill_id, b.bill_no, p.line_no, p.fee_item, p.tier_no, p.price_e4, p.factor_pct,
      CAST(CASE p.tier_no WHEN 0 THEN b.volume_l WHEN 1 THEN b.tier1_l
           WHEN 2 THEN b.tier2_l ELSE b.tier3_l END AS BIGINT) AS volume_l
    FROM bill b JOIN tariff_price p ON p.tariff_id = b.tariff_id
  ) v WHERE v.volume_l <> 0
) q
"""

ARREARS = """
CREATE VIEW arrears AS
SELECT b.acct_no, b.bill_id, b.bill_no, b.period, b.due_date,
  b.amount_fen - b.paid_fen AS principal_fen
FROM bill b CROSS JOIN billing_day d
WHERE b.status IN ('open', 'partly') AND b.due_date < d.day AND b.amount_fen > b.paid_fen
"""

WX_ACCOUNT = """
CREATE VIEW wx_account AS
SELECT a.acct_no, a.owner_name, a.address, a.use_class, a.status, a.people_count,
  m.barcode AS meter_code, c.mobile,
  CAST(a.prepaid_fen / 100.0 AS NUMERIC(12,2)) AS prepaid_balance,
  a.updated_at, c.email, a.paper_bill
FROM account a
JOIN customer c ON c.cust_id = a.cust_id
LEFT JOIN meter m ON m.meter_id = a.meter_id
"""

WX_BILL = """
CREATE VIEW wx_bill AS
SELECT b.bill_no, b.acct_no, b.period, b.period_from, b.period_to,
  CAST(b.volume_l / 1000.0 AS NUMERIC(10,3)) AS volume,
  CAST(b.amount_fen / 100.0 AS NUMERIC(12,2)) AS amount,
  CAST(b.paid_fen / 100.0 AS NUMERIC(12,2)) AS paid_amount,
  CAST(COALESCE(f.accrued_fen - f.waived_fen - f.paid_fen, 0) / 100.0 AS NUMERIC(12,2)) AS late_fee,
  d.day AS late_fee_as_of, b.opened_at, b.due_date, b.status,
  CASE r.swap_l WHEN 0 THEN r.prev_l / 1000 END AS prev_value,
  CASE r.swap_l WHEN 0 THEN r.value_l / 1000 END AS value,
  b.is_estimated, w.bill_no AS corrects_bill_no
FROM bill b
CROSS JOIN billing_day d
LEFT JOIN late_fee f ON f.bill_id = b.bill_id
LEFT JOIN reading r ON r.reading_id = b.reading_id
LEFT JOIN bill w ON w.bill_id = b.corrects_bill_id
"""

WX_BILL_LINE = """
CREATE VIEW wx_bill_line AS
SELECT l.bill_no, l.line_no, l.fee_item, l.tier_no,
  CAST(l.quantity_l / 1000.0 AS NUMERIC(10,3)) AS volume,
  CAST(l.price_e4 / 10000.0 AS NUMERIC(8,4)) AS unit_price,
  CAST(l.amount_fen / 100.0 AS NUMERIC(12,2)) AS amount
FROM bill_line l
"""

# A payment that was taken back stays, as reversed; its negative is the books' own affair.
WX_PAYMENT = """
CREATE VIEW wx_payment AS
SELECT p.pay_no, p.acct_no, p.channel, CAST(p.amount_fen / 100.0 AS NUMERIC(12,2)) AS amount,
  p.paid_at, p.state, p.channel_txn_no
FROM payment p
WHERE p.reverses_pay_id IS NULL
"""

WX_PAYMENT_BILL = """
CREATE VIEW wx_payment_bill AS
SELECT p.pay_no, b.bill_no, b.period,
  CAST(a.principal_fen / 100.0 AS NUMERIC(12,2)) AS principal,
  CAST(a.late_fee_fen / 100.0 AS NUMERIC(12,2)) AS late_fee
FROM payment p
JOIN payment_alloc a ON a.pay_id = p.pay_id
JOIN bill b ON b.bill_id = a.bill_id
WHERE p.reverses_pay_id IS NULL
"""

VIEWS = {
    "bill_line": BILL_LINE,
    "arrears": ARREARS,
    "wx_account": WX_ACCOUNT,
    "wx_bill": WX_BILL,
    "wx_bill_line": WX_BILL_LINE,
    "wx_payment": WX_PAYMENT,
    "wx_payment_bill": WX_PAYMENT_BILL,
    **METER_VIEWS,
    **HOLDER_VIEWS,
}
