"""What an outside event means to us: which submissions change, and who is told what.

Pure but for look-ups in our own database. CSMS's events are in docs/contracts/csms.md, the
hotline's in docs/contracts/hotline.yaml; what is said of them in templates/replies/notice/.
"""

from dataclasses import replace

from backends.ports import (
    Changes,
    Lane,
    Notice,
    Outbox,
    OutsideEvent,
    Submission,
    SubmissionChange,
    SubmissionKind,
    SubmissionState,
    System,
)
from dialogs.masking import masked_account
from jobs import account_news, holders, payment_news, stages
from jobs.account_news import MAY_OPEN_THE_DOOR, told_to
from jobs.meanings import Meaning, asked

NOTHING = Changes()

OPENS_A_TICKET = (SubmissionKind.FAULT, SubmissionKind.COMPLAINT, SubmissionKind.CONSULT)
TICKET_STATES = {
    "assigned": SubmissionState.IN_PROGRESS,
    "on_way": SubmissionState.IN_PROGRESS,
    "working": SubmissionState.IN_PROGRESS,
    "done": SubmissionState.DONE,
    "closed": SubmissionState.DONE,
    "returned": SubmissionState.RETURNED,
    "cancelled": SubmissionState.RETURNED,
}


def changes(event: OutsideEvent, system: str, outbox: Outbox) -> Changes | None:
    """None for an event that nobody here understands: it must not hold up those after it."""
    meanings = CSMS_EVENTS if system == System.CSMS else HOTLINE_EVENTS
    meaning = meanings.get(event.kind)
    try:
        return meaning(event, outbox) if meaning else None
    except (LookupError, TypeError, ValueError):
        return None


def _answers(state: SubmissionState, told: str, result_state: str) -> Meaning:
    """An event that answers a request: its state, and the notice to who made it ('' for none: they
    know it from the dialog already)."""

    def meaning(event: OutsideEvent, outbox: Outbox) -> Changes:
        submission = asked(event, outbox)
        if submission is None:
            return NOTHING
        change = SubmissionChange(
            submission.number, state, event.ext_no, {**event.data, "state": result_state}
        )
        notices = (_notice(event, told, submission.openid, submission),) if told else ()
        return Changes((change,), notices)

    return meaning


def _connection_stage(event: OutsideEvent, outbox: Outbox) -> Changes:
    """Archived after connected is no news to a citizen: water runs already."""
    application = asked(event, outbox)
    if application is None:
        return NOTHING
    told = stages.told_in(event)
    state, result = stages.state_after(told["stage"]), stages.result_after(application, told)
    change = SubmissionChange(application.number, state, event.ext_no, result)
    if _told_already(application, state):
        return Changes((change,))
    whole = replace(event, data=told)
    notice = _notice(whole, "connection_stage", application.openid, application)
    return Changes((change,), (notice,))


def _visit_over(told: str) -> Meaning:
    return lambda event, outbox: told_to(
        MAY_OPEN_THE_DOOR, event, outbox, lambda to: _notice(event, told, to.openid)
    )


def _ticket_changed(event: OutsideEvent, outbox: Outbox) -> Changes:
    state = TICKET_STATES.get(str(event.data.get("state")))
    if state is None:
        return NOTHING
    reports = _reports(event, outbox)
    return Changes(
        tuple(SubmissionChange(one.number, state, event.ext_no, event.data) for one in reports),
        tuple(
            _notice(event, _ticket_notice(one, state), one.openid, one)
            for one in reports
            if not _told_already(one, state)
        ),
    )


def _ticket_notice(report: Submission, state: SubmissionState) -> str:
    """Of a complaint and an enquiry the end is a reply."""
    if state is not SubmissionState.DONE:
        return "ticket_changed"
    return "ticket_closed" if report.kind is SubmissionKind.FAULT else "ticket_answered"


def _told_already(report: Submission, state: SubmissionState) -> bool:
    """Closed after done is no news to a citizen."""
    return report.state is state is SubmissionState.DONE


def _ticket_joined(event: OutsideEvent, outbox: Outbox) -> Changes:
    into = str(event.data.get("into") or "")
    reports = _reports(event, outbox)
    if not into:
        return NOTHING
    return Changes(
        tuple(
            SubmissionChange(one.number, None, into, {"joined": True, "ticket_no": into})
            for one in reports
        ),
        tuple(_notice(event, "ticket_joined", one.openid, one) for one in reports),
    )


def _reports(event: OutsideEvent, outbox: Outbox) -> list[Submission]:
    """All reports in the ticket, and the one it was opened for even when the receipt that would
    have told us the ticket's number was lost."""
    found = {one.number: one for one in outbox.by_ext_no(System.HOTLINE, event.ext_no)}
    first = asked(event, outbox)
    if first and not first.ext_no:
        found[first.number] = first
    return [one for one in found.values() if one.kind in OPENS_A_TICKET]


def _notice(event: OutsideEvent, kind: str, openid: str, about: Submission | None = None) -> Notice:
    """One for each event and citizen, however often it is taken in; a citizen with two reports in
    one ticket is told of each."""
    number = about.number if about else ""
    acct_no = event.acct_no or (about.acct_no if about else "")
    # What a template could not print is left out.
    plain = {name: one for name, one in event.data.items() if isinstance(one, str | int | bool)}
    view = {
        **plain,
        "number": number,
        "shown": masked_account(acct_no) if acct_no else "",
        "kind": about.kind.value if about else "",
        "fault": str(about.payload.get("fault", "")) if about else "",
    }
    of_ticket = kind.startswith("ticket_")
    system, lane = (System.HOTLINE, Lane.URGENT) if of_ticket else (System.CSMS, Lane.RESULT)
    key = f"{system.value}:{event.event_id}:{number}"
    return Notice(kind, key, openid, acct_no, view, lane)


_DONE, _RETURNED = SubmissionState.DONE, SubmissionState.RETURNED
CSMS_EVENTS: dict[str, Meaning] = {
    "request_taken": _answers(SubmissionState.IN_PROGRESS, "", "taken"),
    "request_refused": payment_news.or_refused(_answers(_RETURNED, "request_refused", "refused")),
    "reading_accepted": _answers(_DONE, "reading_accepted", "accepted"),
    "reading_modified": _answers(_DONE, "reading_modified", "modified"),
    "reading_rejected": _answers(_RETURNED, "reading_rejected", "rejected"),
    "visit_booked": _answers(_DONE, "visit_booked", "booked"),
    "visit_changed": _answers(_DONE, "visit_changed", "booked"),
    "visit_refused": _answers(_RETURNED, "visit_refused", "refused"),
    "contact_changed": _answers(_DONE, "contact_changed", "changed"),
    "contact_refused": _answers(_RETURNED, "contact_refused", "refused"),
    "bill_type_changed": _answers(_DONE, "", "changed"),
    "real_name_approved": _answers(_DONE, "real_name_approved", "approved"),
    "real_name_returned": _answers(_RETURNED, "real_name_returned", "returned"),
    "transfer_approved": holders.taken_over(_answers(_DONE, "transfer_approved", "approved")),
    "transfer_returned": _answers(_RETURNED, "transfer_returned", "returned"),
    "override_approved": holders.taken_over(_answers(_DONE, "override_approved", "approved")),
    "override_returned": _answers(_RETURNED, "override_returned", "returned"),
    "real_name_cancelled": holders.given_up(_answers(_DONE, "real_name_cancelled", "cancelled")),
    "cancel_refused": _answers(_RETURNED, "cancel_refused", "refused"),
    "connection_stage": _connection_stage,
    "connection_returned": _answers(_RETURNED, "connection_returned", "returned"),
    "connection_rejected": _answers(_RETURNED, "connection_rejected", "rejected"),
    "spot_check_passed": _answers(_DONE, "spot_check_passed", "passed"),
    "spot_check_adjusted": _answers(_DONE, "spot_check_adjusted", "adjusted"),
    "spot_check_retake": _answers(_RETURNED, "spot_check_retake", "retake"),
    "spot_check_field": _answers(_DONE, "spot_check_field", "field"),
    "spot_check_drawn": account_news.spot_check_drawn,
    "bill_opened": account_news.bill_opened,
    "visit_due": account_news.visit_due,
    "visit_done": _visit_over("visit_done"),
    "visit_missed": _visit_over("visit_missed"),
    "payment_posted": payment_news.posted,
    "payment_refused": payment_news.refused,
}
HOTLINE_EVENTS: dict[str, Meaning] = {
    "ticket_changed": _ticket_changed,
    "ticket_joined": _ticket_joined,
}
