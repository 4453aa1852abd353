"""The platform's own database when several workers, and more than one release, use it at once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.exc import IntegrityError

from backends.errors import BackendUnavailable
from backends.ports import AccountsBound, CitizenFollowed, ConsentGiven, Effect, ProofFailed
from backends.records.adapter import SqlRecords, open_records
from backends.records.tables import binding, citizen, proof_failure
from tests.contract.test_records import HOME, NOON, QIN, SHOP, WEI, link

WORKERS = 8


@pytest.fixture
def engine(upgraded_url: str) -> Iterator[Engine]:
    engine = create_engine(upgraded_url)
    yield engine
    engine.dispose()


def at_once(work: Callable[[int], None]) -> list[BaseException]:
    """Runs `work` in as many threads as there are workers, let go together."""
    gate, failures = threading.Barrier(WORKERS), list[BaseException]()

    def run(number: int) -> None:
        gate.wait()
        try:
            work(number)
        except BackendUnavailable as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_eight_workers_committing_the_same_effects_leave_one_active_binding(
    upgraded_url: str, engine: Engine
) -> None:
    turn: list[Effect] = [
        CitizenFollowed(WEI, NOON),
        ConsentGiven(WEI, "binding", 1, NOON),
        ProofFailed(WEI, "run1-0", NOON),
        AccountsBound((link(), link(acct_no=SHOP))),
    ]
    workers = [
        open_records(upgraded_url, pool_size=1, statement_timeout_s=20) for _ in range(WORKERS)
    ]
    assert at_once(lambda number: workers[number].commit(turn)) == []
    assert workers[0].bindings(WEI) == (link(), link(acct_no=SHOP))
    for worker in workers:
        worker.close()
    with engine.connect() as connection:
        for table, rows in ((citizen, 1), (binding, 2), (proof_failure, 1)):
            assert connection.scalar(select(func.count()).select_from(table)) == rows


def test_workers_committing_crosswise_all_succeed(upgraded_url: str) -> None:
    """In opposite orders, as deadlocks are made."""
    forth = (link(WEI, HOME), link(QIN, SHOP))
    with closing(open_records(upgraded_url, pool_size=4, statement_timeout_s=20)) as records:

        def work(number: int) -> None:
            for turn in range(5):
                at = NOON + timedelta(seconds=turn)
                here, there = forth if number % 2 else forth[::-1]
                records.commit(
                    [
                        AccountsBound((replace(here, bound_at=at),)),
                        ProofFailed(WEI, f"{number}-{turn}", at),
                        AccountsBound((replace(there, bound_at=at),)),
                    ]
                )

        assert at_once(work) == []
        assert len(records.bindings(WEI)) == 1
        assert records.failed_proofs(WEI, NOON) == WORKERS * 5


def test_an_ended_binding_stays_on_record_and_can_be_followed_by_a_new_one(
    upgraded_url: str, engine: Engine
) -> None:
    with closing(open_records(upgraded_url, pool_size=1, statement_timeout_s=5)) as records:
        for day in range(3):
            at = NOON + timedelta(days=day)
            records.commit([AccountsBound((link(at=at),))])
            _end_all(engine, at + timedelta(hours=1))
            records.commit([AccountsBound((link(at=at),))])  # a replay must not bring it back
            assert records.bindings(WEI) == ()
            assert not records.owner_exists(HOME, other_than=QIN)


def test_the_database_itself_refuses_a_second_active_binding(
    upgraded_url: str, engine: Engine
) -> None:
    """Whatever writes there, be it a clerk with a SQL prompt."""
    with closing(open_records(upgraded_url, pool_size=1, statement_timeout_s=5)) as records:
        records.commit([AccountsBound((link(),))])
    columns = [column for column in binding.c if column.name != "id"]
    with engine.connect() as connection:
        first = connection.execute(select(*columns)).mappings().one()
        with pytest.raises(IntegrityError):
            connection.execute(binding.insert().values(dict(first)))


def _end_all(engine: Engine, at: object) -> None:
    with engine.begin() as connection:
        connection.execute(
            binding.update()
            .where(binding.c.ended_seq == 0)
            .values(ended_at=at, ended_seq=binding.c.id)
        )


def test_a_commit_that_fails_half_way_leaves_nothing(
    upgraded_url: str, records: SqlRecords
) -> None:
    with pytest.raises(BackendUnavailable) as raised:
        records.commit(
            [
                ProofFailed(WEI, "run1-0", NOON),
                AccountsBound((link(),)),
                ConsentGiven(WEI, None, 1, NOON),  # type: ignore[arg-type]
            ]
        )
    assert WEI not in str(raised.value)
    assert raised.value.__context__ is None
    assert records.failed_proofs(WEI, NOON) == 0


@pytest.fixture
def records(upgraded_url: str) -> Iterator[SqlRecords]:
    records = open_records(upgraded_url, pool_size=1, statement_timeout_s=5)
    yield records
    records.close()


def test_a_newer_release_s_role_is_an_outage_and_not_a_crash(
    records: SqlRecords, engine: Engine
) -> None:
    records.commit([AccountsBound((link(),))])
    with engine.begin() as connection:
        connection.execute(binding.update().values(role="landlord"))
    with pytest.raises(BackendUnavailable, match=r"records: .*ValueError"):
        records.bindings(WEI)


def test_times_are_stored_as_utc(records: SqlRecords, engine: Engine) -> None:
    records.commit([ProofFailed(WEI, "run1-0", NOON)])
    with engine.connect() as connection:
        (stored,) = connection.exec_driver_sql("SELECT failed_at FROM proof_failure").one()
    assert str(stored) == "2026-11-22 04:00:00.123456"


def test_a_citizen_s_first_commit_may_collide_with_another_worker_s(
    upgraded_url: str, records: SqlRecords
) -> None:
    """Between one worker's look and its insert, another worker commits the same binding."""
    other = open_records(upgraded_url, pool_size=1, statement_timeout_s=5)
    engine = records._database.engine
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one writer in at a time, so this cannot happen there")
    met = list[str]()

    @event.listens_for(engine, "before_cursor_execute")
    def interfere(_c: object, _u: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO citizen") and not met:
            met.append(statement)
            other.commit([AccountsBound((link(),))])

    records.commit([AccountsBound((link(),))])
    other.close()
    assert len(met) == 1
    assert records.bindings(WEI) == (link(),)
