"""What every `Records` does with consents, topics, passwords, notices, private values; and with
“delete my data”."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from backends.ports import (
    AccountsBound,
    BindingChanged,
    CitizenErased,
    CitizenFollowed,
    Consent,
    ConsentGiven,
    ConsentWithdrawn,
    Effect,
    Holdings,
    InviteMade,
    NoticePlanned,
    PasswordFailed,
    PasswordPassed,
    PasswordSet,
    PhotoKept,
    PhotoPurpose,
    ProofFailed,
    Records,
    SubmissionState,
    SubscriptionsAnswered,
    Topic,
    TopicChosen,
)
from backends.records.adapter import open_records
from tests.contract.household import (
    LAN,
    all_that_is_known,
    invite,
    joins,
    link,
    notice,
    topics,
)
from tests.contract.requests import (
    HOME,
    HOUR,
    NOON,
    QIN,
    SHOP,
    WEI,
    kept,
    made,
    picture,
    submission,
)
from tests.fakes import FakeRecords

DONE, OPEN = SubmissionState.DONE, SubmissionState.DELIVERED
ERASED = CitizenErased(WEI, NOON + 5 * HOUR)


def paper(serial: int, hours: int = 0) -> PhotoKept:
    return replace(kept(picture(serial)), purpose=PhotoPurpose.DOCUMENT, at=NOON + hours * HOUR)


class ChoicesContract:
    def test_the_latest_version_of_each_consent_is_answered_oldest_first(
        self, records: Records
    ) -> None:
        records.commit([ConsentGiven(WEI, "real_name", 1, NOON + HOUR)])
        records.commit([ConsentGiven(WEI, "bind_account", 2, NOON + 2 * HOUR)])
        records.commit(
            [ConsentGiven(WEI, "bind_account", 1, NOON), ConsentGiven(QIN, "x", 1, NOON)]
        )
        assert records.consents(WEI) == (
            Consent("real_name", 1, NOON + HOUR),
            Consent("bind_account", 2, NOON + 2 * HOUR),
        )

    def test_a_withdrawn_consent_holds_in_no_version_until_it_is_given_again(
        self, records: Records
    ) -> None:
        first, second = (ConsentGiven(WEI, "real_name", n, NOON) for n in (1, 2))
        other = ConsentGiven(WEI, "bind_account", 1, NOON)
        back = ConsentWithdrawn(WEI, "real_name", NOON + HOUR)
        records.commit([first, second, other, ConsentGiven(QIN, "real_name", 2, NOON)])
        for effect in (back, first, second):
            records.commit([effect])
        assert [one.purpose for one in records.consents(WEI)] == ["bind_account"]
        assert not records.has_consent(WEI, "real_name", 2)
        assert records.has_consent(QIN, "real_name", 2)
        again = ConsentGiven(WEI, "real_name", 2, NOON + 2 * HOUR)
        for effect in (again, back, first):
            records.commit([effect])
        assert records.has_consent(WEI, "real_name", 2)
        assert not records.has_consent(WEI, "real_name", 1)

    def test_only_topics_that_were_chosen_are_known_and_the_last_choice_holds(
        self, records: Records
    ) -> None:
        assert dict(records.topics(WEI)) == {}
        on = TopicChosen(WEI, Topic.OUTAGE, wanted=True, at=NOON)
        off = TopicChosen(WEI, Topic.OUTAGE, wanted=False, at=NOON + HOUR)
        bill = TopicChosen(WEI, Topic.BILL, wanted=False, at=NOON)
        for effect in (on, bill, off, on):
            records.commit([effect])
        assert dict(records.topics(WEI)) == topics(outage=False, bill=False)
        assert dict(records.topics(QIN)) == {}

    def test_the_last_password_holds_and_none_is_empty(self, records: Records) -> None:
        assert records.password(WEI) == ""
        old, new = PasswordSet(WEI, "h1", NOON), PasswordSet(WEI, "h2", NOON + HOUR)
        for effect in (old, new, old):
            records.commit([effect])
        assert (records.password(WEI), records.password(QIN)) == ("h2", "")
        given_up = PasswordSet(WEI, "", NOON + 2 * HOUR)
        for effect in (given_up, new):
            records.commit([effect])
        assert records.password(WEI) == ""

    def test_wrong_passwords_count_once_each_until_a_right_one(self, records: Records) -> None:
        wrong = [PasswordFailed(WEI, f"run1-{n}", NOON + n * HOUR) for n in range(3)]
        records.commit([*wrong, PasswordFailed(QIN, "run1-0", NOON)])
        records.commit(wrong)
        assert records.failed_passwords(WEI, NOON) == 3
        assert records.failed_passwords(WEI, NOON + HOUR) == 2
        passed = PasswordPassed(WEI, NOON + HOUR)
        records.commit([passed, *wrong])
        assert records.failed_passwords(WEI, NOON) == 1
        records.commit([PasswordSet(WEI, "h", NOON + 3 * HOUR), passed, *wrong])
        assert records.failed_passwords(WEI, NOON) == 0
        assert records.failed_passwords(QIN, NOON) == 1
        assert records.password(WEI) == "h"

    def test_a_submission_keeps_its_private_values_as_they_were_sealed(
        self, records: Records
    ) -> None:
        records.commit([made(1, sealed="gAAAAAB-token=="), made(2)])
        found = records.submission(submission(1).number)
        assert found == submission(1, sealed="gAAAAAB-token==")

    def test_what_is_kept_of_a_citizen_is_counted(self, records: Records) -> None:
        records.commit([kept(picture(1)), kept(picture(2), QIN), paper(3), paper(4)])
        records.commit([made(1, state=DONE), made(2), made(3, state=OPEN), made(4, openid=QIN)])
        for planned in (notice(), notice(QIN, "n2"), notice()):
            records.commit([NoticePlanned(QIN, planned, NOON)])
        answers = {"T1": True, "T2": False}
        records.commit([CitizenFollowed(WEI, NOON), SubscriptionsAnswered(WEI, "k", answers, NOON)])
        assert records.holdings(WEI) == Holdings(1, 2, 3, 2, 1, 2, 0)
        assert records.holdings(LAN) == Holdings(0, 0, 0, 0, 0, 0, 0)

    def test_erased_is_all_but_what_is_open_and_the_bare_fact_of_the_rest(
        self, records: Records
    ) -> None:
        closed = made(1, state=DONE, sealed="s", result={"text": "好"}, photo_ids=("photo-1",))
        still = made(2, state=OPEN, sealed="t", photo_ids=("photo-2",))
        records.commit([kept(picture(1)), kept(picture(2)), paper(3), closed, still])
        records.commit([*whole_life(), ERASED])
        assert records.bindings(WEI) == ()
        assert records.consents(WEI) == ()
        assert records.password(WEI) == ""
        assert records.failed_passwords(WEI, NOON) == 0
        assert dict(records.topics(WEI)) == {}
        assert records.holdings(WEI) == Holdings(1, 0, 2, 1, 0, 0, 0)
        bare = submission(1, state=DONE, payload={}, photo_ids=())
        assert records.submission(bare.number) == bare
        kept_on = submission(2, state=OPEN, sealed="t", photo_ids=("photo-2",))
        assert records.submission(kept_on.number) == kept_on

    def test_erasing_ends_the_family_and_its_invitations_and_touches_nobody_else(
        self, records: Records
    ) -> None:
        records.commit([AccountsBound((link(),)), *joins(), InviteMade(invite("open"))])
        own = link(QIN, SHOP)
        records.commit([AccountsBound((own,)), ConsentGiven(QIN, "bind_account", 1, NOON)])
        records.commit([PasswordSet(QIN, "h", NOON), NoticePlanned(WEI, notice(QIN), NOON)])
        records.commit([made(1, openid=QIN, state=DONE), ERASED])
        assert records.bindings(QIN) == (own,)
        assert records.invite("open") == invite("open", state="revoked")
        assert records.has_consent(QIN, "bind_account", 1)
        assert records.password(QIN) == "h"
        assert records.holdings(QIN).notices == 1
        found = records.submission(submission(1).number)
        assert found == submission(1, openid=QIN, state=DONE)

    def test_nothing_older_comes_back_and_nothing_newer_goes_by_a_replay(
        self, records: Records
    ) -> None:
        before = whole_life()
        records.commit([AccountsBound((link(QIN, SHOP),))])
        for effect in (*before, ERASED):
            records.commit([effect])
        known = all_that_is_known(records)
        for effect in before[::-1]:
            records.commit([effect])
        assert all_that_is_known(records) == known
        after = later_life()
        records.commit(after)
        known = all_that_is_known(records)
        for effect in (ERASED, *before, *after[::-1]):
            records.commit([effect])
        assert all_that_is_known(records) == known
        assert records.password(WEI) == "later"
        assert [one.acct_no for one in records.bindings(WEI)] == [HOME]

    def test_everything_replayed_in_any_order_changes_nothing(self, records: Records) -> None:
        told = whole_life()
        for effect in told:
            records.commit([effect])
        known = all_that_is_known(records)
        for effect in (*told[::-1], *told):
            records.commit([effect])
        assert all_that_is_known(records) == known


def whole_life() -> list[Effect]:
    """All that a citizen can do, within four hours."""
    return [
        CitizenFollowed(WEI, NOON),
        ConsentGiven(WEI, "bind_account", 1, NOON),
        ConsentGiven(WEI, "real_name", 1, NOON),
        ConsentWithdrawn(WEI, "real_name", NOON + HOUR),
        ProofFailed(WEI, "run1-1", NOON),
        AccountsBound((link(),)),
        BindingChanged(WEI, HOME, NOON + HOUR, nickname="家", is_default=True),
        *joins(),
        PasswordFailed(WEI, "run2-1", NOON),
        PasswordSet(WEI, "h1", NOON + HOUR),
        PasswordFailed(WEI, "run2-2", NOON + 2 * HOUR),
        PasswordPassed(WEI, NOON + 3 * HOUR),
        PasswordFailed(WEI, "run2-3", NOON + 4 * HOUR),
        TopicChosen(WEI, Topic.OUTAGE, wanted=True, at=NOON),
        TopicChosen(WEI, Topic.OUTAGE, wanted=False, at=NOON + HOUR),
        NoticePlanned(QIN, notice(), NOON + HOUR),
        kept(picture(9)),
    ]


def later_life() -> list[Effect]:
    late = 8 * HOUR
    return [
        ConsentGiven(WEI, "bind_account", 1, NOON + late),
        AccountsBound((link(at=NOON + late),)),
        PasswordSet(WEI, "later", NOON + late),
        TopicChosen(WEI, Topic.BILL, wanted=True, at=NOON + late),
        NoticePlanned(QIN, notice(key="later"), NOON + late),
        replace(kept(picture(8)), at=NOON + late),
        made(9, state=DONE, created_at=NOON + late),
    ]


class TestSqlChoices(ChoicesContract):
    @pytest.fixture
    def records(self, upgraded_url: str) -> Iterator[Records]:
        with closing(open_records(upgraded_url, pool_size=2, statement_timeout_s=5)) as records:
            yield records


class TestFakeChoices(ChoicesContract):
    @pytest.fixture
    def records(self) -> Records:
        return FakeRecords()


def test_the_double_shows_what_others_are_to_be_told() -> None:
    records = FakeRecords([NoticePlanned(QIN, notice(), NOON)])
    records.commit([NoticePlanned(QIN, notice(), NOON), NoticePlanned(QIN, notice(LAN), NOON)])
    assert records.planned == (notice(), notice(LAN))
