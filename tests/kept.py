"""Notices that wait for a citizen's next message, in the ledger and in Redis."""

from datetime import datetime

from backends.ports import Channel, CitizenFollowed, Lane, Notice, NoticeState, Settlement
from tests.fakes import FakeRecords
from tests.fakes.ledger import FakeLedger
from tests.service import Service


def waiting(
    openid: str,
    key: str,
    *,
    kind: str = "ticket_changed",
    acct_no: str = "",
    valid_until: datetime | None = None,
) -> Notice:
    return Notice(kind, key, openid, acct_no, {}, valid_until=valid_until)


def keep(service: Service, records: FakeRecords, *notices: Notice) -> FakeLedger:
    """Each as the text “[<key>]”."""
    now, ledger, memory = service.now(), FakeLedger(records), service.memory()
    records.commit([CitizenFollowed(notice.openid, now) for notice in notices])
    assert ledger.plan(notices, now) == len(notices)
    claimed = ledger.claim(Lane, worker="w", now=now, lease_s=60, limit=len(notices))
    kept = NoticeState.KEPT, Channel.NEXT_MESSAGE
    ledger.settle([Settlement(one.notice_id, *kept) for one in claimed], worker="w", now=now)
    for one in claimed:
        memory.keep_notice(one.notice.openid, one.notice_id, f"[{one.notice.key}]")
    return ledger
