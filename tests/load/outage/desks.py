"""The desk of CSMS is gone: the tables that requests go to and events come from, and nothing else.
The views stay: what citizens look up is another part of CSMS, often another machine."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sandbox.city.schema import EXCHANGE_TABLES

PATIENCE_S = 10.0
ASIDE = "away_"


class CsmsDesk:
    def __init__(self, database: Path) -> None:
        self._database = database

    def take_away(self) -> None:
        """With the rows in them, as when the exchange of requests is being worked on."""
        self._rename("", ASIDE)

    def bring_back(self) -> None:
        self._rename(ASIDE, "")

    def _rename(self, before: str, after: str) -> None:
        with closing(
            sqlite3.connect(self._database, timeout=PATIENCE_S, isolation_level=None)
        ) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            for table in EXCHANGE_TABLES:
                connection.execute(
                    f"ALTER TABLE {before}{table.name} RENAME TO {after}{table.name}"
                )
            connection.execute("COMMIT")
