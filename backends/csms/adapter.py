"""`Csms` of the ports over the exchange database: account numbers in, frozen values out.

Constructed in bot/app.py through `open_csms`; safe to share between threads.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Select

from backends.csms import mapping, meter_mapping, meter_queries, queries
from backends.csms.cells import AnyRow
from backends.csms.proof import fits
from backends.database import Database, open_database
from backends.ports import (
    Account,
    Bill,
    BillLine,
    Meter,
    Payment,
    ProofFactor,
    Reading,
    TierUsage,
    Visit,
    VisitSlot,
)

T = TypeVar("T")

NOBODY = ""
"""Asked for in place of a text that cannot be an account number: the work stays the same."""

LONGEST_ACCT_NO = 10
LONGEST_BILL_NO = 32


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
        def judge(row: AnyRow) -> Account | None:
            right = fits(mapping.to_facts(row), factor, answer)
            return mapping.to_account(row) if right else None

        (proven,) = self._rows(queries.FACTS, judge, acct_no=_asked(acct_no))
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

    def bills(self, acct_no: str, since_period: str) -> tuple[Bill, ...]:
        asked = {"acct_no": _asked(acct_no), "since_period": since_period}
        return tuple(self._rows(queries.BILLS, mapping.to_bill, **asked))

    def bill_lines(self, bill_nos: Sequence[str]) -> Mapping[str, tuple[BillLine, ...]]:
        wanted = [number for number in dict.fromkeys(bill_nos) if _is_bill_no(number)]
        pairs = [
            pair
            for chunk in _chunks(wanted)
            for pair in self._rows(queries.BILL_LINES, mapping.to_line, bill_nos=chunk)
        ]
        found: dict[str, tuple[BillLine, ...]] = {}
        for bill_no, line in pairs:
            found[bill_no] = (*found.get(bill_no, ()), line)
        return found

    def payments(self, acct_no: str, since: date) -> tuple[Payment, ...]:
        midnight = datetime.combine(since, time.min)
        pairs = self._rows(
            queries.PAYMENTS, mapping.to_payment, acct_no=_asked(acct_no), since=midnight
        )
        return tuple(
            replace(payment, bills=tuple(bill for _, bill in paid if bill is not None))
            for payment, paid in groupby(pairs, key=itemgetter(0))
        )

    def tier_usage(self, acct_no: str) -> TierUsage | None:
        found = self._rows(queries.TIERS, mapping.to_tier_usage, acct_no=_asked(acct_no))
        return found[0] if found else None

    def meters(self, acct_nos: Sequence[str]) -> tuple[Meter, ...]:
        wanted = _distinct(acct_nos)
        rank = {acct_no: position for position, acct_no in enumerate(wanted)}
        meters = [
            meter
            for chunk in _chunks(wanted)
            for meter in self._rows(meter_queries.METERS, meter_mapping.to_meter, acct_nos=chunk)
            if meter.acct_no in rank
        ]
        return tuple(sorted(meters, key=lambda meter: (rank[meter.acct_no], meter.meter_code)))

    def readings(self, acct_no: str, since: date) -> tuple[Reading, ...]:
        statement, to_value = meter_queries.READINGS, meter_mapping.to_reading
        return tuple(self._rows(statement, to_value, acct_no=_asked(acct_no), since=since))

    def visits(self, acct_no: str) -> tuple[Visit, ...]:
        statement, to_value = meter_queries.VISITS, meter_mapping.to_visit
        return tuple(self._rows(statement, to_value, acct_no=_asked(acct_no)))

    def visit_slots(self, acct_no: str, since: date) -> tuple[VisitSlot, ...]:
        statement, to_value = meter_queries.VISIT_SLOTS, meter_mapping.to_visit_slot
        return tuple(self._rows(statement, to_value, acct_no=_asked(acct_no), since=since))

    def ping(self) -> None:
        def probe(connection: Connection) -> None:
            for statement in (*queries.PROBES, *meter_queries.PROBES):
                connection.execute(statement).all()

        self._database.read(probe)

    def close(self) -> None:
        self._database.close()

    def _rows(
        self,
        statement: Select[*tuple[Any, ...]],
        to_value: Callable[[AnyRow], T],
        **parameters: object,
    ) -> list[T]:
        return self._database.read(
            lambda connection: [to_value(row) for row in connection.execute(statement, parameters)]
        )


def _asked(acct_no: str) -> str:
    return acct_no if _askable(acct_no) else NOBODY


def _askable(acct_no: str) -> bool:
    return 0 < len(acct_no) <= LONGEST_ACCT_NO and acct_no.isascii() and acct_no.isalnum()


def _is_bill_no(text: str) -> bool:
    return 0 < len(text) <= LONGEST_BILL_NO and text.isascii() and text.isprintable()


def _distinct(acct_nos: Sequence[str]) -> list[str]:
    return [acct_no for acct_no in dict.fromkeys(acct_nos) if _askable(acct_no)]


def _chunks(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(numbers), queries.IN_LIST):
        yield numbers[start : start + queries.IN_LIST]
