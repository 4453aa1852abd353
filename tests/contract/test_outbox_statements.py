"""Every statement on submissions, photos and cursors: it compiles for SQL Server, and it costs no
more when a hundred times as much is long done."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import (
    ClauseElement,
    Connection,
    Engine,
    Select,
    create_engine,
    event,
    insert,
    text,
)
from sqlalchemy.dialects.mssql import pyodbc

from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    Changes,
    Channel,
    CitizenFollowed,
    Lane,
    Notice,
    NoticeState,
    NoticesTold,
    ProofFactor,
    Role,
    Settlement,
    SubmissionChange,
    SubmissionKind,
    SubmissionState,
)
from backends.records.adapter import SqlRecords, open_records
from backends.records.ledger import SqlLedger
from backends.records.outbox import SqlOutbox, open_outbox
from backends.records.submission_rows import from_submission
from backends.records.tables import citizen, metadata, notification, photo, submission
from tests.contract import requests as make
from tests.contract.household import everything_of
from tests.contract.requests import HOME, MINUTE, NOON, QIN, SHOP, WEI, kept, made, picture

LATER = NOON + 60 * MINUTE
DAY = 24 * 60 * MINUTE
new_dialect: Callable[[], Any] = pyodbc.dialect


@dataclass(slots=True)
class Seen:
    """Each different statement once: as built, and as the database got it."""

    built: dict[str, ClauseElement] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)
    steps: Counter[str] = field(default_factory=Counter)
    now: str = ""

    def step(self) -> int:
        self.steps[self.now] += 1
        return 0


def watch(engine: Engine, seen: Seen) -> None:
    def built(
        _: Connection, statement: ClauseElement, __: object, given: dict[str, Any], ___: object
    ) -> None:
        if isinstance(statement, Select):
            statement = statement.params(given)
        seen.built.setdefault(str(statement), statement)

    def sent(_c: Connection, _u: object, statement: str, parameters: Any, *_: object) -> None:
        seen.now = statement
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            seen.sent.setdefault(statement, parameters)

    def connected(connection: Any, _: object) -> None:
        if engine.dialect.name == "sqlite":
            connection.set_progress_handler(seen.step, 1)

    event.listen(engine, "before_execute", built)
    event.listen(engine, "before_cursor_execute", sent)
    event.listen(engine, "connect", connected)


def everything(records: SqlRecords, outbox: SqlOutbox) -> None:
    """Each method of either port, so that each statement is seen."""
    link = Binding(WEI, HOME, Role.OWNER, BillType.WECHAT_ONLY, ProofFactor.MOBILE, NOON)
    records.commit([CitizenFollowed(QIN, NOON), AccountsBound((link,))])
    photos = [kept(picture(serial, at_end)) for serial, at_end in ((1, "f0" * 32), (2, ""))]
    records.commit([*photos, made(1), made(2), made(3, SHOP), made(4, "")])
    records.photo_seen(WEI, HOME, picture(9, "f0" * 32, sha256="9" * 64))
    records.submissions(WEI, 5)
    records.submissions_for(HOME, "reading", NOON)
    numbers = [one.number for one in map(make.submission, range(5))]
    outbox.claim("csms", worker="ann", now=LATER, lease_s=60, limit=5)
    outbox.handed_over(
        numbers[1],
        worker="ann",
        state=SubmissionState.DELIVERED,
        ext_no="R1",
        result={},
        now=LATER,
    )
    outbox.postpone(numbers[3], worker="ann", why="down", until=LATER + MINUTE)
    outbox.give_up(numbers[4], worker="ann", why="refused", now=LATER)
    outbox.resend(numbers[4], LATER)
    outbox.listing(state="stuck", limit=5)
    outbox.listing(state="", limit=5)
    outbox.counts(SubmissionState.QUEUED, SubmissionState.STUCK)
    outbox.photo_rows(["photo-1", "photo-2"])
    outbox.by_ext_no("csms", "R1")
    outbox.bound_to(HOME)
    outbox.is_following(WEI)
    tell(records, outbox, numbers[2])
    everything_of(records, outbox)


def tell(records: SqlRecords, outbox: SqlOutbox, number: str) -> None:
    outbox.hold("events:csms", worker="ann", now=LATER, lease_s=60)
    notices = tuple(Notice("bill_opened", key, WEI, HOME, {}) for key in "ab")
    change = SubmissionChange(number, SubmissionState.DONE, "R2", {"text": "好"})
    outbox.take_event("events:csms", 1, Changes((change,), notices), worker="ann", now=LATER)
    ledger = SqlLedger(outbox._database, long_term=False)
    claimed = ledger.claim(tuple(Lane), worker="ann", now=LATER, lease_s=60, limit=5)
    kept = [Settlement(one.notice_id, NoticeState.KEPT, Channel.NEXT_MESSAGE) for one in claimed]
    ledger.settle(kept, worker="ann", now=LATER)
    records.commit([NoticesTold(WEI, (claimed[0].notice_id,), LATER)])


def long_ago(engine: Engine, count: int) -> None:
    """A past of so many submissions and photos by others, and notices: nothing of it open."""
    with engine.begin() as connection:
        others = [f"o{serial}" for serial in range(count)]
        people = [{"openid": who, "first_seen_at": NOON} for who in [*others, WEI, QIN]]
        connection.execute(insert(citizen), people)
        connection.execute(insert(submission), [done(n, who) for n, who in enumerate(others)])
        connection.execute(insert(photo), [old_photo(n, who) for n, who in enumerate(others)])
        connection.execute(insert(notification), [told(n, others) for n in range(2 * count)])


def done(serial: int, openid: str) -> dict[str, Any]:
    past = make.submission(
        serial,
        f"{serial:010d}",
        number=f"W25{serial:011d}",
        key=f"old{serial}",
        openid=openid,
        kind=SubmissionKind.FAULT if serial % 2 else SubmissionKind.READING,
        state=SubmissionState.DONE,
        ext_no=f"WO{serial}",
        created_at=NOON - serial * MINUTE,
    )
    return from_submission(past)


def old_photo(serial: int, openid: str) -> dict[str, Any]:
    return {
        "photo_id": f"old{serial}",
        "openid": openid,
        "acct_no": f"{serial:010d}",
        "purpose": "meter",
        "sha256": f"{serial:064x}",
        "mime": "image/jpeg",
        "size_bytes": 1,
        "width": 1,
        "height": 1,
        "print_hash": "",
        "submission_no": "W1",
        "kept_at": NOON,
    }


def told(serial: int, others: list[str]) -> dict[str, Any]:
    """With every column filled in, so that no index leaves it out."""
    openid = others[serial // 2]
    return {
        "kind": "bill_opened",
        "notice_key": f"old{serial}",
        "openid": openid,
        "full_key": f"bill_opened:old{serial}:{openid}",
        "acct_no": "",
        "view_values": {},
        "run_id": -1,
        "lane": 3,
        "state": (NoticeState.DELIVERED, NoticeState.TOLD)[serial % 2].value,
        "channel": "template",
        "due_at": NOON,
        "wanted_at": NOON,
        "valid_until": NOON,
        "attempts": 1,
        "claimed_by": "",
        "msg_id": -serial,
        "reason": "",
        "failures": 0,
        "failed_on": "",
        "accepted_at": NOON,
        "template_at": NOON - DAY,
        "prompt": 1,
        "created_at": NOON,
        "updated_at": NOON,
    }


@pytest.fixture
def engine(upgraded_url: str) -> Iterator[Engine]:
    engine = create_engine(upgraded_url)
    yield engine
    engine.dispose()


def run(url: str) -> Seen:
    seen = Seen()
    with (
        closing(open_records(url, pool_size=1, statement_timeout_s=5)) as records,
        closing(open_outbox(url, pool_size=1, statement_timeout_s=5)) as outbox,
    ):
        for port in (records, outbox):
            watch(port._database.engine, seen)
        everything(records, outbox)
    return seen


def test_every_statement_compiles_for_sql_server(upgraded_url: str) -> None:
    built = run(upgraded_url).built
    assert len(built) > 40
    dialect = new_dialect()
    dialect.server_version_info = (11, 0)
    dialect._setup_version_attributes()
    for statement in built.values():
        compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        words = str(compiled).upper()
        for foreign in (" LIMIT ", "OFFSET", "ROW_NUMBER", "RETURNING", "ON CONFLICT", "FOR UPD"):
            assert foreign not in words


def test_no_statement_takes_more_steps_when_much_more_is_long_done(
    upgraded_url: str, engine: Engine
) -> None:
    """SQLite counts the steps of its machine: the same work after a short and a long past."""
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite counts its steps; PostgreSQL's plans are read below")
    long_ago(engine, 20)
    short = run(upgraded_url).steps
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    long_ago(engine, 2_000)
    long = run(upgraded_url).steps
    assert len(short) > 40
    assert short.keys() == long.keys()
    grown = {sql: (short[sql], long[sql]) for sql in short if long[sql] > short[sql] + 40}
    assert grown == {}


def test_looking_for_work_takes_as_many_steps_however_much_is_queued(
    upgraded_url: str, engine: Engine
) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite counts its steps")
    steps = []
    for count in (10, 1_000):
        seen = Seen()
        with (
            closing(open_records(upgraded_url, pool_size=1, statement_timeout_s=5)) as records,
            closing(open_outbox(upgraded_url, pool_size=1, statement_timeout_s=5)) as outbox,
        ):
            records.commit([made(count + n, f"{n % 10:010d}") for n in range(count)])
            watch(outbox._database.engine, seen)
            for worker in ("ann", "ben"):
                outbox.claim("csms", worker=worker, now=LATER, lease_s=60, limit=20)
        steps.append(seen.steps.total())
    assert steps[1] < steps[0] * 1.1


def test_no_statement_reads_a_table_from_end_to_end(upgraded_url: str, engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("PostgreSQL tells its plan; SQLite's steps are counted above")
    long_ago(engine, 2_000)
    sent = run(upgraded_url).sent
    assert len(sent) > 30
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        for sql, parameters in sent.items():
            plan = connection.exec_driver_sql(f"EXPLAIN {sql}", parameters).scalars().all()
            assert not re.search(
                r"Seq Scan on (submission|photo|notification|citizen)", str(plan)
            ), sql
