"""`DueLists` of the ports over the exchange database, for cron jobs.

Days are walked one after the other, each from its first key on: see `due_queries`.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import Select

from backends.csms import due_queries, holder_mapping, mapping, meter_mapping, queries
from backends.csms.asking import chunks, distinct
from backends.csms.cells import AnyRow
from backends.database import Database, open_database
from backends.ports import Account, Bill, Mark, Meter, SpotCheck, Visit

T = TypeVar("T")
Statement = Select[*tuple[Any, ...]]


def open_due_lists(url: str, *, pool_size: int, statement_timeout_s: float) -> "SqlDueLists":
    return SqlDueLists(
        open_database(
            "csms", url, pool_size=pool_size, statement_timeout_s=statement_timeout_s, owned=False
        )
    )


class SqlDueLists:
    def __init__(self, database: Database) -> None:
        self._database = database

    def bills_due(self, since: Mark, last: date, limit: int) -> tuple[Bill, ...]:
        return self._by_day(due_queries.bills_due, mapping.to_bill, since, last, limit)

    def bills_opened(self, since: Mark, limit: int) -> tuple[Bill, ...]:
        if not since.key:
            midnight = datetime.combine(since.on, time.min)
            return self._bills(due_queries.BILLS_OPENED.limit(limit), since=midnight)
        found = self._bills(due_queries.BILLS_OPENED_WITH.limit(limit), after_no=since.key)
        if len(found) == limit:
            return found
        later = due_queries.BILLS_OPENED_AFTER.limit(limit - len(found))
        return (*found, *self._bills(later, after_no=since.key))

    def still_owed(self, acct_nos: Sequence[str]) -> tuple[Bill, ...]:
        return tuple(
            bill
            for chunk in chunks(distinct(acct_nos))
            for bill in self._bills(queries.OPEN_BILLS, acct_nos=chunk)
            if bill.owed > 0
        )

    def meters_to_read(self, since: Mark, last: date, limit: int) -> tuple[Meter, ...]:
        return self._by_day(
            due_queries.METERS_TO_READ.limit, meter_mapping.to_meter, since, last, limit
        )

    def visits_due(self, after: str, limit: int) -> tuple[Visit, ...]:
        statement = due_queries.VISITS_DUE.limit(limit)
        return self._rows(statement, meter_mapping.to_visit, after_no=after)

    def visits_on(self, on: date, after: str, limit: int) -> tuple[Visit, ...]:
        statement = due_queries.VISITS_ON.limit(limit)
        return self._rows(statement, meter_mapping.to_visit, on=on, after_no=after)

    def spot_checks_open(self, after: str, limit: int) -> tuple[SpotCheck, ...]:
        statement = due_queries.SPOT_CHECKS_OPEN.limit(limit)
        return self._rows(statement, holder_mapping.to_spot_check, after_no=after)

    def accounts(self, acct_nos: Sequence[str]) -> tuple[Account, ...]:
        wanted = distinct(acct_nos)
        found = {
            account.acct_no: account
            for chunk in chunks(wanted)
            for account in self._rows(queries.ACCOUNTS, mapping.to_account, acct_nos=chunk)
        }
        return tuple(found[acct_no] for acct_no in wanted if acct_no in found)

    def close(self) -> None:
        self._database.close()

    def _by_day(
        self,
        page: Callable[[int], Statement],
        to_value: Callable[[AnyRow], T],
        since: Mark,
        last: date,
        limit: int,
    ) -> tuple[T, ...]:
        found: list[T] = []
        on, after = since.on, since.key
        while on <= last and len(found) < limit:
            statement = page(limit - len(found))
            found += self._rows(statement, to_value, on=on, after_no=after)
            on, after = on + timedelta(days=1), ""
        return tuple(found)

    def _bills(self, statement: Statement, **parameters: object) -> tuple[Bill, ...]:
        return self._rows(statement, mapping.to_bill, **parameters)

    def _rows(
        self, statement: Statement, to_value: Callable[[AnyRow], T], **parameters: object
    ) -> tuple[T, ...]:
        return self._database.read(
            lambda connection: tuple(
                to_value(row) for row in connection.execute(statement, parameters)
            )
        )
