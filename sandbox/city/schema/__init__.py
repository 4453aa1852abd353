"""Base tables of the CSMS stand-in, their indexes and the exchange views the server reads."""

from sqlalchemy import Index

from sandbox.city.schema.accounts import account, meter, meter_change, people_adjust
from sandbox.city.schema.billing import (
    bill,
    payment,
    payment_alloc,
    posting,
    prepay_ledger,
    reading,
)
from sandbox.city.schema.columns import metadata
from sandbox.city.schema.exchange import (
    event_number,
    wx_bill_lock,
    wx_event,
    wx_request,
    wx_request_file,
)
from sandbox.city.schema.field_work import request_state, visit, visit_slot
from sandbox.city.schema.holders import real_name
from sandbox.city.schema.places import city_plant, route_calendar
from sandbox.city.schema.service import spot_check, transfer

# Built after the load: one sort is several times cheaper than keeping them up row by row.
INDEXES = (
    Index("ix_bill_acct", bill.c.acct_no, bill.c.period),
    Index("ux_bill_no", bill.c.bill_no, unique=True),
    Index("ix_bill_due", bill.c.due_date, bill.c.status, bill.c.bill_no),
    Index("ix_bill_opened", bill.c.opened_at, bill.c.bill_no),
    Index("ix_reading_acct", reading.c.acct_no, reading.c.period),
    Index("ix_payment_acct", payment.c.acct_no, payment.c.paid_at),
    Index("ux_pay_no", payment.c.pay_no, unique=True),
    Index("ix_payment_day", payment.c.channel, payment.c.paid_at, payment.c.pay_no),
    Index("ix_payment_txn", payment.c.channel_txn_no),
    Index("ix_alloc_pay", payment_alloc.c.pay_id),
    Index("ix_alloc_bill", payment_alloc.c.bill_id),
    Index("ix_meter_acct", meter.c.acct_no),
    Index("ux_meter_barcode", meter.c.barcode, unique=True),
    Index("ix_meter_change_acct", meter_change.c.acct_no),
    Index("ix_real_name_acct", real_name.c.acct_no),
    Index("ix_prepay_acct", prepay_ledger.c.acct_no),
    Index("ix_people_acct", people_adjust.c.acct_no),
    Index("ix_account_cust", account.c.cust_id),
    Index("ix_account_route", account.c.route_id),
    Index("ix_route_calendar_day", route_calendar.c.plan_date, route_calendar.c.status),
    Index("ix_plant_case", city_plant.c.case),
    Index("ix_visit_acct", visit.c.acct_no),
    Index("ux_visit_no", visit.c.visit_no, unique=True),
    Index("ix_visit_state", visit.c.state, visit.c.visit_no),
    Index("ix_visit_day", visit.c.slot_on, visit.c.state, visit.c.visit_no),
    Index("ix_visit_slot_day", visit_slot.c.station_id, visit_slot.c.slot_on),
    Index("ix_transfer_acct", transfer.c.acct_no),
    Index("ix_bill_lock", wx_bill_lock.c.bill_no),
    Index("ix_spot_check_acct", spot_check.c.acct_no),
    Index("ux_check_no", spot_check.c.check_no, unique=True),
    Index("ix_spot_check_state", spot_check.c.state, spot_check.c.check_no),
)

EXCHANGE_TABLES = (wx_request, wx_request_file, wx_event, wx_bill_lock)
"""What the server writes to and takes events from; with the views, all that it knows."""

__all__ = [
    "EXCHANGE_TABLES",
    "INDEXES",
    "event_number",
    "metadata",
    "posting",
    "real_name",
    "request_state",
    "spot_check",
    "transfer",
    "visit",
    "visit_slot",
    "wx_bill_lock",
    "wx_event",
    "wx_request",
    "wx_request_file",
]
