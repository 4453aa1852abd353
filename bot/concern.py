"""Whether a notice still concerns its citizen: asked before it is sent (jobs/pushing/rules.py), and
before one that was kept is told with the next message (bot/kept.py). Pure.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from backends.ports import ONLY_ON_REQUEST, Notice, Topic


@dataclass(frozen=True, slots=True)
class Concern:
    """`about_account`: told to whoever is bound to the account, and to nobody else. `topic`: told
    to whoever wants it; None for what nobody can stop."""

    about_account: bool
    topic: Topic | None


# Asked for by the citizen: theirs whatever became of the link.
OWN = Concern(about_account=False, topic=None)
OF_ACCOUNT = Concern(about_account=True, topic=None)
OUTAGE = Concern(about_account=False, topic=Topic.OUTAGE)
KINDS: Mapping[str, Concern] = {
    "bill_opened": Concern(about_account=True, topic=Topic.BILL),
    "bill_due": Concern(about_account=True, topic=Topic.DUE),
    "reading_due": Concern(about_account=True, topic=Topic.READING),
    "spot_check_drawn": OF_ACCOUNT,
    "spot_check_due": OF_ACCOUNT,
    "visit_due": OF_ACCOUNT,
    "visit_tomorrow": OF_ACCOUNT,
    "visit_done": OF_ACCOUNT,
    "visit_missed": OF_ACCOUNT,
    "outage_planned": OUTAGE,
    "outage_emergency": OUTAGE,
    "outage_changed": OUTAGE,
    "outage_restored": OUTAGE,
    "outage_cancelled": OUTAGE,
    "outage_today": OUTAGE,
    "water_quality": Concern(about_account=False, topic=Topic.WATER_QUALITY),
    "family_joined": OWN,
    "family_removed": OWN,
    "link_ended": OWN,
    "reading_accepted": OWN,
    "reading_modified": OWN,
    "reading_rejected": OWN,
    "visit_booked": OWN,
    "visit_changed": OWN,
    "visit_refused": OWN,
    "contact_changed": OWN,
    "contact_refused": OWN,
    "real_name_approved": OWN,
    "real_name_returned": OWN,
    "real_name_cancelled": OWN,
    "cancel_refused": OWN,
    "transfer_approved": OWN,
    "transfer_returned": OWN,
    "override_approved": OWN,
    "override_returned": OWN,
    "connection_stage": OWN,
    "connection_returned": OWN,
    "connection_rejected": OWN,
    "spot_check_passed": OWN,
    "spot_check_adjusted": OWN,
    "spot_check_retake": OWN,
    "spot_check_field": OWN,
    "ticket_changed": OWN,
    "ticket_answered": OWN,
    "ticket_closed": OWN,
    "ticket_joined": OWN,
    "request_refused": OWN,
    "payment_received": OWN,
    "payment_surplus": OWN,
    "refund_started": OWN,
    "refund_done": OWN,
    "refund_trouble": OWN,
    "water_restored": OWN,
}
"""Of every kind of notice: a test holds it to those that have words."""


def pointless(
    notice: Notice,
    bound: Set[tuple[str, str]],
    choices: Mapping[tuple[str, Topic], bool],
    now: datetime,
) -> str:
    """Why, in a word that operators count by; '' when it still is of use. `bound`: who to which
    account; `choices`: only topics ever chosen about."""
    if notice.valid_until is not None and notice.valid_until <= now:
        return "stale"
    # A worker that is older than what planned the notice does not know its kind.
    concern = KINDS.get(notice.kind, OWN)
    if concern.about_account and (notice.openid, notice.acct_no) not in bound:
        return "unbound"
    topic = concern.topic
    if topic and not choices.get((notice.openid, topic), topic not in ONLY_ON_REQUEST):
        return "unwanted"
    return ""
