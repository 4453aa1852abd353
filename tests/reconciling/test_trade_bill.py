"""WeChat's trade bill is read by the names of its header, and believed only as a whole."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backends.errors import StatementBroken
from backends.ports import Totals, TradeRow
from jobs.reconciling.trade_bill import Tally, rows
from tests.reconciling.bills import NOON, SHANGHAI, bill, given_back, paid

DAY = date(2026, 11, 25)
SAMPLE = Path(__file__).with_name("sample.csv").read_bytes()
NUMBERS = st.text("ABCDWxyz0123456789_-|*@", min_size=1, max_size=32)
TIMES = st.integers(0, 10**8).map(lambda passed_s: NOON + timedelta(seconds=passed_s))
ROWS = st.builds(
    TradeRow,
    row_no=st.just(0),
    order_no=NUMBERS,
    transaction_id=NUMBERS,
    amount_fen=st.integers(0, 10**12),
    state=st.sampled_from(["SUCCESS", "REFUND", "PROCESSING"]),
    at=TIMES,
    refund_no=st.just("") | NUMBERS.filter(lambda number: number != "0"),
    refund_id=st.just(""),
)


def read(file: bytes) -> list[TradeRow]:
    return list(rows(BytesIO(file), DAY))


def test_the_sample_of_the_protocol_is_understood() -> None:
    payment, refund = read(SAMPLE)
    assert payment == TradeRow(
        row_no=1,
        order_no="W20260131000001",
        transaction_id="4200000925202101284997714292",
        amount_fen=5670,
        state="SUCCESS",
        at=datetime(2026, 1, 31, 10, 35, 10, tzinfo=SHANGHAI),
    )
    assert refund.is_refund
    assert (refund.refund_no, refund.amount_fen) == ("R20260201000001", 1000)
    assert (refund.refund_id, refund.state) == ("50300207402026013100000001", "SUCCESS")


@given(st.lists(ROWS, max_size=8), st.booleans(), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read_again(found: list[TradeRow], bom: bool, end: str) -> None:
    again = read(bill(found, bom=bom, end=end))
    assert [replace(row, row_no=0) for row in again] == found
    assert [row.row_no for row in again] == list(range(1, len(found) + 1))


def test_columns_may_be_added_and_moved() -> None:
    lines = bill([paid("WD1", 5), given_back("WD2", "R2", 7)], bom=False).decode().splitlines()
    wider = [",".join(("`新" if n in (1, 2, 4) else "新", line)) for n, line in enumerate(lines)]
    assert read("\n".join(wider).encode()) == read("\n".join(lines).encode())


def test_a_comma_in_what_somebody_wrote_moves_nothing() -> None:
    text = bill([paid("WD1", 4392)]).decode().replace("水费 2026", "水费,违约金, 2026")
    assert [row.amount_fen for row in read(text.encode())] == [4392]


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (",订单金额", ",订单总额", "line 1: no 订单金额"),
        (",`43.92,`0.00,`\r", ",`43.92,`0.00\r", "line 2: 26 values, not 27"),
        ("`WD1", "`", "line 2: 商户订单号 is not as it should be"),
        (",`43.92,`0.00,`\r", ",`43.921,`0.00,`\r", "line 2: 订单金额 is not as it should be"),
        (",`43.92,`0.00,`\r", ",`４3.92,`0.00,`\r", "line 2: 订单金额 is not as it should be"),
        (",`43.92,`0.00,`\r", ",`-43.92,`0.00,`\r", "line 2: 订单金额 is not as it should be"),
        ("2026-11-25 12", "2026-13-25 12", "line 2: not as it should be"),
        ("`1,`43.92", "`2,`43.92", "line 4: the summary does not agree with the rows"),
        (",`43.92,`0.00\r", ",`43.93,`0.00\r", "line 4: the summary does not agree with the rows"),
        (",`43.92,`0.00\r\n", ",`43.92,`0.00\r\nmore\r\n", "line 5: something behind the summary"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(before: str, after: str, why: str) -> None:
    text = bill([paid("WD1", 4392)]).decode()
    assert before in text
    with pytest.raises(StatementBroken) as broken:
        read(text.replace(before, after, 1).encode())
    assert broken.value.why == why


def test_a_file_cut_off_behind_any_line_is_broken() -> None:
    whole = bill([paid("WD1", 5), given_back("WD2", "R2", 7)]).splitlines(keepends=True)
    for count in range(len(whole)):
        with pytest.raises(StatementBroken):
            read(b"".join(whole[:count]))


def test_a_line_without_end_is_not_read_to_its_end() -> None:
    with pytest.raises(StatementBroken, match="a line without end"):
        read(bill([]) + b"`" * 10**6)


@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 40))
@settings(max_examples=100, deadline=None)
def test_junk_is_broken_or_a_bill_and_nothing_else(junk: bytes, at: int, instead: int) -> None:
    whole = bill([paid("WD1", 5), given_back("WD2", "R2", 7)])
    for file in (junk, whole[:at] + junk + whole[at + instead :]):
        with suppress(StatementBroken):
            read(file)


def test_an_impossible_file_quotes_nothing_of_itself() -> None:
    with pytest.raises(StatementBroken) as broken:
        read(bill([paid("WD1", 5, at=NOON)]).replace(b"JSAPI", b"\xff\xfe`,`oSecret"))
    assert "oSecret" not in str(broken.value)
    assert broken.value.__cause__ is None


def test_totals_are_those_of_payments_and_of_refunds() -> None:
    tally = Tally()
    for row in (paid("WD1", 5), given_back("WD2", "R2", 7), paid("WD3", 9)):
        tally.add(row)
    assert tally.totals == Totals(payments=2, paid_fen=14, refunds=1, refunded_fen=7)
    assert tally.totals.rows == 3
