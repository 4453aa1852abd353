"""Every statement of the push ledger: it compiles for SQL Server, and it costs no more when a
hundred times as much is done, kept or still to come."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, insert, text
from sqlalchemy.dialects.mssql import pyodbc

from backends.ports import (
    AccountsBound,
    Channel,
    CitizenErased,
    Duty,
    Lane,
    NoticePlanned,
    NoticeState,
    NoticesTold,
    PushFinished,
    PushResult,
    Role,
    SubmissionKind,
    SubscriptionsAnswered,
    Topic,
    TopicChosen,
)
from backends.records.adapter import open_records
from backends.records.job_log import open_job_log
from backends.records.ledger import open_ledger
from backends.records.tables import acceptance, metadata, notification, push_run
from backends.records.tables import citizen as citizens
from backends.records.tables import subscription as subscriptions
from tests.contract.household import link
from tests.contract.pushes import LATER, Desk, notice
from tests.contract.requests import HOME, HOUR, NOON, QIN, SECOND, WEI
from tests.contract.test_outbox_statements import Seen, told, watch

ACCEPTED, KEPT, PLANNED, DELIVERED = (
    NoticeState.ACCEPTED,
    NoticeState.KEPT,
    NoticeState.PLANNED,
    NoticeState.DELIVERED,
)
YEAR = 365 * 24 * HOUR
WALKED = r"(Seq Scan on|SCAN) (notification|citizen|subscription|acceptance)\b"


def everything(desk: Desk) -> None:
    """Each method of the port and each effect on the ledger, so that each statement is seen."""
    desk.records.commit([AccountsBound((link(), link(QIN)))])
    desk.records.commit([TopicChosen(WEI, Topic.OUTAGE, wanted=True, at=NOON)])
    desk.ledger.plan([notice("1"), notice("2"), notice("1", kind="bill_due")], NOON)
    desk.records.commit([NoticePlanned(WEI, notice("3", QIN), NOON)])
    answers = ("a", {"T1": True, "T2": False}), ("b", {"T1": True})
    desk.records.commit([SubscriptionsAnswered(WEI, key, said, NOON) for key, said in answers])
    assert desk.ledger.unplanned([notice("1"), notice("9")]) == 1
    claim_and_settle(desk)
    look(desk)
    for change in (desk.ledger.pause, desk.ledger.resume, desk.ledger.cancel):
        change(desk.ledger.runs(NOON.date())[0].run_id, LATER)
    desk.records.commit([CitizenErased(QIN, LATER)])


def claim_and_settle(desk: Desk) -> None:
    assert sum(one.waiting for one in desk.ledger.backlog(LATER)) == 4
    claimed = desk.claim(limit=4)
    desk.ledger.standing(claimed, pushed_since=NOON)
    one, two, three, four = claimed
    subscribed = {"channel": Channel.SUBSCRIPTION, "template_id": "T1"}
    desk.settle([one], ACCEPTED, msg_id=1, **subscribed)
    desk.settle([two], ACCEPTED, msg_id=2)
    desk.settle([three], PLANNED, not_before=LATER, channel=Channel.CHAT)
    desk.settle([four], KEPT, channel=Channel.NEXT_MESSAGE)
    assert len(desk.ledger.kept(after_id=four.notice_id - 1, limit=5)) == 1
    desk.records.commit([NoticesTold(four.notice.openid, (four.notice_id,), LATER)])
    whose = one.notice.openid
    desk.records.commit([PushFinished(whose, 1, PushResult.SYSTEM_FAILED, LATER)])
    desk.ledger.result(99, WEI, PushResult.SUCCESS, LATER)
    desk.ledger.result(3, WEI, PushResult.SUCCESS, LATER)
    (again, *_) = desk.claim("ben 1", limit=1)
    desk.settle([again], ACCEPTED, "ben 1", msg_id=3)
    swept = desk.ledger.sweep(LATER + HOUR, silent_before=LATER + SECOND, limit=5)
    assert sum(swept.values()) > 0


def look(desk: Desk) -> None:
    desk.ledger.accepted_since(LATER)
    for run in desk.ledger.runs(NOON.date()):
        desk.ledger.reasons(run.run_id)
        desk.ledger.waits(run.run_id)
        desk.ledger.run(run.run_id)
    desk.ledger.paused()
    desk.ledger.unfinished(NOON.date() + timedelta(days=1))
    for topic in (None, Topic.BILL, Topic.OUTAGE):
        desk.ledger.concerned([HOME], roles=Role, topic=topic)
    for topic in (Topic.BILL, Topic.OUTAGE):
        desk.ledger.subscribers(topic, after="oW", limit=5)
    desk.ledger.bindings_of([WEI, QIN])
    desk.ledger.earlier(["outage_planned", "outage_changed"], [WEI, QIN])
    desk.ledger.asked_for(SubmissionKind.READING, [HOME], NOON)


def elsewhere(engine: Engine, count: int) -> None:
    """So many citizens with notices that are done, kept, far ahead, held, or with WeChat now."""
    others = [f"o{serial:06d}" for serial in range(count)]
    states = [*NoticeState]
    states.remove(NoticeState.CLAIMED)
    rows = [row(serial, others, state) for serial in range(count) for state in states]
    with engine.begin() as connection:
        people = [{"openid": who, "first_seen_at": NOON} for who in [*others, WEI, QIN]]
        connection.execute(insert(citizens), people)
        connection.execute(insert(notification), rows)
        runs = [{"kind": f"k{n}", "day": (NOON - YEAR).date(), "state": "active"} for n in range(9)]
        connection.execute(insert(push_run), runs)
        chosen = {"topic": "outage", "wanted": True, "chosen_at": NOON}
        connection.execute(insert(subscriptions), [{"openid": who, **chosen} for who in others])
        left = {"template_id": "T1", "left_over": 1, "answered_at": NOON}
        connection.execute(insert(acceptance), [{"openid": who, **left} for who in others])


def row(serial: int, others: list[str], state: NoticeState) -> dict[str, Any]:
    """Not due before next year, not stale, not silent."""
    ahead = {"due_at": NOON + YEAR, "valid_until": NOON + 2 * YEAR, "state": state.value}
    key = {"notice_key": state.value, "full_key": f"{state.value}:{serial}"}
    long_ago = {"template_at": NOON - YEAR, "accepted_at": NOON - YEAR}
    return {**told(2 * serial, others), **ahead, **key, **long_ago}


@pytest.fixture
def engine(upgraded_url: str) -> Iterator[Engine]:
    engine = create_engine(upgraded_url)
    yield engine
    engine.dispose()


def run(url: str) -> Seen:
    seen = Seen()
    with (
        closing(open_records(url, pool_size=1, statement_timeout_s=5)) as records,
        closing(open_ledger(url, pool_size=1, statement_timeout_s=5, long_term=False)) as ledger,
    ):
        for port in (records, ledger):
            watch(port._database.engine, seen)
        everything(Desk(records, ledger))
    return seen


def test_every_statement_compiles_for_sql_server(upgraded_url: str) -> None:
    seen = run(upgraded_url)
    with closing(open_job_log(upgraded_url, pool_size=1, statement_timeout_s=5)) as job_log:
        watch(job_log._database.engine, seen)
        job_log.end(job_log.begin("purge", NOON), "ok", {}, NOON)
        job_log.latest()
        job_log.ended_well()
        job_log.expect(["visits"], NOON)
        job_log.seen(Duty.CARRY, NOON)
        job_log.last_seen()
    dialect: Any = pyodbc.dialect()  # type: ignore[no-untyped-call]
    dialect.server_version_info = (11, 0)
    dialect._setup_version_attributes()
    compiled = [
        str(one.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})).upper()
        for one in seen.built.values()
    ]
    assert len(compiled) > 50
    for words in compiled:
        for foreign in (" LIMIT ", "OFFSET", "ROW_NUMBER", "RETURNING", "ON CONFLICT", "FOR UPD"):
            assert foreign not in words
    assert any("FROM NOTIFICATION WITH (UPDLOCK, READPAST, ROWLOCK)" in one for one in compiled)
    assert any("FROM PUSH_RUN WITH (REPEATABLEREAD)" in one for one in compiled)


def test_no_statement_takes_more_steps_when_there_is_much_more_elsewhere(
    upgraded_url: str, engine: Engine
) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite counts its steps; PostgreSQL's plans are read below")
    elsewhere(engine, 20)
    short = run(upgraded_url).steps
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    elsewhere(engine, 1_000)
    long = run(upgraded_url).steps
    assert len(short) > 50
    assert short.keys() == long.keys()
    grown = {sql: (short[sql], long[sql]) for sql in short if long[sql] > short[sql] + 60}
    assert grown == {}


def test_a_claim_takes_as_many_steps_however_much_waits(upgraded_url: str, engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite counts its steps")
    steps = []
    for count in (300, 3_000):
        with engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
        elsewhere(engine, count)
        with engine.begin() as connection:
            connection.execute(notification.update().values(due_at=NOON, valid_until=None))
        seen = Seen()
        with closing(
            open_ledger(upgraded_url, pool_size=1, statement_timeout_s=5, long_term=False)
        ) as ledger:
            watch(ledger._database.engine, seen)
            claimed = ledger.claim(tuple(Lane), worker="ann", now=LATER, lease_s=60, limit=50)
            assert len(claimed) == 50
        steps.append(seen.steps.total())
    assert steps[1] < steps[0] * 1.1


def test_no_statement_reads_a_table_from_end_to_end(upgraded_url: str, engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("PostgreSQL tells its plan; SQLite's steps are counted above")
    elsewhere(engine, 1_000)
    sent = run(upgraded_url).sent
    assert len(sent) > 40
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        for sql, parameters in sent.items():
            one = parameters[0] if isinstance(parameters, list) else parameters
            plan = connection.exec_driver_sql(f"EXPLAIN {sql}", one).scalars().all()
            assert not re.search(WALKED, str(plan)), sql
