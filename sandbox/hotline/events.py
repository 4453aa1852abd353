"""What the hotline has to tell, in the order in which it happened."""

import json
from typing import Any

from sandbox.hotline.store import HotlineStore

LONGEST_PAGE = 500


def page(store: HotlineStore, after: int, limit: int) -> list[dict[str, Any]]:
    with store.reading() as db:
        rows = db.execute(
            "SELECT event.*, (SELECT number FROM request WHERE ticket_no = ext_no"
            " AND kind IN ('fault', 'complaint', 'consult') AND joined = 0) AS opened_by"
            " FROM event WHERE event_id > ? ORDER BY event_id LIMIT ?",
            (after, limit),
        ).fetchall()
    return [
        {
            "event_id": row["event_id"],
            "kind": row["kind"],
            "at": row["at"],
            "acct_no": None,
            "request_no": row["opened_by"],
            "ext_no": row["ext_no"],
            "data": json.loads(row["data"]),
        }
        for row in rows
    ]
