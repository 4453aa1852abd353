"""What `waterdesk check` says of one thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`remedy` is empty when all is well; `grave` when the service cannot work like this."""

    what: str
    remedy: str = ""
    grave: bool = False
