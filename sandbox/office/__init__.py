"""The back office 业务后台 of the CSMS stand-in: what its staff do with citizens' requests.

Functions over a SQLAlchemy engine on a city's database. Each is one transaction and tells what
became of a request as events of the exchange database; what cannot be done is an `OfficeError`.
"""

from sandbox.office.auto import answer_everything
from sandbox.office.errors import BadEntry, NoSuchThing, OfficeError
from sandbox.office.listing import dial, events, queue, visits
from sandbox.office.review import accept_reading, modify_reading, open_bill, reject_reading
from sandbox.office.takings import take_requests
from sandbox.office.visiting import make_visit_due, visit_done, visit_missed

__all__ = [
    "BadEntry",
    "NoSuchThing",
    "OfficeError",
    "accept_reading",
    "answer_everything",
    "dial",
    "events",
    "make_visit_due",
    "modify_reading",
    "open_bill",
    "queue",
    "reject_reading",
    "take_requests",
    "visit_done",
    "visit_missed",
    "visits",
]
