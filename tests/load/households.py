"""Who owns what: accounts of the built city, a few to each citizen of a crowd."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from tests.load.mind import Facts
from tests.load.stack import Stack

ACCOUNTS_EACH = 3


def iter_households(stack: Stack) -> Iterator[Facts]:
    """Accounts of the city that nobody else of the swarm owns, a few to each citizen."""
    with closing(sqlite3.connect(stack.folder / "city.sqlite3")) as city:
        rows = city.execute(
            "SELECT a.acct_no, a.owner_name, (SELECT COUNT(*) FROM wx_bill b WHERE"
            " b.acct_no = a.acct_no AND b.status IN ('open', 'partly')) FROM wx_account a"
            " WHERE a.status = 'active' AND length(a.owner_name) BETWEEN 2 AND 4"
            " ORDER BY a.acct_no"
        ).fetchall()
    few = [row for row in rows if row[2] <= 2]
    for start in range(0, len(few) - ACCOUNTS_EACH, ACCOUNTS_EACH):
        mine = few[start : start + ACCOUNTS_EACH]
        yield Facts({no: name for no, name, _ in mine}, {no: owed for no, _, owed in mine})
