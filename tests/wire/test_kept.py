"""What waited for a citizen's next message is told with it, unless it has become pointless."""

from datetime import timedelta

from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    BindingEnded,
    NoticeState,
    NoticesTold,
    ProofFactor,
    Role,
    Topic,
    TopicChosen,
)
from tests.fakes import FakeRecords
from tests.fakes.ledger import FakeLedger
from tests.kept import keep, waiting
from tests.service import Service
from tests.town import OWES_ONE

MINUTE = timedelta(minutes=1)


def states(ledger: FakeLedger) -> dict[str, str]:
    return {row.notice.key: row.reason or row.state for row in ledger.rows}


def test_it_stands_ahead_of_the_reply_once(service: Service, records: FakeRecords) -> None:
    citizen = service.citizen()
    ledger = keep(service, records, waiting(citizen.openid, "one"), waiting(citizen.openid, "two"))
    reply = citizen.says("菜单").plain
    assert reply.index("[one]") < reply.index("[two]") < reply.index("查欠费")
    assert "[" not in citizen.says("菜单").plain
    assert states(ledger) == {"one": NoticeState.TOLD, "two": NoticeState.TOLD}


def test_past_its_time_it_is_not_told_and_the_others_are(
    service: Service, records: FakeRecords
) -> None:
    citizen = service.citizen()
    until = service.now() + MINUTE
    ledger = keep(
        service,
        records,
        waiting(citizen.openid, "over", valid_until=until),
        waiting(citizen.openid, "valid", valid_until=until + MINUTE),
    )
    service.clock.advance(61)
    reply = citizen.says("菜单").plain
    assert "[valid]" in reply
    assert "[over]" not in reply
    assert states(ledger) == {"over": "pointless", "valid": NoticeState.TOLD}


def test_who_was_removed_from_an_account_hears_nothing_of_it_any_more(
    service: Service, records: FakeRecords
) -> None:
    citizen = service.citizen()
    link = Binding(
        citizen.openid,
        OWES_ONE,
        Role.OWNER,
        BillType.WECHAT_ONLY,
        ProofFactor.OWNER_NAME,
        service.long_ago(),
    )
    records.commit([AccountsBound((link,))])
    bill = waiting(citizen.openid, "bill", kind="bill_opened", acct_no=OWES_ONE)
    ledger = keep(service, records, bill)
    records.commit([BindingEnded(citizen.openid, OWES_ONE, service.now())])
    assert "[bill]" not in citizen.says("菜单").plain
    assert states(ledger) == {"bill": "pointless"}


def test_what_was_said_no_to_meanwhile_is_not_told(service: Service, records: FakeRecords) -> None:
    citizen = service.citizen()
    records.commit([TopicChosen(citizen.openid, Topic.OUTAGE, wanted=True, at=service.long_ago())])
    outage = waiting(citizen.openid, "outage", kind="outage_planned")
    ledger = keep(service, records, outage)
    records.commit([TopicChosen(citizen.openid, Topic.OUTAGE, wanted=False, at=service.now())])
    assert "[outage]" not in citizen.says("菜单").plain
    assert states(ledger) == {"outage": "pointless"}


def test_what_the_ledger_has_given_up_is_not_told(service: Service, records: FakeRecords) -> None:
    citizen = service.citizen()
    ledger = keep(service, records, waiting(citizen.openid, "over", valid_until=service.now()))
    later = service.now() + MINUTE
    assert ledger.sweep(later, silent_before=service.long_ago(), limit=9)["stale"] == 1
    assert "[over]" not in citizen.says("菜单").plain
    assert states(ledger) == {"over": "stale"}


def test_a_turn_that_is_run_again_tells_it_again(service: Service, records: FakeRecords) -> None:
    """It was noted as told, and then the worker died before the reply was saved."""
    citizen = service.citizen()
    (row,) = keep(service, records, waiting(citizen.openid, "one")).rows
    records.commit([NoticesTold(citizen.openid, (row.notice_id,), service.now())])
    assert "[one]" in citizen.says("菜单").plain
