"""The citizens of the run, and the bills that each of them is told of."""

from datetime import datetime, timedelta

from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    CitizenFollowed,
    Effect,
    Lane,
    Notice,
    ProofFactor,
    Role,
)
from backends.records.ledger import SqlLedger
from dialogs.masking import masked_account
from sandbox.clock import SHANGHAI

AT_ONCE = 500


def plan_bills(ledger: SqlLedger, citizens: int, each: int) -> None:
    now = datetime.now(SHANGHAI)
    notices = [
        bill_opened(citizen, number, now) for number in range(each) for citizen in range(citizens)
    ]
    for start in range(0, len(notices), AT_ONCE):
        some = notices[start : start + AT_ONCE]
        assert ledger.plan(some, now) == len(some)


def bill_opened(citizen: int, number: int, now: datetime) -> Notice:
    view = {
        "shown": masked_account(account_of(citizen)),
        "bill_no": f"B{citizen:07d}{number:02d}",
        "period": f"2026-{number + 1:02d}",
        "volume_m3": str(10 + number),
        "amount": f"{31 + number}.50",
        "due_date": f"{now + timedelta(days=15):%Y-%m-%d}",
    }
    return Notice(
        "bill_opened",
        view["bill_no"],
        openid_of(citizen),
        account_of(citizen),
        view,
        Lane.BILL,
        valid_until=now + timedelta(days=30),
    )


def openid_of(citizen: int) -> str:
    return f"oPUSH{citizen:023d}"


def account_of(citizen: int) -> str:
    return f"{3_100_000_000 + citizen}"


def met(number: int) -> tuple[Effect, Effect]:
    openid, at = openid_of(number), datetime.now(SHANGHAI)
    binding = Binding(
        openid, account_of(number), Role.OWNER, BillType.WECHAT_ONLY, ProofFactor.OWNER_NAME, at
    )
    return CitizenFollowed(openid, at), AccountsBound((binding,))
