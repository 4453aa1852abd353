"""What the server sees: the exchange views, their columns and how they are searched."""

from decimal import Decimal

import pytest
from sqlalchemy import Connection, Dialect, Select, Table, inspect, select
from sqlalchemy.dialects.mssql.base import MSDialect
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.schema import CreateIndex, CreateTable

from backends.csms import tables as contract
from backends.csms.adapter import open_csms
from backends.ports import ProofFactor
from sandbox.city import CitySummary
from sandbox.city.schema import INDEXES, metadata
from sandbox.city.schema.views import VIEWS
from tests.city.reading import planted, rows, value

DIALECTS = [MSDialect(), PGDialect()]  # type: ignore[no-untyped-call]
COLUMNS = {
    "wx_account": [
        "acct_no", "owner_name", "address", "use_class", "status", "people_count", "meter_code",
        "mobile", "prepaid_balance", "updated_at", "email", "paper_bill",
    ],
    "wx_bill": [
        "bill_no", "acct_no", "period", "period_from", "period_to", "volume", "amount",
        "paid_amount", "late_fee", "late_fee_as_of", "opened_at", "due_date", "status",
        "prev_value", "value", "is_estimated", "corrects_bill_no",
    ],
    "wx_bill_line": [
        "bill_no", "line_no", "fee_item", "tier_no", "volume", "unit_price", "amount",
    ],
    "wx_payment": [
        "pay_no", "acct_no", "channel", "amount", "paid_at", "state", "channel_txn_no",
    ],
    "wx_payment_bill": ["pay_no", "bill_no", "period", "principal", "late_fee"],
    "wx_meter": [
        "meter_code", "acct_no", "area", "digits", "is_remote", "q3", "last_value", "last_read_on",
        "next_reading_on", "self_streak", "visit_due",
    ],
    "wx_reading": [
        "acct_no", "meter_code", "period", "prev_value", "prev_date", "value", "read_on", "volume",
        "source", "is_estimated",
    ],
    "wx_tier": [
        "acct_no", "use_class", "tier_period", "since", "as_of", "used", "tier1_upto",
        "tier2_upto",
    ],
    "wx_visit": ["visit_no", "acct_no", "reason", "state", "slot_on", "band", "reschedules"],
    "wx_visit_slot": ["slot_no", "area", "slot_on", "band", "free"],
    "wx_real_name": ["acct_no", "holder_name", "since", "benefits_used", "benefits_allowed"],
    "wx_spot_check": [
        "check_no", "acct_no", "meter_code", "sample_kind", "drawn_on", "answer_by", "state",
    ],
    "wx_request": [
        "request_no", "kind", "acct_no", "about", "payload", "created_at", "private",
    ],
    "wx_request_file": [
        "request_no", "file_no", "photo_id", "sha256", "mime", "size_bytes", "url",
    ],
    "wx_event": ["event_id", "kind", "at", "acct_no", "request_no", "ext_no", "data"],
    "wx_bill_lock": ["order_no", "bill_no", "word", "amount", "late_fee", "at", "until"],
}  # fmt: skip


@pytest.mark.parametrize("view", COLUMNS)
def test_the_exchange_views_and_tables_have_exactly_the_agreed_columns(
    city: Connection, view: str
) -> None:
    found = [column["name"] for column in inspect(city).get_columns(view)]
    assert found == COLUMNS[view]


@pytest.mark.parametrize(
    "view", contract.metadata.sorted_tables, ids=[t.name for t in contract.metadata.sorted_tables]
)
def test_no_row_breaks_the_contract_of_the_server(city: Connection, view: Table) -> None:
    required = [column for column in view.columns if not column.nullable]
    for row in city.execute(select(*required).limit(3_000)):
        assert None not in row
    (first,) = city.execute(select(view).limit(1))
    for column in view.columns:
        if first._mapping[column] is not None:
            assert isinstance(first._mapping[column], column.type.python_type), column.name


def test_money_read_through_the_view_is_exact(city: Connection) -> None:
    seen = select(contract.bill.c.bill_no, contract.bill.c.amount, contract.bill.c.volume)
    stored = {b.bill_no: b for b in rows(city, "SELECT bill_no, amount_fen, volume_l FROM bill")}
    for row in city.execute(seen):
        assert row.amount == Decimal(stored[row.bill_no].amount_fen).scaleb(-2)
        assert row.volume == Decimal(stored[row.bill_no].volume_l).scaleb(-3)


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("SELECT * FROM wx_bill WHERE acct_no IN ('1', '2') AND status = 'open'", "ix_bill_acct"),
        ("SELECT * FROM wx_bill WHERE bill_no = '1'", "ux_bill_no"),
        ("SELECT * FROM wx_bill_line WHERE bill_no = '1'", "ux_bill_no"),
        ("SELECT * FROM wx_account WHERE acct_no = '1'", "sqlite_autoindex_account"),
        ("SELECT * FROM wx_payment WHERE acct_no = '1'", "ix_payment_acct"),
        ("SELECT * FROM wx_payment WHERE channel_txn_no IN ('1', '2')", "ix_payment_txn"),
        (
            "SELECT * FROM wx_payment WHERE channel = 'alipay' AND paid_at > '1' AND paid_at < '2'",
            "ix_payment_day",
        ),
        ("SELECT * FROM wx_bill_lock WHERE bill_no = '1'", "ix_bill_lock"),
        ("SELECT * FROM wx_payment_bill WHERE pay_no = '1'", "ux_pay_no"),
        ("SELECT * FROM wx_payment_bill WHERE pay_no = '1'", "ix_alloc_pay"),
        ("SELECT * FROM wx_meter WHERE acct_no IN ('1', '2')", "sqlite_autoindex_account"),
        ("SELECT * FROM wx_meter WHERE acct_no IN ('1', '2')", "ix_visit_acct"),
        ("SELECT * FROM wx_reading WHERE acct_no = '1'", "ix_reading_acct"),
        ("SELECT * FROM wx_tier WHERE acct_no = '1'", "sqlite_autoindex_account"),
        ("SELECT * FROM wx_visit WHERE acct_no = '1'", "ix_visit_acct"),
        ("SELECT * FROM wx_real_name WHERE acct_no = '1'", "ix_real_name_acct"),
        ("SELECT * FROM wx_real_name WHERE acct_no = '1'", "ix_transfer_acct"),
        ("SELECT * FROM wx_spot_check WHERE acct_no IN ('1', '2')", "ix_spot_check_acct"),
    ],
)
def test_looking_up_is_a_probe_of_an_index_never_a_scan(
    city: Connection, statement: str, index: str
) -> None:
    steps = [row.detail for row in rows(city, f"EXPLAIN QUERY PLAN {statement}")]
    assert any(index in step for step in steps)
    # billing_day is one row.
    assert {step.split()[1] for step in steps if step.startswith("SCAN")} <= {"d"}


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (select(contract.bill).where(contract.bill.c.acct_no.in_(["1", "2"])), "ix_bill_acct"),
        (select(contract.account).where(contract.account.c.acct_no == "1"), "account_pkey"),
        (select(contract.bill).where(contract.bill.c.bill_no == "B1"), "ux_bill_no"),
        (select(contract.meter).where(contract.meter.c.acct_no.in_(["1", "2"])), "account_pkey"),
        (select(contract.reading).where(contract.reading.c.acct_no == "1"), "ix_reading_acct"),
        (select(contract.tier).where(contract.tier.c.acct_no == "1"), "account_pkey"),
        (
            select(contract.real_name).where(contract.real_name.c.acct_no == "1"),
            "ix_real_name_acct",
        ),
        (select(contract.payment_bill).where(contract.payment_bill.c.pay_no == "1"), "ux_pay_no"),
    ],
)
def test_statements_with_the_servers_types_use_the_indexes_of_postgresql(
    anywhere: Connection, statement: Select[*tuple[object, ...]], index: str
) -> None:
    """A column of another type than the server's parameter would hide its index."""
    if anywhere.dialect.name != "postgresql":
        pytest.skip("the plan is PostgreSQL's")
    compiled = statement.compile(anywhere, compile_kwargs={"render_postcompile": True})
    plan = anywhere.exec_driver_sql(f"EXPLAIN {compiled}", compiled.params).scalars()
    assert index in "\n".join(map(str, plan))


def test_the_server_proves_and_reads_the_examples(city_url: str, summary: CitySummary) -> None:
    csms = open_csms(city_url, pool_size=1, statement_timeout_s=5)
    try:
        csms.ping()
        for example in summary.examples["several_owed_with_late_fee"]:
            assert example.mobile is not None
            account = csms.prove(example.acct_no, ProofFactor.MOBILE, example.mobile)
            assert account is not None
            assert account.owner_name == example.owner_name
            last = str(example.last_bill_amount)
            assert csms.prove(example.acct_no, ProofFactor.LAST_BILL_AMOUNT, last) == account
            bills = csms.unpaid_bills([example.acct_no])
            assert len(bills) == example.bills_owed
            assert sum(bill.owed for bill in bills) == example.owed
    finally:
        csms.close()


def test_each_bill_of_an_account_has_its_lines(city: Connection) -> None:
    (acct_no,) = planted(city, "people_extension")
    statement = """SELECT b.bill_no, b.amount, SUM(l.amount) AS lines FROM wx_bill b
        JOIN wx_bill_line l ON l.bill_no = b.bill_no WHERE b.acct_no = :no
        GROUP BY b.bill_no, b.amount"""
    found = rows(city, statement, no=acct_no)
    assert len(found) >= 23
    assert all(round(row.lines * 100) == round(row.amount * 100) for row in found)


def test_arrears_are_what_is_owed_after_the_due_date(city: Connection) -> None:
    overdue = """SELECT COUNT(*) FROM wx_bill WHERE status IN ('open', 'partly')
        AND due_date < late_fee_as_of"""
    assert value(city, "SELECT COUNT(*) FROM arrears") == value(city, overdue) > 0


@pytest.mark.parametrize("dialect", DIALECTS, ids=["mssql", "postgresql"])
def test_the_schema_compiles_for_the_database_servers(dialect: Dialect) -> None:
    made = [str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables]
    made += [str(CreateIndex(index).compile(dialect=dialect)) for index in INDEXES]
    assert len(made) > 30
    names = "NVARCHAR" if dialect.name == "mssql" else "VARCHAR"
    assert any(f"owner_name {names}(60)" in ddl for ddl in made)


def test_the_views_use_nothing_that_one_of_the_databases_lacks() -> None:
    for view in VIEWS.values():
        words = view.upper()
        for lacking in ("LIMIT", "||", "::", "IFNULL", "ROUND(", "BOOLEAN", "DATE(", '"'):
            assert lacking not in words
