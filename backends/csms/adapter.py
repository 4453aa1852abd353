"""`Csms` of the ports over the exchange database: account numbers in, frozen values out.

Constructed in bot/app.py through `open_csms`; safe to share between threads.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Row, Select

from backends.csms import mapping, queries
from backends.csms.proof import fits
from backends.database import Database, open_database
from backends.ports import Account, Bill, ProofFactor

T = TypeVar("T")

NOBODY = ""
"""Asked for in place of a text that cannot be an account number: the work stays the same."""

LONGEST_ACCT_NO = 10


def open_csms(url: str, *, pool_size: int, statement_timeout_s: float) -> "SqlCsms":
    return SqlCsms(
        open_database(
            "csms", url, pool_size=pool_size, statement_timeout_s=statement_timeout_s, owned=False
        )
    )


class SqlCsms:
    def __init__(self, database: Database) -> None:
        self._database = database

    def prove(self, acct_no: str, factor: ProofFactor, answer: str) -> Account | None:
        def judge(row: Row[*tuple[Any, ...]]) -> Account | None:
            right = fits(mapping.to_facts(row), factor, answer)
            return mapping.to_account(row) if right else None

        asked = acct_no if _askable(acct_no) else NOBODY
        (proven,) = self._rows(queries.FACTS, judge, acct_no=asked)
        return proven

    def accounts(self, acct_nos: Sequence[str]) -> tuple[Account, ...]:
        wanted = _distinct(acct_nos)
        found = {
            account.acct_no: account
            for chunk in _chunks(wanted)
            for account in self._rows(queries.ACCOUNTS, mapping.to_account, acct_nos=chunk)
        }
        return tuple(found[acct_no] for acct_no in wanted if acct_no in found)

    def unpaid_bills(self, acct_nos: Sequence[str]) -> tuple[Bill, ...]:
        wanted = _distinct(acct_nos)
        rank = {acct_no: position for position, acct_no in enumerate(wanted)}
        bills = [
            bill
            for chunk in _chunks(wanted)
            for bill in self._rows(queries.OPEN_BILLS, mapping.to_bill, acct_nos=chunk)
            if bill.owed > 0 and bill.acct_no in rank
        ]
        bills.sort(key=lambda bill: (rank[bill.acct_no], bill.period, bill.due_date, bill.bill_no))
        return tuple(bills)

    def ping(self) -> None:
        for statement in queries.PROBES:
            self._rows(statement, lambda row: row)

    def close(self) -> None:
        self._database.close()

    def _rows(
        self,
        statement: Select[*tuple[Any, ...]],
        to_value: Callable[[Row[*tuple[Any, ...]]], T],
        **parameters: object,
    ) -> list[T]:
        return self._database.read(
            lambda connection: [to_value(row) for row in connection.execute(statement, parameters)]
        )


def _askable(acct_no: str) -> bool:
    return 0 < len(acct_no) <= LONGEST_ACCT_NO and acct_no.isascii() and acct_no.isalnum()


def _distinct(acct_nos: Sequence[str]) -> list[str]:
    return [acct_no for acct_no in dict.fromkeys(acct_nos) if _askable(acct_no)]


def _chunks(acct_nos: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(acct_nos), queries.IN_LIST):
        yield acct_nos[start : start + queries.IN_LIST]
