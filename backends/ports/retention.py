"""What is kept has its time (docs/privacy.md): what is past it goes, a batch at a time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Expiring(StrEnum):
    """PRIVATE: sealed values of submissions that are at an end; DOCUMENTS: photos of papers of
    those; UNUSED_DOCUMENTS: of a dialog that came to nothing; CONTENTS: what submissions say beside
    their number, kind and times. ENDED_LINKS, INVITES, FAILURES (proofs and passwords),
    WITHDRAWN_CONSENTS, PHOTOS (all others), NOTICES and UNPAID_ORDERS go whole. PAYERS: who paid an
    order; all else of it stays."""

    PRIVATE = "private"
    DOCUMENTS = "documents"
    UNUSED_DOCUMENTS = "unused_documents"
    PHOTOS = "photos"
    CONTENTS = "contents"
    NOTICES = "notices"
    FAILURES = "failures"
    ENDED_LINKS = "ended_links"
    INVITES = "invites"
    WITHDRAWN_CONSENTS = "withdrawn_consents"
    UNPAID_ORDERS = "unpaid_orders"
    PAYERS = "payers"


@dataclass(frozen=True, slots=True)
class Purged:
    """`photo_ids`: whose rows are gone, and whose files may go now."""

    count: int
    photo_ids: tuple[str, ...] = ()


class Expiry(Protocol):
    """`before`: what began, ended or was last heard of (docs/privacy.md says which) until then."""

    def due(self, what: Expiring, before: datetime) -> int: ...

    def purge(self, what: Expiring, before: datetime, limit: int) -> Purged:
        """About `limit` of them, in one transaction; 0 when none is left."""
        ...
