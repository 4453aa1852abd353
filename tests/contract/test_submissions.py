"""What every `Records` does with submissions and photos: the adapter on each database, and the
double."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC

import pytest
from sqlalchemy import event

from backends.errors import NumberTaken
from backends.ports import ConsentGiven, Effect, NoticesTold, SubmissionKind, SubmissionState
from backends.records.adapter import SqlRecords, open_records
from tests.contract.requests import (
    HOME,
    HOUR,
    MINUTE,
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

AnyRecords = SqlRecords | FakeRecords
FAULT = SubmissionKind.FAULT
PRINT = "f0" * 32
NEAR = "f0" * 31 + "ff"
FAR = "0f" * 32


def used(*serials: int, serial: int = 500) -> Effect:
    """A submission made with these photos."""
    return made(serial, photo_ids=tuple(f"photo-{one}" for one in serials))


class SubmissionsContract:
    def test_a_submission_comes_back_as_it_was_made(self, records: AnyRecords) -> None:
        wanted = submission(1, parent_no="W2611220000000")
        records.commit([made(1, parent_no="W2611220000000")])
        found = records.submission(wanted.number)
        assert found == wanted
        assert found is not None
        assert str(found.created_at.tzinfo) == "Asia/Shanghai"

    def test_a_report_of_a_place_keeps_its_coordinates_and_its_missing_ones(
        self, records: AnyRecords
    ) -> None:
        payload = {"fault": "BURST", "place": {"text": "青年路", "lat": 25.04, "lon": None}}
        records.commit([made(1, "", kind=FAULT, payload=payload, photo_ids=())])
        found = records.submission(submission(1).number)
        assert found is not None
        assert (found.payload, found.photo_ids, found.acct_no) == (payload, (), "")

    def test_an_unknown_number_is_nobody_s(self, records: AnyRecords) -> None:
        records.commit([made(1)])
        assert records.submission(submission(2).number) is None
        assert records.submission("") is None

    def test_the_same_answer_submitted_again_makes_nothing_new(self, records: AnyRecords) -> None:
        records.commit([made(1)])
        records.commit([made(1, number="W2611229999999", payload={"value": 2})])
        assert records.submissions(WEI, 10) == (submission(1),)

    def test_a_number_of_another_submission_is_refused_with_all_that_came_with_it(
        self, records: AnyRecords
    ) -> None:
        records.commit([made(1)])
        taken = submission(1).number
        with pytest.raises(NumberTaken):
            records.commit(
                [ConsentGiven(QIN, "photos", 1, NOON), made(2, number=taken, openid=QIN)]
            )
        assert not records.has_consent(QIN, "photos", 1)
        assert records.submissions(QIN, 10) == ()
        assert records.submission(taken) == submission(1)

    def test_two_submissions_of_one_commit_cannot_share_a_number(self, records: AnyRecords) -> None:
        with pytest.raises(NumberTaken):
            records.commit([made(1), made(2, number=submission(1).number)])
        assert records.submissions(WEI, 10) == ()

    def test_a_citizen_s_submissions_are_answered_newest_first_and_no_more_than_asked_for(
        self, records: AnyRecords
    ) -> None:
        records.commit([made(2), made(1), made(3, SHOP)])
        records.commit([made(4, openid=QIN), made(5, openid=WEI.upper())])
        assert records.submissions(WEI, 10) == (submission(3, SHOP), submission(2), submission(1))
        assert records.submissions(WEI, 2) == (submission(3, SHOP), submission(2))

    def test_of_two_made_in_the_same_second_the_later_one_is_newer(
        self, records: AnyRecords
    ) -> None:
        records.commit([made(1, created_at=NOON), made(2, created_at=NOON)])
        assert [one.number for one in records.submissions(WEI, 9)] == [
            submission(2).number,
            submission(1).number,
        ]

    def test_an_account_s_submissions_are_those_of_all_citizens_of_the_kind_since_then(
        self, records: AnyRecords
    ) -> None:
        records.commit([made(1), made(2, openid=QIN), made(3, SHOP), made(4, kind=FAULT)])
        since = submission(1).created_at
        found = records.submissions_for(HOME, "reading", since.astimezone(UTC))
        assert found == (submission(2, openid=QIN), submission(1))
        assert records.submissions_for(HOME, "reading", since + MINUTE) == ()
        assert records.submissions_for(HOME, "fault", since) == (submission(4, kind=FAULT),)

    def test_the_same_bytes_under_another_photo_are_seen(self, records: AnyRecords) -> None:
        records.commit([kept(picture(1)), used(1)])
        again = picture(2, sha256=picture(1).sha256)
        assert records.photo_seen(WEI, "", again)
        assert records.photo_seen(WEI, SHOP, again)
        assert records.photo_seen(QIN, HOME, again)
        assert not records.photo_seen(QIN, SHOP, again)
        assert not records.photo_seen(QIN, "", again)

    def test_a_photo_is_not_seen_because_of_itself(self, records: AnyRecords) -> None:
        records.commit([kept(picture(1, PRINT)), used(1)])
        assert not records.photo_seen(WEI, HOME, picture(1, PRINT))

    def test_a_photo_of_a_dialog_that_came_to_nothing_may_be_sent_again(
        self, records: AnyRecords
    ) -> None:
        records.commit([kept(picture(1, PRINT))])
        assert not records.photo_seen(WEI, HOME, picture(2, NEAR, sha256=picture(1).sha256))

    def test_within_a_dialog_its_own_photos_count(self, records: AnyRecords) -> None:
        records.commit([kept(picture(1, PRINT))])
        assert records.photo_seen(WEI, HOME, picture(2, NEAR), ["photo-1"])
        assert not records.photo_seen(WEI, HOME, picture(2, NEAR), ["photo-7"])

    def test_a_picture_that_looks_alike_is_seen_and_another_is_not(
        self, records: AnyRecords
    ) -> None:
        records.commit([kept(picture(1, PRINT)), used(1)])
        assert records.photo_seen(WEI, "", picture(2, NEAR))
        assert records.photo_seen(QIN, HOME, picture(2, NEAR))
        assert not records.photo_seen(WEI, HOME, picture(2, FAR))
        assert not records.photo_seen(QIN, SHOP, picture(2, NEAR))

    def test_photos_of_no_account_do_not_make_each_other_seen(self, records: AnyRecords) -> None:
        records.commit([kept(picture(1, PRINT), acct_no=""), used(1)])
        assert not records.photo_seen(QIN, "", picture(2, NEAR))

    def test_likeness_is_looked_for_among_the_newest_sixty_and_equal_bytes_among_all(
        self, records: AnyRecords
    ) -> None:
        records.commit([kept(picture(0, PRINT))])
        records.commit([kept(picture(n), at=NOON + n * MINUTE) for n in range(1, 60)])
        records.commit([used(*range(61))])
        assert records.photo_seen(WEI, HOME, picture(99, NEAR))
        records.commit([kept(picture(60), at=NOON + 60 * MINUTE), used(60, serial=501)])
        assert not records.photo_seen(WEI, HOME, picture(99, NEAR))
        assert records.photo_seen(WEI, HOME, picture(99, sha256=picture(0).sha256))

    def test_a_photo_kept_again_stays_as_it_was_kept(self, records: AnyRecords) -> None:
        records.commit([kept(picture(1, PRINT)), used(1)])
        records.commit([kept(picture(1, FAR), acct_no=SHOP, at=NOON + HOUR)])
        assert records.photo_seen(WEI, "", picture(2, NEAR))
        assert not records.photo_seen(QIN, SHOP, picture(2, NEAR))

    def test_the_effects_of_a_reading_committed_twice_are_committed_once(
        self, records: AnyRecords
    ) -> None:
        turn = [kept(picture(1, PRINT)), made(1), NoticesTold(WEI, (7,), NOON)]
        records.commit(turn)
        records.commit(turn)
        assert records.submissions(WEI, 10) == (submission(1),)


class TestSqlSubmissions(SubmissionsContract):
    @pytest.fixture
    def records(self, upgraded_url: str) -> Iterator[AnyRecords]:
        with closing(open_records(upgraded_url, pool_size=2, statement_timeout_s=5)) as records:
            yield records


class TestFakeSubmissions(SubmissionsContract):
    @pytest.fixture
    def records(self) -> AnyRecords:
        return FakeRecords()


def test_a_number_taken_between_the_look_and_the_insert_is_refused_all_the_same(
    upgraded_url: str,
) -> None:
    """The race shows as a unique violation; the transaction runs again and finds the number."""
    with (
        closing(open_records(upgraded_url, pool_size=1, statement_timeout_s=5)) as records,
        closing(open_records(upgraded_url, pool_size=1, statement_timeout_s=5)) as other,
    ):
        engine = records._database.engine
        if engine.dialect.name == "sqlite":
            pytest.skip("SQLite lets one writer in at a time, so this cannot happen there")
        met = list[str]()

        @event.listens_for(engine, "before_cursor_execute")
        def interfere(_c: object, _u: object, statement: str, *_: object) -> None:
            if statement.startswith("INSERT INTO submission") and not met:
                met.append(statement)
                other.commit([made(2, SHOP, number=submission(1).number, openid=QIN)])

        with pytest.raises(NumberTaken):
            records.commit([ConsentGiven(WEI, "photos", 1, NOON), made(1)])
        assert len(met) == 1
        assert not records.has_consent(WEI, "photos", 1)
        assert records.submissions(WEI, 10) == ()


def test_a_submission_at_its_end_is_stored_as_such(upgraded_url: str) -> None:
    done = replace(
        submission(1),
        state=SubmissionState.DONE,
        ext_no="WO2026112200001",
        result={"score": 5},
        updated_at=NOON + HOUR,
    )
    with closing(open_records(upgraded_url, pool_size=1, statement_timeout_s=5)) as records:
        records.commit(
            [
                made(
                    1,
                    state=done.state,
                    ext_no=done.ext_no,
                    result=done.result,
                    updated_at=done.updated_at,
                )
            ]
        )
        assert records.submission(done.number) == done
