"""Trade bills, their rows and the list of differences, in memory."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, datetime

from backends.ports import ITSELF, Difference, Listed, Mismatch, Statement, Totals, TradeRow
from tests.fakes.switches import Switches

_Key = tuple[date, Mismatch, str]


class FakeStatements(Switches):
    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[date, Statement] = {}
        self.rows: dict[date, list[TradeRow]] = {}
        self.listed: dict[_Key, Listed] = {}
        self._runs: dict[_Key, int] = {}

    def statement(self, day: date) -> Statement | None:
        self._obey()
        return self.kept.get(day)

    def statements(self, limit: int) -> tuple[Statement, ...]:
        self._obey()
        return tuple(self.kept[day] for day in sorted(self.kept, reverse=True))[:limit]

    def begin(self, day: date, sha1: str, totals: Totals) -> Statement:
        self._obey()
        known = self.kept.get(day)
        if known is None or known.sha1 != sha1:
            run = known.run if known else 0
            self.kept[day] = Statement(day, sha1, totals, 0, run, None)
        return self.kept[day]

    def stage(self, day: date, sha1: str, start: int, rows: Sequence[TradeRow]) -> bool:
        self._obey()
        known = self.kept[day]
        if (known.sha1, known.staged) != (sha1, start):
            return False
        before = self.rows[day] if start else []
        self.rows[day] = [*before, *rows]
        self.kept[day] = replace(known, staged=start + len(rows))
        return True

    def next_run(self, day: date) -> int:
        self._obey()
        self.kept[day] = replace(self.kept[day], run=self.kept[day].run + 1)
        return self.kept[day].run

    def page(self, day: date, after: str, limit: int) -> tuple[TradeRow, ...]:
        self._obey()
        rows = sorted(self.rows.get(day, ()), key=lambda row: (row.order_no, row.row_no))
        numbers = list(dict.fromkeys(row.order_no for row in rows if row.order_no > after))[:limit]
        return tuple(row for row in rows if row.order_no in numbers)

    def paid_orders(self, days: Sequence[date], order_nos: Sequence[str]) -> Set[str]:
        return {row.order_no for row in self._payments(days) if row.order_no in order_nos}

    def paid_transactions(self, days: Sequence[date], transaction_ids: Sequence[str]) -> Set[str]:
        found = (row.transaction_id for row in self._payments(days))
        return {number for number in found if number in transaction_ids}

    def refunded(self, refund_nos: Sequence[str]) -> Set[str]:
        self._obey()
        found = {row.refund_no for rows in self.rows.values() for row in rows if row.refund_no}
        return found & set(refund_nos)

    def note(self, run: int, found: Sequence[Difference], now: datetime) -> None:
        self._obey()
        for one in found:
            key = (one.day, one.mismatch, one.key)
            self._runs[key] = max(run, self._runs.get(key, run))
            known = self.listed.get(key) or Listed(len(self.listed) + 1, one, now)
            self.listed[key] = _seen(known, one, now)

    def matched(self, day: date, run: int, now: datetime) -> None:
        self._obey()
        self.kept[day] = replace(self.kept[day], matched_at=now)
        for key, one in self.listed.items():
            if key[0] == day and one.resolved_at is None and self._runs[key] < run:
                self.listed[key] = _settled(one, ITSELF, "found no more", now)

    def open_differences(self, after: int, limit: int) -> tuple[Listed, ...]:
        self._obey()
        found = (one for one in self._by_id() if one.resolved_at is None)
        return tuple(one for one in found if one.difference_id > after)[:limit]

    def differences(self, day: date, limit: int) -> tuple[Listed, ...]:
        self._obey()
        found = [one for one in self._by_id() if one.difference.day == day]
        return tuple(sorted(found, key=lambda one: one.resolved_at is not None))[:limit]

    def resolve(self, difference_id: int, by: str, note: str, now: datetime) -> bool:
        self._obey()
        for key, one in self.listed.items():
            if one.difference_id == difference_id and one.resolved_at is None:
                self.listed[key] = _settled(one, by, note, now)
                return True
        return False

    def counts(self) -> Mapping[Mismatch, int]:
        self._obey()
        found = self.listed.values()
        return Counter(one.difference.mismatch for one in found if one.resolved_at is None)

    def matched_days(self, since: date) -> Set[date]:
        self._obey()
        return {day for day, one in self.kept.items() if day >= since and one.matched_at}

    def forget(self, payments_before: date, refunds_before: date) -> bool:
        self._obey()
        for day, known in self.kept.items():
            if day < payments_before:
                self.rows[day] = [row for row in self.rows.get(day, ()) if row.is_refund]
                self.kept[day] = replace(known, staged=0)
            if day < refunds_before:
                self.rows[day] = []
        return False

    def _payments(self, days: Sequence[date]) -> list[TradeRow]:
        self._obey()
        return [row for day in days for row in self.rows.get(day, ()) if not row.is_refund]

    def _by_id(self) -> list[Listed]:
        return sorted(self.listed.values(), key=lambda one: one.difference_id)


def _seen(known: Listed, found: Difference, now: datetime) -> Listed:
    settled = known.resolved_at is not None
    if settled and (known.resolved_by != ITSELF or found.settled):
        return known
    again = replace(
        known, difference=replace(found, settled=""), resolved_at=None, resolved_by="", note=""
    )
    return _settled(again, ITSELF, found.settled, now) if found.settled else again


def _settled(one: Listed, by: str, note: str, now: datetime) -> Listed:
    return replace(one, resolved_at=now, resolved_by=by, note=note)
