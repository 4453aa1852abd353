"""The measurement of reconciliation measures what it says: every row is compared, none differs."""

from pathlib import Path

from bench.reconcile import _in_a_process
from bench.reconcile_books import write_books


def test_every_row_of_the_books_agrees(tmp_path: Path) -> None:
    found = _in_a_process(300)
    assert (found.rows, found.counts["compared"]) == (300, 300)
    assert found.counts["open"] == found.counts["failed"] == 0
    assert found.bare_s < found.reconciled_s


def test_the_books_have_a_row_for_each_payment(tmp_path: Path) -> None:
    write_books(tmp_path, 7)
    bill = (tmp_path / "bill.csv").read_text("utf-8-sig").splitlines()
    assert len(bill) == 7 + 3
