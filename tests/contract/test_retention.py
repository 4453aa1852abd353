"""What is past its time goes and all else stays: on each database."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Table, create_engine, func, insert, select
from sqlalchemy.dialects.mssql import pyodbc

from backends.ports import (
    AccountsBound,
    BindingEnded,
    CitizenFollowed,
    ConsentGiven,
    ConsentWithdrawn,
    Effect,
    Expiring,
    InviteMade,
    NoticePlanned,
    NoticeState,
    NoticesTold,
    PasswordFailed,
    PhotoKept,
    PhotoPurpose,
    ProofFailed,
    Purged,
    Records,
    SubmissionState,
    SubscriptionsAnswered,
)
from backends.records.adapter import open_records
from backends.records.retention import SqlRetention, open_retention
from backends.records.tables import binding, citizen, invite, metadata, withdrawn_consent
from tests.contract.household import invite as invitation
from tests.contract.household import link, notice
from tests.contract.pushes import sql_desk
from tests.contract.requests import HOME, HOUR, NOON, QIN, WEI, kept, made, picture, submission
from tests.contract.test_outbox_statements import Seen, long_ago, watch

DONE, DELIVERED, STUCK = SubmissionState.DONE, SubmissionState.DELIVERED, SubmissionState.STUCK
DAY = timedelta(days=1)
OLD = NOON - DAY
NEW = NOON + DAY


@pytest.fixture
def records(upgraded_url: str) -> Iterator[Records]:
    with closing(open_records(upgraded_url, pool_size=1, statement_timeout_s=5)) as records:
        yield records


@pytest.fixture
def retention(upgraded_url: str) -> Iterator[SqlRetention]:
    with closing(open_retention(upgraded_url, pool_size=1, statement_timeout_s=5)) as retention:
        yield retention


@pytest.fixture
def engine(upgraded_url: str) -> Iterator[Engine]:
    engine = create_engine(upgraded_url)
    yield engine
    engine.dispose()


def rows(engine: Engine, table: Table) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def photo(serial: int, at: datetime, purpose: PhotoPurpose = PhotoPurpose.METER) -> PhotoKept:
    return replace(kept(picture(serial), at=at), purpose=purpose)


def paper(serial: int, at: datetime = OLD) -> PhotoKept:
    return photo(serial, at, PhotoPurpose.DOCUMENT)


def ended(serial: int, at: datetime = OLD, **changes: Any) -> Effect:
    values: dict[str, Any] = {"state": DONE, "updated_at": at, "created_at": at - DAY}
    return made(serial, **(values | {"photo_ids": ()} | changes))


def purge(retention: SqlRetention, what: Expiring, limit: int = 100) -> Purged:
    """The count foretold is the count removed."""
    due = retention.due(what, NOON)
    gone = retention.purge(what, NOON, limit)
    if limit == 100:
        assert gone.count == due
        assert retention.due(what, NOON) == 0
        assert retention.purge(what, NOON, limit) == Purged(0)
    return gone


def test_private_values_go_after_the_end_and_the_rest_of_it_stays(
    records: Records, retention: SqlRetention
) -> None:
    records.commit([ended(1, sealed="s1"), ended(2, NEW, sealed="s2"), ended(4)])
    records.commit([ended(3, sealed="s3", state=DELIVERED)])
    assert purge(retention, Expiring.PRIVATE).count == 1
    sealed = [getattr(records.submission(submission(n).number), "sealed", "?") for n in (1, 2, 3)]
    assert sealed == ["", "s2", "s3"]
    found = records.submission(submission(1).number)
    assert found is not None
    assert found.payload == submission(1).payload


def test_papers_go_after_the_end_of_what_they_were_for(
    records: Records, retention: SqlRetention
) -> None:
    records.commit([paper(1), paper(2), paper(3), paper(4), photo(5, OLD)])
    records.commit([ended(1, photo_ids=("photo-1", "photo-5"))])
    records.commit([ended(2, NEW, photo_ids=("photo-2",))])
    records.commit([ended(3, state=DELIVERED, photo_ids=("photo-3",))])
    assert purge(retention, Expiring.DOCUMENTS) == Purged(1, ("photo-1",))
    assert purge(retention, Expiring.UNUSED_DOCUMENTS) == Purged(1, ("photo-4",))
    holdings = records.holdings(WEI)
    assert (holdings.photos, holdings.documents) == (1, 2)


def test_photos_of_every_purpose_go_in_the_end(records: Records, retention: SqlRetention) -> None:
    fault = photo(2, OLD, PhotoPurpose.FAULT)
    records.commit([photo(1, OLD), fault, paper(3), photo(4, NEW), made(1, photo_ids=("photo-1",))])
    gone = purge(retention, Expiring.PHOTOS)
    assert sorted(gone.photo_ids) == ["photo-1", "photo-2", "photo-3"]
    assert records.holdings(WEI).photos == 1


def test_of_an_old_submission_the_bare_fact_stays(
    records: Records, retention: SqlRetention
) -> None:
    records.commit([ended(1, sealed="s", result={"text": "好"}, ext_no="R1"), ended(2, NEW)])
    records.commit([ended(3, state=DELIVERED), ended(4, state=STUCK)])
    assert purge(retention, Expiring.CONTENTS).count == 2
    at = {"created_at": OLD - DAY, "updated_at": OLD}
    bare = submission(1, state=DONE, payload={}, photo_ids=(), ext_no="R1", **at)
    assert records.submission(bare.number) == bare
    stuck = records.submission(submission(4).number)
    assert stuck is not None
    assert stuck.payload


def test_notices_go_unless_they_are_still_to_be_sent(
    records: Records, retention: SqlRetention, upgraded_url: str
) -> None:
    records.commit([NoticePlanned(WEI, notice(WEI, f"n{n}"), OLD) for n in range(2)])
    records.commit([NoticePlanned(WEI, notice(QIN), NEW)])
    with sql_desk(upgraded_url) as desk:
        (claimed,) = desk.claim(now=OLD + HOUR, limit=1)
        desk.settle([claimed], NoticeState.KEPT, now=OLD + HOUR)
    records.commit([NoticesTold(WEI, (claimed.notice_id,), NOON)])
    answers = [SubscriptionsAnswered(WEI, f"{at}", {"T1": True}, at) for at in (OLD, NEW)]
    records.commit(answers)
    assert purge(retention, Expiring.NOTICES).count == 2
    assert (records.holdings(WEI).notices, records.holdings(QIN).notices) == (1, 1)


def test_failures_links_invitations_and_withdrawn_consents_go_whole(
    records: Records, retention: SqlRetention, engine: Engine
) -> None:
    for at in (OLD, NEW):
        code = invitation(f"code-{at:%d}", made_at=at - DAY, expires_at=at)
        consent = ConsentGiven(WEI, "real_name", 1, at - HOUR)
        records.commit([ProofFailed(WEI, f"{at}", at), PasswordFailed(WEI, f"{at}", at)])
        records.commit([AccountsBound((link(at=at - HOUR),)), BindingEnded(WEI, HOME, at)])
        records.commit([InviteMade(code), consent, ConsentWithdrawn(WEI, "real_name", at)])
    records.commit([AccountsBound((link(QIN, at=OLD),)), ConsentGiven(QIN, "x", 1, OLD)])
    assert purge(retention, Expiring.FAILURES).count == 2
    assert records.failed_proofs(WEI, OLD) == records.failed_passwords(WEI, OLD) == 1
    for what, table in (
        (Expiring.ENDED_LINKS, binding),
        (Expiring.INVITES, invite),
        (Expiring.WITHDRAWN_CONSENTS, withdrawn_consent),
    ):
        before = rows(engine, table)
        assert purge(retention, what).count == 1
        assert rows(engine, table) == before - 1
    assert records.bindings(QIN)
    assert records.has_consent(QIN, "x", 1)


def test_a_batch_is_no_larger_than_asked_for_but_for_what_has_the_same_time(
    records: Records, retention: SqlRetention
) -> None:
    at = [OLD + timedelta(minutes=n) for n in (0, 1, 1, 2, 3)]
    records.commit([ProofFailed(WEI, f"k{n}", moment) for n, moment in enumerate(at)])
    counts = [purge(retention, Expiring.FAILURES, limit=2).count for _ in range(3)]
    assert counts == [3, 2, 0]


def everything(retention: SqlRetention) -> None:
    for what in Expiring:
        retention.due(what, OLD - 1000 * DAY)
        retention.purge(what, OLD - 1000 * DAY, 5)


def everything_due(retention: SqlRetention) -> None:
    for what in Expiring:
        retention.purge(what, NOON, 5)


def test_every_statement_compiles_for_sql_server(records: Records, retention: SqlRetention) -> None:
    seen = Seen()
    watch(retention._database.engine, seen)
    records.commit([paper(1), paper(2), photo(3, OLD), ended(1, photo_ids=("photo-1",))])
    records.commit([ended(2, sealed="s"), NoticePlanned(WEI, notice(), OLD)])
    records.commit([ProofFailed(WEI, "k", OLD), PasswordFailed(WEI, "k", OLD)])
    everything(retention)
    everything_due(retention)
    assert len(seen.built) > 25
    dialect: Any = pyodbc.dialect()  # type: ignore[no-untyped-call]
    dialect.server_version_info = (11, 0)
    dialect._setup_version_attributes()
    for statement in seen.built.values():
        compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        for foreign in (" LIMIT ", "OFFSET", "RETURNING", "ON CONFLICT"):
            assert foreign not in str(compiled).upper()


def test_looking_for_what_is_due_costs_the_same_however_much_is_kept(
    upgraded_url: str, engine: Engine
) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite counts its steps")
    steps = []
    for count in (20, 2_000):
        with engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
        long_ago(engine, count)
        links_of_old(engine, count)
        seen = Seen()
        with closing(open_retention(upgraded_url, pool_size=1, statement_timeout_s=5)) as opened:
            watch(opened._database.engine, seen)
            everything(opened)
        steps.append(seen.steps.total())
    assert steps[1] < steps[0] * 1.1


def links_of_old(engine: Engine, count: int) -> None:
    with engine.begin() as connection:
        openids = connection.execute(select(citizen.c.openid).limit(count)).scalars().all()
        same = {"role": "owner", "factor": "mobile", "bill_type": "wechat_only"}
        times = {"bound_at": OLD, "changed_at": OLD, "ended_at": NOON}
        links = [
            {"openid": who, "acct_no": HOME, "ended_seq": n + 1, **same, **times}
            for n, who in enumerate(openids)
        ]
        connection.execute(insert(binding), links)


def test_a_citizen_who_only_follows_has_nothing_that_expires(
    records: Records, retention: SqlRetention
) -> None:
    records.commit([CitizenFollowed(WEI, OLD)])
    assert {what: retention.due(what, NEW) for what in Expiring} == dict.fromkeys(Expiring, 0)
