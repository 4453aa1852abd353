"""Of an old submission only the bare fact stays: its progress can be asked for all the same."""

from itertools import product

from backends.ports import Submission, SubmissionKind, SubmissionState
from tests.fakes import FakeRecords
from tests.service import Service

ENDS = (SubmissionState.DONE, SubmissionState.RETURNED)


def test_what_was_emptied_is_shown_with_what_is_left_of_it(
    service: Service, records: FakeRecords
) -> None:
    for place, (kind, state) in enumerate(product(SubmissionKind, ENDS)):
        citizen = service.citizen()
        bare = Submission(
            number=f"W26112212345{place:02d}",
            key=f"k{place}",
            openid=citizen.openid,
            acct_no="3100000017",
            kind=kind,
            payload={},
            created_at=service.now(),
            state=state,
            updated_at=service.now(),
        )
        records.put(bare)
        reply = citizen.says("进度").plain
        assert reply
        assert "错误号" not in reply, f"{kind}: {reply}"
