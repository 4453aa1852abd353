"""Whether a notice still concerns its citizen: asked before it is sent (jobs/pushing/rules.py), and
before one that was kept is told with the next message (bot/kept.py). Pure.
"""

from collections.abc import Mapping, Set
from datetime import datetime

from backends.ports import ONLY_ON_REQUEST, Notice, Topic

TOPICS = {
    "bill_opened": Topic.BILL,
    "bill_due": Topic.DUE,
    "reading_due": Topic.READING,
    "outage_planned": Topic.OUTAGE,
    "outage_emergency": Topic.OUTAGE,
    "outage_changed": Topic.OUTAGE,
    "outage_restored": Topic.OUTAGE,
    "outage_cancelled": Topic.OUTAGE,
    "outage_today": Topic.OUTAGE,
    "water_quality": Topic.WATER_QUALITY,
}
# Told to whoever is bound to the account. What somebody asked for themselves is theirs whatever
# became of the link.
ABOUT_AN_ACCOUNT = frozenset(
    {
        "bill_opened",
        "bill_due",
        "reading_due",
        "spot_check_drawn",
        "spot_check_due",
        "visit_due",
        "visit_tomorrow",
        "visit_done",
        "visit_missed",
    }
)


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
    if notice.kind in ABOUT_AN_ACCOUNT and (notice.openid, notice.acct_no) not in bound:
        return "unbound"
    topic = TOPICS.get(notice.kind)
    if topic and not choices.get((notice.openid, topic), topic not in ONLY_ON_REQUEST):
        return "unwanted"
    return ""
