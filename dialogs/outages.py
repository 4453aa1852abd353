"""停水公告: the outages that the website has published. Those at the citizen's own accounts first,
then by any street, community, district or position. Nothing need be bound.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from backends.errors import BackendUnavailable
from backends.ports import OutageNotice, Place
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Ok, Opening, Step, Turn
from dialogs.engine.readers import place
from dialogs.masking import masked_account, masked_words
from dialogs.published import checked, outage_notices

MINE, ASKED = "mine", "asked"
ALL, REPORT, SUBSCRIBE = "all", "report", "subscribe"
SHOWN, MOST_LISTED, LONGEST_ASKED = 3, 40, 30


def opening(turn: Turn, _: None) -> Go:
    if not turn.policy.website_url:
        return Go("closed", show={"hotline": turn.policy.hotline})
    bulletin = turn.ask.bulletins.outages()
    told = {"checked": checked.kept(turn, bulletin.checked), "hotline": turn.policy.hotline}
    if bulletin.checked.checked_at is None:
        return Go("unknown", show=told)
    notices = outage_notices.current(bulletin.notices, turn.now)
    if not notices:
        return Go("nothing", show=told)
    return Go("listed", keep={**told, "total": len(notices), **_mine(turn, notices)})


def where(turn: Turn, answer: Place | str) -> Go | Bad:
    if answer == REPORT:
        return Go("to_report", then="report_fault")
    if answer == SUBSCRIBE:
        return Go("to_subscribe", then="subscriptions")
    bulletin = turn.ask.bulletins.outages()
    notices = outage_notices.current(bulletin.notices, turn.now)
    told = {"checked": checked.kept(turn, bulletin.checked)}
    if not isinstance(answer, Place):
        shown = [outage_notices.kept(turn, one) for one in notices[:MOST_LISTED]]
        return Go("all", show={**told, "notices": shown, "more": len(notices) - len(shown)})
    if not answer.text:
        return Bad("unnamed_place")
    found = [one for one in notices if outage_notices.names(one, answer.text)]
    asked = {"about": ASKED, "asked": answer.text[:LONGEST_ASKED], "total": len(notices)}
    return Go("found", keep={**told, **asked, **_listed(turn, [(one, ()) for one in found])})


def read(turn: Turn, typed: str) -> Ok | Bad:
    del turn
    if len(outage_notices.bare_words(typed)) < outage_notices.SHORTEST_PLACE:
        return Bad("too_short")
    return Ok(Place(masked_words(typed)))


def choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    del data
    return (ALL, ""), (REPORT, ""), (SUBSCRIBE, "")


def _mine(turn: Turn, notices: Sequence[OutageNotice]) -> dict[str, Any]:
    """`bound`: whether there are accounts whose addresses could be looked at."""
    addresses = _addresses(turn)
    found = []
    for notice in notices:
        acct_nos = [no for no, address in addresses.items() if _concerns(notice, address)]
        if acct_nos:
            found.append((notice, [masked_account(no) for no in acct_nos]))
    listed = _listed(turn, found)
    return {"about": MINE, "asked": "", "bound": bool(addresses), **listed}


def _concerns(notice: OutageNotice, address: str) -> bool:
    return outage_notices.concerns(notice, address)


def _listed(turn: Turn, found: Sequence[tuple[OutageNotice, Sequence[str]]]) -> dict[str, Any]:
    """The record holds a few of them; the rest is counted."""
    kept = [outage_notices.kept(turn, one, shown[:SHOWN]) for one, shown in found[:SHOWN]]
    return {"notices": kept, "more": len(found) - len(kept)}


def _addresses(turn: Turn) -> dict[str, str]:
    """By account number. Without CSMS none: what is published can be told all the same."""
    bindings = turn.ask.records.bindings(turn.openid)
    if not bindings:
        return {}
    try:
        found = turn.ask.csms.accounts([binding.acct_no for binding in bindings])
    except BackendUnavailable:
        return {}
    return {account.acct_no: account.address for account in found}


OUTAGES = Dialog(
    name="outages",
    revision=1,
    glance=True,
    opens=Opening(
        opening,
        {"closed": "closed", "unknown": "unknown", "nothing": "nothing", "listed": "area"},
    ),
    steps={
        "area": Step(
            reads=place(choices, read, reasons=("too_short",)),
            decide=where,
            leads_to={
                "found": "area",
                "all": "all",
                "to_report": "to_report",
                "to_subscribe": "to_subscribe",
            },
            refuses=("unnamed_place",),
        ),
    },
    ends={
        "all": Exit.COMPLETED,
        "nothing": Exit.COMPLETED,
        "to_report": Exit.INTERRUPTED,
        "to_subscribe": Exit.INTERRUPTED,
        "unknown": Exit.FAILED,
        "closed": Exit.FAILED,
    },
)
