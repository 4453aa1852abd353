"""A trade bill 交易账单 as rows: CSV of WeChat's own kind, read by the names of its header.

Enters: the file. Leaves: `TradeRow`s, and at the end the assurance that the file's own summary
agrees with them. StatementBroken for whatever else: it says where, and nothing of what stands
there.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import IO, Final
from zoneinfo import ZoneInfo

from backends.errors import StatementBroken
from backends.ports import Totals, TradeRow

LONGEST_LINE: Final = 65_536
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
COLUMNS: Final = (
    "交易时间",
    "微信订单号",
    "商户订单号",
    "交易状态",
    "微信退款单号",
    "商户退款单号",
    "退款状态",
    "订单金额",
    "申请退款金额",
)
SUMMARY: Final = ("总交易单数", "订单总金额", "申请退款总金额")
MARK: Final = b"`"
BETWEEN: Final = b",`"
NO_REFUND: Final = b"0"

_AMOUNT = re.compile(rb"\d{1,12}(\.\d{1,2})?")
_NUMBER = re.compile(rb"[!-~]{1,32}")
_REFUND_NUMBER = re.compile(rb"[!-~]{0,64}")
_STATE = re.compile(rb"[A-Z_]{0,16}")
_TIME = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_COUNT = re.compile(rb"\d{1,10}")


class _Odd(ValueError):
    pass


class Tally:
    """Totals of rows, as they come."""

    def __init__(self) -> None:
        self._payments = self._paid_fen = self._refunds = self._refunded_fen = 0

    def add(self, row: TradeRow) -> None:
        if row.is_refund:
            self._refunds += 1
            self._refunded_fen += row.amount_fen
        else:
            self._payments += 1
            self._paid_fen += row.amount_fen

    @property
    def totals(self) -> Totals:
        return Totals(self._payments, self._paid_fen, self._refunds, self._refunded_fen)


def rows(file: IO[bytes], day: date) -> Iterator[TradeRow]:
    """Only who takes all of them knows that the file is whole: its summary comes last."""
    lines = _Lines(file)
    try:
        yield from _rows(lines)
    except _Odd as odd:
        raise StatementBroken(day, f"line {lines.number}: {odd}") from None
    except ValueError:
        # Its text would quote the file.
        raise StatementBroken(day, f"line {lines.number}: not as it should be") from None


class _Lines:
    """Those that are not empty; `number` of the one that came last."""

    def __init__(self, file: IO[bytes]) -> None:
        self.number = 0
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        while line := self._file.readline(LONGEST_LINE):
            self.number += 1
            if len(line) == LONGEST_LINE:
                raise _Odd("a line without end")
            if line := line.rstrip(b"\r\n"):
                yield line


def _rows(numbered: _Lines) -> Iterator[TradeRow]:
    lines = iter(numbered)
    names = _names(next(lines, b""), COLUMNS)
    take, tally = itemgetter(*map(names.index, COLUMNS)), Tally()
    line = b""
    for row_no, line in enumerate(lines, 1):
        if not line.startswith(MARK):
            break
        row = _row(row_no, take(_fields(line, len(names))))
        tally.add(row)
        yield row
    _compare(line, next(lines, b""), tally.totals)
    if next(lines, None) is not None:
        raise _Odd("something behind the summary")


def _names(line: bytes, wanted: Sequence[str]) -> list[str]:
    names = [name.strip("` ") for name in line.decode("utf-8-sig").split(",")]
    if missing := [name for name in wanted if name not in names]:
        raise _Odd(f"no {missing[0]}")
    return names


def _fields(line: bytes, count: int) -> list[bytes]:
    fields = line[len(MARK) :].split(BETWEEN)
    if len(fields) != count:
        raise _Odd(f"{len(fields)} values, not {count}")
    return fields


def _row(row_no: int, values: Sequence[bytes]) -> TradeRow:
    at, transaction_id, order_no, state, refund_id, refund_no, refunding, paid, back = values
    refund_id = b"" if refund_id == NO_REFUND else refund_id
    refund_no = b"" if refund_no == NO_REFUND else refund_no
    is_refund = bool(refund_id or refund_no)
    moment = datetime.fromisoformat(_text(at, _TIME, "交易时间"))
    return TradeRow(
        row_no=row_no,
        order_no=_text(order_no, _NUMBER, "商户订单号"),
        transaction_id=_text(transaction_id, _NUMBER, "微信订单号"),
        amount_fen=_fen(back, "申请退款金额") if is_refund else _fen(paid, "订单金额"),
        state=_text(refunding if is_refund else state, _STATE, "状态"),
        at=moment.replace(tzinfo=SHANGHAI),
        refund_no=_text(refund_no, _REFUND_NUMBER, "商户退款单号"),
        refund_id=_text(refund_id, _REFUND_NUMBER, "微信退款单号"),
    )


def _compare(names_line: bytes, line: bytes, found: Totals) -> None:
    names = _names(names_line, SUMMARY)
    if not line.startswith(MARK):
        raise _Odd("the summary is missing")
    fields = _fields(line, len(names))
    count, paid, refunded = (fields[names.index(name)] for name in SUMMARY)
    said = (
        int(_text(count, _COUNT, SUMMARY[0])),
        _fen(paid, SUMMARY[1]),
        _fen(refunded, SUMMARY[2]),
    )
    if said != (found.rows, found.paid_fen, found.refunded_fen):
        raise _Odd("the summary does not agree with the rows")


def _fen(value: bytes, name: str) -> int:
    whole, _, part = _text(value, _AMOUNT, name).partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0"))


def _text(value: bytes, pattern: re.Pattern[bytes], name: str) -> str:
    if not pattern.fullmatch(value):
        raise _Odd(f"{name} is not as it should be")
    return value.decode("ascii")
