"""What all that events mean to us is made of (`jobs.results`)."""

from collections.abc import Callable

from backends.ports import Changes, Outbox, OutsideEvent, Submission

Meaning = Callable[[OutsideEvent, Outbox], Changes]


def asked(event: OutsideEvent, outbox: Outbox) -> Submission | None:
    """The request of ours that the event answers."""
    return outbox.submission(event.request_no) if event.request_no else None
