"""A day's trade bill from WeChat Pay into our own database: checked as a whole before anything is
kept, taken over in portions, going on where an earlier run was stopped."""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO, Final

from backends.errors import NoStatement
from backends.ports import Gateway, Statement, Statements, Totals, TradeRow
from jobs.reconciling.trade_bill import Tally, rows

PORTION: Final = 2000


@dataclass(frozen=True, slots=True)
class Fetching:
    """`folder`: where the file lies meanwhile, without a name; as large as the bill."""

    gateway: Gateway
    statements: Statements
    folder: Path

    def staged(self, day: date) -> Statement | None:
        """The bill, when all its rows are with us; it never changes once WeChat has made it. An
        empty day is asked about again."""
        known = self.statements.statement(day)
        return known if known and known.is_staged and known.sha1 else None

    def check(self, day: date) -> Totals:
        """What is in it, and nothing is kept."""
        with tempfile.TemporaryFile(dir=self._made()) as file:
            self._receive(day, file)
            return _totals(file, day)

    def fetch(self, day: date, limit: int | None) -> Iterator[int]:
        """How many rows each step has taken over, at most about `limit` of them. StatementNotReady,
        StatementBroken."""
        with tempfile.TemporaryFile(dir=self._made()) as file:
            sha1 = self._receive(day, file)
            totals = _totals(file, day) if sha1 else Totals()
            statement = self.statements.begin(day, sha1, totals)
            if not statement.is_staged:
                yield from self._take_over(
                    statement, islice(_again(file, day), _end(statement, limit))
                )

    def _take_over(self, statement: Statement, found: Iterator[TradeRow]) -> Iterator[int]:
        """Rows that another run has taken over meanwhile are passed over."""
        day, sha1, staged, start = statement.day, statement.sha1, statement.staged, 0
        while portion := list(islice(found, PORTION)):
            rest, end = portion[max(staged - start, 0) :], start + len(portion)
            if rest and self.statements.stage(day, sha1, max(staged, start), rest):
                staged = end
            elif rest:
                staged = self.statements.begin(day, sha1, statement.totals).staged
            start = end
            yield len(rest)

    def _receive(self, day: date, file: IO[bytes]) -> str:
        """The SHA1 of the file; '' when nothing was traded."""
        digest = hashlib.sha1(usedforsecurity=False)
        try:
            with self.gateway.trade_bill(day) as pieces:
                for piece in pieces:
                    digest.update(piece)
                    file.write(piece)
        except NoStatement:
            return ""
        return digest.hexdigest()

    def _made(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder


def _again(file: IO[bytes], day: date) -> Iterator[TradeRow]:
    file.seek(0)
    return rows(file, day)


def _totals(file: IO[bytes], day: date) -> Totals:
    if not file.tell():
        return Totals()
    tally = Tally()
    for row in _again(file, day):
        tally.add(row)
    return tally.totals


def _end(statement: Statement, limit: int | None) -> int | None:
    return None if limit is None else statement.staged + limit
