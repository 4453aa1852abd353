"""What our own database and the two desks have written down, in the order in which it came."""

import json
from dataclasses import dataclass

from sqlalchemy import text

from tests.load.outage.world import Utility


@dataclass(frozen=True)
class Made:
    """A submission as our database has it, in the order of its lane."""

    place: int
    number: str
    openid: str
    acct_no: str
    kind: str
    state: str
    photos: int

    @property
    def lane(self) -> str:
        return self.acct_no or self.openid


@dataclass(frozen=True)
class Arrived:
    """A request as a desk has it, in the order in which it came."""

    number: str
    acct_no: str
    kind: str
    photos: int


def submissions(utility: Utility) -> list[Made]:
    rows = "SELECT id, number, openid, acct_no, kind, state, photo_ids FROM submission ORDER BY id"
    with utility.records.connect() as db:
        return [
            Made(place, number, openid, acct_no, kind, state, len(json.loads(photo_ids)))
            for place, number, openid, acct_no, kind, state, photo_ids in db.execute(text(rows))
        ]


def at_csms(utility: Utility) -> list[Arrived]:
    """SQLite numbers rows as they come."""
    rows = (
        "SELECT request_no, acct_no, kind, (SELECT count(*) FROM wx_request_file f"
        " WHERE f.request_no = r.request_no) FROM wx_request r ORDER BY r.rowid"
    )
    with utility.office.connect() as db:
        return [Arrived(no, acct or "", kind, n) for no, acct, kind, n in db.execute(text(rows))]


def at_hotline(utility: Utility) -> list[Arrived]:
    rows = (
        "SELECT number, acct_no, kind, (SELECT count(*) FROM file f WHERE f.number = r.number)"
        " FROM request r ORDER BY r.rowid"
    )
    with utility.hotline.reading() as db:
        return [Arrived(*row) for row in db.execute(rows).fetchall()]
