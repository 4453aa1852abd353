"""The back office 业务后台 of the CSMS stand-in: what its staff do with citizens' requests.

Functions over a SQLAlchemy engine on a city's database. Each is one transaction and tells what
became of a request as events of the exchange database; what cannot be done is an `OfficeError`.
"""

from sandbox.office.approvals import approve
from sandbox.office.auto import answer_everything
from sandbox.office.cashier import pay_at_counter
from sandbox.office.checks import (
    adjust_check,
    check_on_site,
    draw_at_random,
    draw_checks,
    pass_check,
    retake_check,
)
from sandbox.office.connections import advance
from sandbox.office.errors import BadEntry, NoSuchThing, OfficeError
from sandbox.office.listing import dial, events, visits
from sandbox.office.queueing import queue
from sandbox.office.review import accept_reading, modify_reading, open_bill, reject_reading
from sandbox.office.sending_back import send_back, turn_down
from sandbox.office.takings import take_requests
from sandbox.office.visiting import make_visit_due, visit_done, visit_missed

__all__ = [
    "BadEntry",
    "NoSuchThing",
    "OfficeError",
    "accept_reading",
    "adjust_check",
    "advance",
    "answer_everything",
    "approve",
    "check_on_site",
    "dial",
    "draw_at_random",
    "draw_checks",
    "events",
    "make_visit_due",
    "modify_reading",
    "open_bill",
    "pass_check",
    "pay_at_counter",
    "queue",
    "reject_reading",
    "retake_check",
    "send_back",
    "take_requests",
    "turn_down",
    "visit_done",
    "visit_missed",
    "visits",
]
