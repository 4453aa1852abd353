"""What every `Records` does: the adapter on each database, and the double that other tests use."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    CitizenFollowed,
    CitizenLeft,
    ConsentGiven,
    Effect,
    ProofFactor,
    ProofFailed,
    Role,
)
from backends.records.adapter import SqlRecords, open_records
from tests.fakes import FakeRecords

AnyRecords = SqlRecords | FakeRecords
NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR = timedelta(hours=1)
WEI, QIN = "oWeixin-AbCdEf_0123456789xyz", "oqinqin-AbCdEf_0123456789xyz"
HOME, SHOP = "0100000017", "0100000025"


def link(openid: str = WEI, acct_no: str = HOME, at: datetime = NOON, **changes: object) -> Binding:
    bound = Binding(openid, acct_no, Role.OWNER, BillType.WECHAT_ONLY, ProofFactor.MOBILE, at)
    return replace(bound, **changes)  # type: ignore[arg-type]


@pytest.fixture
def sql_records(upgraded_url: str) -> Iterator[SqlRecords]:
    adapter = open_records(upgraded_url, pool_size=4, statement_timeout_s=5)
    yield adapter
    adapter.close()


class RecordsContract:
    def test_a_stranger_has_no_bindings_no_consent_and_no_failures(
        self, records: AnyRecords
    ) -> None:
        assert records.bindings(WEI) == ()
        assert not records.owner_exists(HOME, other_than=WEI)
        assert not records.has_consent(WEI, "binding", 1)
        assert records.failed_proofs(WEI, NOON - HOUR) == 0
        assert not records.is_following(WEI)
        records.ping()

    def test_bindings_are_answered_oldest_first_and_to_their_citizen_only(
        self, records: AnyRecords
    ) -> None:
        later, earlier = link(acct_no=HOME, at=NOON), link(acct_no=SHOP, at=NOON - HOUR)
        records.commit([AccountsBound((later, earlier)), AccountsBound((link(openid=QIN),))])
        assert records.bindings(WEI) == (earlier, later)

    def test_openids_that_differ_in_case_are_two_citizens(self, records: AnyRecords) -> None:
        records.commit([AccountsBound((link(),)), ConsentGiven(WEI, "binding", 1, NOON)])
        assert records.bindings(WEI.upper()) == ()
        assert not records.has_consent(WEI.upper(), "binding", 1)
        records.commit([AccountsBound((link(openid=WEI.upper()),))])
        assert records.bindings(WEI) == (link(),)

    def test_times_come_back_to_the_microsecond_in_shanghai(self, records: AnyRecords) -> None:
        records.commit([AccountsBound((link(at=NOON.astimezone(ZoneInfo("Asia/Shanghai"))),))])
        (bound,) = records.bindings(WEI)
        assert bound.bound_at == NOON
        assert str(bound.bound_at.tzinfo) == "Asia/Shanghai"

    def test_binding_again_changes_role_and_bill_type_of_the_one_active_binding(
        self, records: AnyRecords
    ) -> None:
        records.commit([AccountsBound((link(),))])
        changed = link(
            at=NOON + HOUR,
            role=Role.PAYER,
            bill_type=BillType.WECHAT_AND_PAPER,
            factor=ProofFactor.METER_CODE,
        )
        records.commit([AccountsBound((changed,))])
        assert records.bindings(WEI) == (replace(changed, bound_at=NOON),)

    def test_an_old_binding_replayed_does_not_undo_a_newer_one(self, records: AnyRecords) -> None:
        old, new = AccountsBound((link(),)), AccountsBound((link(at=NOON + HOUR, role=Role.PAYER),))
        for effect in (old, new, old):
            records.commit([effect])
        assert [bound.role for bound in records.bindings(WEI)] == [Role.PAYER]

    def test_an_owner_is_seen_by_others_and_not_by_oneself(self, records: AnyRecords) -> None:
        records.commit([AccountsBound((link(), link(acct_no=SHOP, role=Role.PAYER)))])
        assert records.owner_exists(HOME, other_than=QIN)
        assert not records.owner_exists(HOME, other_than=WEI)
        assert not records.owner_exists(SHOP, other_than=QIN)

    def test_a_consent_holds_for_its_purpose_and_version_only(self, records: AnyRecords) -> None:
        records.commit([ConsentGiven(WEI, "binding", 2, NOON)])
        assert records.has_consent(WEI, "binding", 2)
        assert not records.has_consent(WEI, "binding", 1)
        assert not records.has_consent(WEI, "photos", 2)
        assert not records.has_consent(QIN, "binding", 2)

    def test_a_failed_proof_counts_once_from_the_time_asked_for(self, records: AnyRecords) -> None:
        failures = [ProofFailed(WEI, f"run1-{n}", NOON + n * HOUR) for n in range(3)]
        records.commit([*failures, ProofFailed(QIN, "run1-0", NOON)])
        records.commit([*failures, failures[0]])
        assert records.failed_proofs(WEI, NOON) == 3
        assert records.failed_proofs(WEI, (NOON + HOUR).astimezone(UTC)) == 2
        assert records.failed_proofs(QIN, NOON) == 1

    def test_a_success_does_not_clear_failed_proofs(self, records: AnyRecords) -> None:
        records.commit([ProofFailed(WEI, "run1-0", NOON)])
        records.commit([AccountsBound((link(at=NOON + HOUR),))])
        assert records.failed_proofs(WEI, NOON) == 1

    def test_who_unsubscribes_keeps_bindings_and_finds_them_on_return(
        self, records: AnyRecords
    ) -> None:
        records.commit([CitizenFollowed(WEI, NOON), AccountsBound((link(),))])
        assert records.is_following(WEI)
        records.commit([CitizenLeft(WEI, NOON + HOUR)])
        assert not records.is_following(WEI)
        records.commit([CitizenFollowed(WEI, NOON + 2 * HOUR)])
        assert records.is_following(WEI)
        assert records.bindings(WEI) == (link(),)

    def test_events_that_arrive_again_or_late_change_nothing(self, records: AnyRecords) -> None:
        came, left = CitizenFollowed(WEI, NOON), CitizenLeft(WEI, NOON + HOUR)
        back = CitizenFollowed(WEI, NOON + 2 * HOUR)
        for effect in (came, left, came):
            records.commit([effect])
        assert not records.is_following(WEI)
        for effect in (back, left, came):
            records.commit([effect])
        assert records.is_following(WEI)

    def test_leaving_wins_over_following_in_the_same_second(self, records: AnyRecords) -> None:
        records.commit([CitizenLeft(WEI, NOON), CitizenFollowed(WEI, NOON)])
        assert not records.is_following(WEI)

    def test_all_effects_of_a_turn_committed_twice_are_committed_once(
        self, records: AnyRecords
    ) -> None:
        turn: list[Effect] = [
            CitizenFollowed(WEI, NOON),
            ConsentGiven(WEI, "binding", 1, NOON),
            ProofFailed(WEI, "run1-0", NOON),
            AccountsBound((link(), link(acct_no=SHOP))),
        ]
        records.commit(turn)
        before = records.bindings(WEI), records.failed_proofs(WEI, NOON)
        records.commit(turn)
        assert (records.bindings(WEI), records.failed_proofs(WEI, NOON)) == before

    def test_committing_nothing_is_fine(self, records: AnyRecords) -> None:
        records.commit([])


class TestSqlRecords(RecordsContract):
    @pytest.fixture
    def records(self, sql_records: SqlRecords) -> AnyRecords:
        return sql_records


class TestFakeRecords(RecordsContract):
    @pytest.fixture
    def records(self) -> AnyRecords:
        return FakeRecords()
