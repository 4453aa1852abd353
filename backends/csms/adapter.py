"""`Csms` of the ports over the exchange database: account numbers in, frozen values out.

Constructed in bot/app.py through `open_csms`; safe to share between threads.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Select

from backends.csms import (
    holder_mapping,
    holder_queries,
    mapping,
    meter_mapping,
    meter_queries,
    queries,
)
from backends.csms.asking import asked, chunks, distinct, is_bill_no
from backends.csms.cells import AnyRow
from backends.csms.proof import fits
from backends.database import Database, open_database
from backends.ports import (
    Account,
    Bill,
    BillLine,
    Contact,
    Meter,
    Payment,
    ProofFactor,
    Reading,
    RealName,
    SpotCheck,
    TierUsage,
    Visit,
    VisitSlot,
)

T = TypeVar("T")

_PROBES = (*queries.PROBES, *meter_queries.PROBES, *holder_queries.PROBES)


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

        (proven,) = self._rows(queries.FACTS, judge, acct_no=asked(acct_no))
        return proven

    def accounts(self, acct_nos: Sequence[str]) -> tuple[Account, ...]:
        wanted = distinct(acct_nos)
        of_them = self._of(wanted, queries.ACCOUNTS, mapping.to_account)
        found = {account.acct_no: account for account in of_them}
        return tuple(found[acct_no] for acct_no in wanted if acct_no in found)

    def unpaid_bills(self, acct_nos: Sequence[str]) -> tuple[Bill, ...]:
        wanted = distinct(acct_nos)
        rank = {acct_no: position for position, acct_no in enumerate(wanted)}
        bills = [
            bill
            for bill in self._of(wanted, queries.OPEN_BILLS, mapping.to_bill)
            if bill.owed > 0 and bill.acct_no in rank
        ]
        bills.sort(key=lambda bill: (rank[bill.acct_no], bill.period, bill.due_date, bill.bill_no))
        return tuple(bills)

    def bills(self, acct_no: str, since_period: str) -> tuple[Bill, ...]:
        of = {"acct_no": asked(acct_no), "since_period": since_period}
        return tuple(self._rows(queries.BILLS, mapping.to_bill, **of))

    def bill_lines(self, bill_nos: Sequence[str]) -> Mapping[str, tuple[BillLine, ...]]:
        wanted = [number for number in dict.fromkeys(bill_nos) if is_bill_no(number)]
        pairs = [
            pair
            for chunk in chunks(wanted)
            for pair in self._rows(queries.BILL_LINES, mapping.to_line, bill_nos=chunk)
        ]
        found: dict[str, tuple[BillLine, ...]] = {}
        for bill_no, line in pairs:
            found[bill_no] = (*found.get(bill_no, ()), line)
        return found

    def payments(self, acct_no: str, since: date) -> tuple[Payment, ...]:
        midnight = datetime.combine(since, time.min)
        pairs = self._rows(
            queries.PAYMENTS, mapping.to_payment, acct_no=asked(acct_no), since=midnight
        )
        return tuple(
            replace(payment, bills=tuple(bill for _, bill in paid if bill is not None))
            for payment, paid in groupby(pairs, key=itemgetter(0))
        )

    def tier_usage(self, acct_no: str) -> TierUsage | None:
        found = self._rows(queries.TIERS, mapping.to_tier_usage, acct_no=asked(acct_no))
        return found[0] if found else None

    def meters(self, acct_nos: Sequence[str]) -> tuple[Meter, ...]:
        wanted = distinct(acct_nos)
        rank = {acct_no: position for position, acct_no in enumerate(wanted)}
        meters = [
            meter
            for meter in self._of(wanted, meter_queries.METERS, meter_mapping.to_meter)
            if meter.acct_no in rank
        ]
        return tuple(sorted(meters, key=lambda meter: (rank[meter.acct_no], meter.meter_code)))

    def readings(self, acct_no: str, since: date) -> tuple[Reading, ...]:
        statement, to_value = meter_queries.READINGS, meter_mapping.to_reading
        return tuple(self._rows(statement, to_value, acct_no=asked(acct_no), since=since))

    def visits(self, acct_no: str) -> tuple[Visit, ...]:
        statement, to_value = meter_queries.VISITS, meter_mapping.to_visit
        return tuple(self._rows(statement, to_value, acct_no=asked(acct_no)))

    def visit_slots(self, acct_no: str, since: date) -> tuple[VisitSlot, ...]:
        statement, to_value = meter_queries.VISIT_SLOTS, meter_mapping.to_visit_slot
        return tuple(self._rows(statement, to_value, acct_no=asked(acct_no), since=since))

    def contact(self, acct_no: str) -> Contact | None:
        statement, to_value = holder_queries.CONTACT, holder_mapping.to_contact
        found = self._rows(statement, to_value, acct_no=asked(acct_no))
        return found[0] if found else None

    def real_name(self, acct_no: str) -> RealName | None:
        statement, to_value = holder_queries.REAL_NAME, holder_mapping.to_real_name
        found = self._rows(statement, to_value, acct_no=asked(acct_no))
        return found[0] if found else None

    def spot_checks(self, acct_nos: Sequence[str]) -> tuple[SpotCheck, ...]:
        wanted = distinct(acct_nos)
        rank = {acct_no: position for position, acct_no in enumerate(wanted)}
        checks = [
            check
            for check in self._of(wanted, holder_queries.SPOT_CHECKS, holder_mapping.to_spot_check)
            if check.acct_no in rank
        ]
        checks.sort(key=lambda check: (rank[check.acct_no], check.drawn_on, check.check_no))
        return tuple(checks)

    def ping(self) -> None:
        def probe(connection: Connection) -> None:
            for statement in _PROBES:
                connection.execute(statement).all()

        self._database.read(probe)

    def close(self) -> None:
        self._database.close()

    def _of(
        self,
        acct_nos: Sequence[str],
        statement: Select[*tuple[Any, ...]],
        to_value: Callable[[AnyRow], T],
    ) -> list[T]:
        return [
            value
            for chunk in chunks(acct_nos)
            for value in self._rows(statement, to_value, acct_nos=chunk)
        ]

    def _rows(
        self,
        statement: Select[*tuple[Any, ...]],
        to_value: Callable[[AnyRow], T],
        **parameters: object,
    ) -> list[T]:
        return self._database.read(
            lambda connection: [to_value(row) for row in connection.execute(statement, parameters)]
        )
