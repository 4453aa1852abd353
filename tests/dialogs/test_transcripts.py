"""Every conversation of tests/dialogs/*.yml, played over signed and encrypted HTTP."""

from collections.abc import Mapping

import pytest

from tests.dialogs.conftest import Serve
from tests.dialogs.stage import Stage
from tests.dialogs.transcript import Transcript, read_all
from tests.fakes import FakeBulletins, FakeCsms, FakeHotline, FakeRecords
from tests.service import settings_for

TRANSCRIPTS = tuple(read_all())


@pytest.mark.parametrize(
    "transcript", TRANSCRIPTS, ids=[f"{one.file}: {one.title}" for one in TRANSCRIPTS]
)
def test_the_conversation_goes_as_written(
    transcript: Transcript,
    redis_url: str,
    serve: Serve,
    csms: FakeCsms,
    records: FakeRecords,
    hotline: FakeHotline,
    bulletins: FakeBulletins,
    takes_payments: Mapping[str, str],
) -> None:
    paying = takes_payments if transcript.given.pays else {}
    with serve(settings_for(redis_url, **paying, **transcript.given.settings)) as service:
        Stage(service, csms, records, hotline, bulletins).play(transcript)


def test_no_two_conversations_of_a_file_have_the_same_title() -> None:
    names = [(one.file, one.title) for one in TRANSCRIPTS]
    assert len(set(names)) == len(names)
