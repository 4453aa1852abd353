"""The utility's file 对账文件: what WeChat's trade bill of a day was for, one row for each bill.

The same facts make the same bytes: rows by order number, then by item; no clock in it. It appears
whole or not at all, with its SHA-256 beside it (docs/reconciliation.md).
"""

import csv
import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal
from io import TextIOWrapper
from os import fsync
from pathlib import Path
from secrets import token_hex
from typing import IO, Final

from jobs.reconciling.lines import Line
from jobs.reconciling.trade_bill import SHANGHAI

HEADER = (
    "交易流水号",
    "商户订单号",
    "户号",
    "账单号",
    "账务年月",
    "本金",
    "违约金",
    "金额",
    "支付时间",
    "营收缴费号",
    "状态",
)
SUBTOTAL, TOTAL = "小计", "合计"
COPIED_AT_ONCE: Final = 1_048_576


class Paper:
    """The file while it grows; `save` brings it to light."""

    def __init__(self, growing: TextIOWrapper, folder: Path) -> None:
        self._growing = growing
        self._folder = folder
        self._csv = csv.writer(growing)
        self._csv.writerow(HEADER)
        self._sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])

    def add(self, line: Line) -> None:
        row = line.row
        amounts = (line.principal_fen, line.late_fee_fen, line.amount_fen)
        self._csv.writerow(
            (
                row.transaction_id,
                row.order_no,
                line.acct_no,
                line.bill_no,
                line.period,
                *map(_yuan, amounts),
                f"{row.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
                line.pay_no,
                line.status,
            )
        )
        sums = self._sums[line.period]
        sums[0] += 1
        sums[1] += line.principal_fen
        sums[2] += line.late_fee_fen

    def save(self, day: date) -> Path:
        for period, sums in sorted(self._sums.items()):
            self._total(SUBTOTAL, period, sums)
        self._total(TOTAL, "", [sum(each) for each in zip(*self._sums.values(), strict=True)])
        self._growing.seek(0)
        path = self._folder / f"wechat-{day.isoformat()}.csv"
        with _appearing(path) as file:
            while piece := self._growing.buffer.read(COPIED_AT_ONCE):
                file.write(piece)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        with _appearing(path.with_suffix(".csv.sha256")) as file:
            file.write(f"{digest}  {path.name}\n".encode())
        return path

    def _total(self, word: str, period: str, sums: Sequence[int]) -> None:
        count, principal, late_fee = sums or (0, 0, 0)
        amounts = map(_yuan, (principal, late_fee, principal + late_fee))
        self._csv.writerow((word, f"{count}笔", "", "", period, *amounts, "", "", ""))


@contextmanager
def growing(folder: Path) -> Iterator[Paper]:
    """Without a name while it grows, so that nothing is left of a run that was killed."""
    folder.mkdir(parents=True, exist_ok=True)
    # With a mark at its beginning Excel takes it for UTF-8.
    with tempfile.TemporaryFile("w+", encoding="utf-8-sig", newline="", dir=folder) as file:
        yield Paper(file, folder)


@contextmanager
def _appearing(path: Path) -> Iterator[IO[bytes]]:
    part = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            fsync(file.fileno())
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _yuan(fen: int) -> str:
    return str(Decimal(fen).scaleb(-2))
