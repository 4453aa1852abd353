"""Every statement and table compiles for SQL Server 2012 and later, without a server to ask."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import (
    ClauseElement,
    Connection,
    MetaData,
    Select,
    Table,
    create_engine,
    create_mock_engine,
    event,
    insert,
)
from sqlalchemy.dialects.mssql import pyodbc

from backends.csms import (
    due_queries,
    holder_queries,
    meter_queries,
    request_queries,
    request_tables,
)
from backends.csms import queries as csms
from backends.csms import tables as csms_tables
from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    BindingChanged,
    BindingEnded,
    CitizenErased,
    CitizenFollowed,
    CitizenLeft,
    ConsentGiven,
    ConsentWithdrawn,
    Effect,
    Invite,
    InviteAccepted,
    InviteMade,
    InvitesRevoked,
    Notice,
    NoticePlanned,
    NoticesTold,
    Order,
    OrderDropped,
    OrderItem,
    OrderPlaced,
    PasswordFailed,
    PasswordPassed,
    PasswordSet,
    Photo,
    PhotoKept,
    PhotoPurpose,
    ProofFactor,
    ProofFailed,
    PushFinished,
    PushResult,
    Role,
    Submission,
    SubmissionKind,
    SubmissionMade,
    SubscriptionsAnswered,
    Topic,
    TopicChosen,
    WhyClosed,
)
from backends.records import effects
from backends.records import queries as records
from backends.records import tables as records_tables
from backends.records.schema import upgrade

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LINK = Binding("o1", "0100000017", Role.OWNER, BillType.WECHAT_ONLY, ProofFactor.MOBILE, NOW)
INVITE = Invite("f1", "0100000017", Role.VIEWER, "o1", NOW, NOW + timedelta(hours=24))
MADE = Submission(
    number="W2611220000014",
    key="k1",
    openid="o1",
    acct_no="0100000017",
    kind=SubmissionKind.CONTACT,
    payload={},
    created_at=NOW,
    photo_ids=("p1",),
    sealed="x",
)
PHOTO = Photo("p1", "0" * 64, "image/jpeg", 9, 3, 3, "0" * 64)
ORDER = Order(
    order_no="WD261122120000ABCDEFGHJK",
    openid="o1",
    items=(OrderItem(LINK.acct_no, "B1", "2026-10", 4392),),
    placed_at=NOW,
    expires_at=NOW + timedelta(minutes=15),
)
EFFECTS: list[Effect] = [
    CitizenFollowed("o1", NOW),
    ConsentGiven("o1", "binding", 1, NOW),
    ProofFailed("o1", "run1-0", NOW),
    AccountsBound((LINK,)),
    AccountsBound((LINK,)),
    BindingChanged("o1", LINK.acct_no, NOW, nickname="家", is_default=True),
    InviteMade(INVITE),
    InviteAccepted(
        "f1", replace(LINK, openid="o2", role=Role.VIEWER, invited_by="o1", bound_at=NOW)
    ),
    InvitesRevoked("o1", LINK.acct_no, NOW),
    PasswordSet("o1", "hashed", NOW),
    PasswordFailed("o1", "k", NOW),
    PasswordPassed("o1", NOW),
    TopicChosen("o1", Topic.OUTAGE, wanted=True, at=NOW),
    TopicChosen("o1", Topic.OUTAGE, wanted=False, at=NOW),
    PhotoKept("o1", LINK.acct_no, PhotoPurpose.DOCUMENT, PHOTO, NOW),
    SubmissionMade(MADE),
    NoticePlanned("o1", Notice("k", "n1", "o1", "", {}), NOW),
    NoticesTold("o1", (1,), NOW, pointless=(2,)),
    PushFinished("o1", 7, PushResult.SUCCESS, NOW),
    SubscriptionsAnswered("o1", "k", {"T1": True, "T2": False}, NOW),
    ConsentWithdrawn("o1", "binding", NOW),
    BindingEnded("o1", LINK.acct_no, NOW),
    CitizenErased("o1", NOW),
    CitizenLeft("o1", NOW),
    OrderPlaced(ORDER),
    OrderDropped("o1", ORDER.order_no, WhyClosed.CANCELLED, NOW),
]
READS = {
    f"{module.__name__} {name} {position}": statement
    for module in (csms, meter_queries, holder_queries, due_queries, request_queries, records)
    for name, value in vars(module).items()
    for position, statement in enumerate(value if isinstance(value, tuple) else (value,))
    if isinstance(statement, Select)
}
READS["backends.csms.due_queries bills_due"] = due_queries.bills_due(50)
new_dialect: Callable[[], Any] = pyodbc.dialect


def dialect_of_2012() -> Any:
    dialect = new_dialect()
    dialect.server_version_info = (11, 0)
    dialect._setup_version_attributes()
    return dialect


def compiled(statement: ClauseElement) -> str:
    dialect = dialect_of_2012()
    if isinstance(statement, Select):
        numbers: dict[str, Any] = {"acct_nos": ["0100000017", "01"], "bill_nos": ["B1", "B2"]}
        numbers |= {"acct_no": "0100000017", "after_no": "B1", "openid": "o1", "notice_ids": [1, 2]}
        statement = statement.params(since=NOW, on=NOW.date(), after=7, **numbers)
    arguments = {"render_postcompile": True}
    return str(statement.compile(dialect=dialect, compile_kwargs=arguments)).upper()


def test_no_reading_statement_is_overlooked() -> None:
    of_csms = [name for name in READS if name.startswith("backends.csms")]
    assert len(of_csms) == 42
    assert len(READS) - len(of_csms) == 20


@pytest.mark.parametrize("name", READS)
def test_each_reading_statement_compiles_for_sql_server(name: str) -> None:
    text = compiled(READS[name])
    assert text.startswith("SELECT")
    for foreign in ("LIMIT", "OFFSET", "ROW_NUMBER", " TRUE", "NTEXT"):
        assert foreign not in text


def test_limits_become_top_where_there_is_no_limit() -> None:
    """An offset, which SQL Server would put in its place, walks from the beginning each time."""
    for statement in (
        request_queries.EVENTS.limit(50),
        meter_queries.VISIT_SLOTS,
        due_queries.METERS_TO_READ.limit(50),
        due_queries.bills_due(50),
    ):
        text = compiled(statement)
        assert text.startswith("SELECT TOP ")
        assert "OFFSET" not in text


@pytest.mark.parametrize("table", [request_tables.request, request_tables.request_file], ids=str)
def test_appending_asks_for_nothing_but_the_right_to_insert(table: Table) -> None:
    text = compiled(insert(table))
    assert text.startswith(f"INSERT INTO {table.name.upper()} (")
    for foreign in ("OUTPUT", "IDENTITY", "MERGE", "RETURNING"):
        assert foreign not in text


@pytest.fixture
def executed(tmp_path: Path) -> Iterator[tuple[Connection, list[ClauseElement]]]:
    """A database of ours, and the statements that were executed on it."""
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    upgrade(url)
    engine, statements = create_engine(url), list[ClauseElement]()

    @event.listens_for(engine, "before_execute")
    def record(
        _: Connection, statement: ClauseElement, __: object, given: dict[str, Any], ___: object
    ) -> None:
        is_select = isinstance(statement, Select)
        statements.append(statement.params(given) if is_select else statement)

    with engine.begin() as connection:
        yield connection, statements
    engine.dispose()


def test_each_writing_statement_compiles_for_sql_server(
    executed: tuple[Connection, list[ClauseElement]],
) -> None:
    connection, statements = executed
    for effect in EFFECTS:
        effects.apply(connection, [effect])
    texts = [compiled(statement) for statement in statements]
    assert sum(text.startswith("INSERT INTO ") for text in texts) >= len(EFFECTS) // 2
    assert sum(text.startswith(("UPDATE ", "DELETE ")) for text in texts) >= len(EFFECTS)
    for text in texts:
        for foreign in ("MERGE", "ON CONFLICT", "FOR UPDATE", "RETURNING", "NTEXT"):
            assert foreign not in text


def test_each_kind_of_effect_is_among_them() -> None:
    assert {type(effect) for effect in EFFECTS} == set(get_args(Effect))


def ddl_of(metadata: MetaData) -> str:
    made = list[str]()

    def collect(element: Any, *_: object, **__: object) -> None:
        made.append(str(element.compile(dialect=dialect_of_2012())))

    engine = create_mock_engine("mssql+pyodbc://", collect, module=_NoDriver)
    metadata.create_all(engine, checkfirst=False)
    return "\n".join(made).upper()


class _NoDriver:
    """pyodbc cannot be imported where unixODBC is missing, and compiling needs none of it."""

    paramstyle = "qmark"
    version = "5.0.0"
    SQL_VARCHAR = 12
    SQL_WVARCHAR = -9


def test_the_platform_s_tables_are_made_of_types_that_sql_server_keeps() -> None:
    text = ddl_of(records_tables.metadata)
    assert "CREATE TABLE BINDING" in text
    assert "ID BIGINT NOT NULL IDENTITY" in text
    assert "DATETIME2(6)" in text
    assert "COLLATE LATIN1_GENERAL_BIN2" in text
    for old in ("NTEXT", " DATETIME ", " FLOAT"):
        assert old not in text


def test_the_contract_s_columns_are_exact_and_wide_where_names_need_it() -> None:
    text = ddl_of(csms_tables.metadata)
    assert "OWNER_NAME NVARCHAR(100) NULL" in text
    assert "AMOUNT NUMERIC(12, 2)" in text
    assert "FLOAT" not in text


def test_keys_are_not_sent_as_wide_text_which_would_bypass_the_index() -> None:
    """Given a Unicode parameter, SQL Server converts the whole CHAR column instead."""
    for column in (csms_tables.account.c.acct_no, records_tables.binding.c.openid):
        bound: Any = column.type.dialect_impl(new_dialect())
        assert bound.get_dbapi_type(_NoDriver) == _NoDriver.SQL_VARCHAR
