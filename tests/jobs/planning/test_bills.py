"""Opened bills that no event of CSMS has told of."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from backends.ports import Bill, Lane, Topic
from jobs.planning.bills import OpenedBills
from jobs.planning.told import bill_opened
from tests.contract.city import bill
from tests.jobs.planning.conftest import HOME, NINE, QIN, WEI, Street, link, told


def opened(days_ago: int, **changes: object) -> Bill:
    on = NINE.date() - timedelta(days=days_ago)
    known = {"bill_no": "B1", "opened_on": on, "due_date": on + timedelta(days=15)}
    return bill(HOME, "2026-11", "75.60", **{**known, **changes})  # type: ignore[arg-type]


def test_a_bill_of_these_days_is_told_as_its_event_would_have(street: Street) -> None:
    street.binds(WEI)
    street.due.all_bills = [opened(2)]
    (notice,) = street.plans(OpenedBills(street.due, street.ledger))
    assert (notice.kind, notice.key, notice.openid) == ("bill_opened", "B1", WEI)
    assert notice.view == {
        "shown": "31*****017",
        "bill_no": "B1",
        "period": "2026-11",
        "volume_m3": "18.000",
        "amount": "75.60",
        "due_date": "2026-12-05",
    }
    assert notice.lane is Lane.BILL
    assert notice.valid_until == datetime(2026, 12, 20, tzinfo=NINE.tzinfo)


def test_what_the_event_told_is_not_told_again(street: Street) -> None:
    street.binds(WEI)
    street.due.all_bills = [opened(0)]
    of_event = bill_opened(
        link(WEI),
        bill_no="B1",
        period="2026-11",
        volume_m3="18",
        amount="75.60",
        due_date="2026-12-07",
        opened_at=NINE,
    )
    street.ledger.plan([of_event], NINE)
    assert street.plans(OpenedBills(street.due, street.ledger)) == []


@pytest.mark.parametrize(
    "other",
    [
        {"opened_on": NINE.date() - timedelta(days=4)},
        {"status": "paid", "paid": Decimal("75.60")},
        {"status": "written_off"},
    ],
)
def test_an_old_bill_and_one_that_is_settled_are_no_news(
    street: Street, other: dict[str, object]
) -> None:
    street.binds(WEI)
    street.due.all_bills = [opened(0, **other)]
    assert street.plans(OpenedBills(street.due, street.ledger)) == []


def test_whoever_wants_no_bills_is_not_told(street: Street) -> None:
    street.binds(WEI)
    street.binds(QIN)
    street.wants(QIN, Topic.BILL, wanted=False)
    street.due.all_bills = [opened(0)]
    assert told(street.plans(OpenedBills(street.due, street.ledger))) == [
        ("bill_opened", "B1", WEI)
    ]
