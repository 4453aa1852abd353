"""Conversations: the engine, and one file per dialog. Pure: no Redis, SQL, HTTP, Jinja or clock."""

from dialogs.account_names import ACCOUNT_NAMES
from dialogs.arrears import ARREARS
from dialogs.authenticity import AUTHENTICITY
from dialogs.bill_change import BILL_CHANGE
from dialogs.bill_history import BILL_HISTORY
from dialogs.bill_type import BILL_TYPE
from dialogs.bind_account import BIND_ACCOUNT
from dialogs.book_visit import BOOK_VISIT
from dialogs.complaint import COMPLAINT
from dialogs.connection import CONNECTION
from dialogs.consult import CONSULT
from dialogs.contact_details import CONTACT_DETAILS
from dialogs.engine.definition import Dialog
from dialogs.family import FAMILY
from dialogs.full_number import FULL_NUMBER
from dialogs.join_family import JOIN_FAMILY
from dialogs.latest_bill import LATEST_BILL
from dialogs.my_accounts import MY_ACCOUNTS
from dialogs.my_data import MY_DATA
from dialogs.news import NEWS
from dialogs.official_site import OFFICIAL_SITE
from dialogs.outages import OUTAGES
from dialogs.outlets import OUTLETS
from dialogs.override import OVERRIDE
from dialogs.pay import PAY
from dialogs.payment_history import PAYMENT_HISTORY
from dialogs.price_explained import PRICE_EXPLAINED
from dialogs.progress import PROGRESS
from dialogs.query_password import QUERY_PASSWORD
from dialogs.real_name import REAL_NAME
from dialogs.report_fault import REPORT_FAULT
from dialogs.self_reading import SELF_READING
from dialogs.spot_check import SPOT_CHECK
from dialogs.subscriptions import SUBSCRIPTIONS
from dialogs.tier_usage import TIER_USAGE
from dialogs.unbind import UNBIND
from dialogs.water_quality import WATER_QUALITY
from dialogs.ways_to_pay import WAYS_TO_PAY

REGISTRY: dict[str, Dialog] = {
    dialog.name: dialog
    for dialog in (
        BIND_ACCOUNT,
        UNBIND,
        REAL_NAME,
        OVERRIDE,
        MY_ACCOUNTS,
        CONTACT_DETAILS,
        BILL_TYPE,
        ACCOUNT_NAMES,
        FAMILY,
        JOIN_FAMILY,
        SUBSCRIPTIONS,
        MY_DATA,
        ARREARS,
        PAY,
        LATEST_BILL,
        BILL_HISTORY,
        BILL_CHANGE,
        PAYMENT_HISTORY,
        TIER_USAGE,
        SELF_READING,
        BOOK_VISIT,
        REPORT_FAULT,
        PROGRESS,
        COMPLAINT,
        CONSULT,
        OUTLETS,
        WAYS_TO_PAY,
        PRICE_EXPLAINED,
        NEWS,
        OFFICIAL_SITE,
        AUTHENTICITY,
        OUTAGES,
        WATER_QUALITY,
        SPOT_CHECK,
        CONNECTION,
        QUERY_PASSWORD,
        FULL_NUMBER,
    )
}
