"""What CSMS tells of an account, to those bound to it whom it concerns. Planners find the same, by
the same keys (`jobs.planning.told`), so that it is told once whoever was first."""

from collections.abc import Callable

from backends.ports import Binding, Changes, Notice, Outbox, OutsideEvent, Role
from dialogs import accounts
from jobs.planning import told

MAY_SEE_BILLS = accounts.SEE_BILLS
MAY_OPEN_THE_DOOR = accounts.READ_METERS
ON_A_BILL = ("bill_no", "period", "volume_m3", "amount", "due_date")


def bill_opened(event: OutsideEvent, outbox: Outbox) -> Changes:
    texts = {name: str(event.data[name]) for name in ON_A_BILL}
    return told_to(
        MAY_SEE_BILLS,
        event,
        outbox,
        lambda to: told.bill_opened(to, **texts, opened_at=event.at),
    )


def visit_due(event: OutsideEvent, outbox: Outbox) -> Changes:
    visit_no, reason = str(event.data["visit_no"]), str(event.data.get("reason") or "")
    return told_to(
        MAY_OPEN_THE_DOOR,
        event,
        outbox,
        lambda to: told.visit_due(to, visit_no=visit_no, reason=reason, now=event.at),
    )


def spot_check_drawn(event: OutsideEvent, outbox: Outbox) -> Changes:
    check_no, answer_by = str(event.data["check_no"]), str(event.data["answer_by"])
    return told_to(
        MAY_OPEN_THE_DOOR,
        event,
        outbox,
        lambda to: told.spot_check_drawn(to, check_no=check_no, answer_by=answer_by, now=event.at),
    )


def told_to(
    roles: tuple[Role, ...],
    event: OutsideEvent,
    outbox: Outbox,
    notice: Callable[[Binding], Notice],
) -> Changes:
    concerned = (one for one in outbox.bound_to(event.acct_no) if one.role in roles)
    return Changes(notices=tuple(map(notice, concerned)))
