"""Who is reminded of a bill that falls due, and of what."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from backends.ports import Bill, Lane, Role, Topic
from jobs.planning.payment import PaymentReminders
from tests.contract.city import bill
from tests.jobs.planning.conftest import HOME, NINE, QIN, SHOP, WEI, Street, told

TODAY = NINE.date()


def due_in(days: int, **changes: object) -> Bill:
    due_date = TODAY + timedelta(days=days)
    owed = bill(HOME, "2026-10", "75.60", bill_no="B1", due_date=due_date)
    return replace(owed, **changes)  # type: ignore[arg-type]


def reminded(street: Street, now: datetime = NINE) -> list[tuple[str, str, str]]:
    return told(street.plans(PaymentReminders(street.due, street.ledger), now))


def test_three_days_before_a_bill_falls_due_its_payer_is_told_what_is_owed(street: Street) -> None:
    street.binds(WEI)
    partly = due_in(3, paid=Decimal("20.00"), late_fee=Decimal("0.40"), status="partly")
    street.due.all_bills = [partly]
    (notice,) = street.plans(PaymentReminders(street.due, street.ledger))
    assert (notice.kind, notice.key, notice.openid, notice.acct_no) == ("bill_due", "B1", WEI, HOME)
    assert notice.view == {
        "shown": "31*****017",
        "bill_no": "B1",
        "period": "2026-10",
        "due_date": "2026-11-25",
        "amount": "56.00",
        "owed_total": "56.00",
        "owed_bills": 1,
    }
    assert notice.lane is Lane.REMINDER
    assert notice.not_before is None
    assert notice.valid_until == datetime(2026, 11, 26, tzinfo=NINE.tzinfo)


def test_a_reminder_of_one_bill_says_what_the_account_owes_in_all(street: Street) -> None:
    street.binds(WEI)
    overdue = due_in(-20, bill_no="B0", late_fee=Decimal("1.10"))
    elsewhere = replace(due_in(3), bill_no="B3", acct_no=SHOP)
    paid = due_in(20, bill_no="B2", status="paid", paid=Decimal("75.60"))
    street.due.all_bills = [overdue, due_in(3), paid, elsewhere]
    (notice,) = street.plans(PaymentReminders(street.due, street.ledger))
    assert notice.view["amount"] == "75.60"
    assert (notice.view["owed_total"], notice.view["owed_bills"]) == ("152.30", 2)


@pytest.mark.parametrize(("days", "is_told"), [(-1, False), (0, True), (1, True), (4, False)])
def test_a_day_without_the_job_is_made_up_for_until_the_bill_is_overdue(
    street: Street, days: int, is_told: bool
) -> None:
    street.binds(WEI)
    street.due.all_bills = [due_in(days)]
    assert bool(reminded(street)) == is_told


@pytest.mark.parametrize(
    "settled",
    [
        {"status": "paid", "paid": Decimal("75.60")},
        {"status": "written_off"},
        {"amount": Decimal("0.00")},
    ],
)
def test_a_bill_with_nothing_left_to_pay_reminds_nobody(
    street: Street, settled: dict[str, object]
) -> None:
    street.binds(WEI)
    street.due.all_bills = [due_in(3, **settled)]
    assert reminded(street) == []


def test_a_bill_reminds_once_however_often_the_job_runs(street: Street) -> None:
    street.binds(WEI)
    street.due.all_bills = [due_in(3)]
    first = [reminded(street, NINE + timedelta(hours=hours)) for hours in (0, 1, 24, 48)]
    assert first == [[("bill_due", "B1", WEI)], [], [], []]


def test_the_family_that_may_see_bills_is_told_the_reader_is_not(street: Street) -> None:
    roles = {WEI: Role.OWNER, "oPAYS": Role.PAYER, "oSEES": Role.VIEWER, "oREADS": Role.READER}
    for openid, role in roles.items():
        street.binds(openid, role=role)
    street.due.all_bills = [due_in(3)]
    assert {openid for _, _, openid in reminded(street)} == {WEI, "oPAYS", "oSEES"}


def test_whoever_unsubscribed_or_left_is_not_told(street: Street) -> None:
    for openid in (WEI, QIN, "oLEFT"):
        street.binds(openid)
    street.leaves("oLEFT")
    street.wants(WEI, Topic.DUE, wanted=False)
    street.due.all_bills = [due_in(3)]
    assert reminded(street) == [("bill_due", "B1", QIN)]


def test_bills_of_many_pages_are_each_told_to_their_own(street: Street) -> None:
    accounts = [f"32{number:08}" for number in range(4100)]
    for acct_no in accounts[::100]:
        street.binds(f"o{acct_no}", acct_no)
    days = (date(2026, 11, 22), date(2026, 11, 25))
    street.due.all_bills = [
        replace(due_in(0), bill_no=f"B{acct_no}", acct_no=acct_no, due_date=days[at % 2])
        for at, acct_no in enumerate(accounts)
    ]
    pages = list(PaymentReminders(street.due, street.ledger).pages(NINE))
    assert sum(page.looked_at for page in pages) == 4100
    assert max(page.looked_at for page in pages) == 500
    notices = [notice for page in pages for notice in page.notices]
    assert told(notices) == [("bill_due", f"B{no}", f"o{no}") for no in accounts[::100]]


def test_an_account_with_two_bills_is_reminded_of_both(street: Street) -> None:
    street.binds(WEI)
    street.binds(WEI, SHOP)
    mine = [due_in(3), due_in(2, bill_no="B2")]
    street.due.all_bills = [*mine, replace(due_in(1), bill_no="B3", acct_no=SHOP)]
    assert [key for _, key, _ in reminded(street)] == ["B1", "B2", "B3"]
