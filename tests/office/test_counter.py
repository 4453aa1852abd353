"""What staff do for an account at any moment: open its next bill, and take what it owes."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from sandbox.city.schema import metadata
from sandbox.office import NoSuchThing, OfficeError, dial, open_bill, pay_at_counter
from tests.office.town import NOW, Town

T = metadata.tables
BILL = "SELECT 1 FROM wx_bill b WHERE b.acct_no = m.acct_no AND b.status"
PART_PAID = f"EXISTS ({BILL} = 'partly')"
SEVERAL = "(SELECT COUNT(*) FROM wx_bill b WHERE b.acct_no = m.acct_no AND b.late_fee > 0) > 1"
NOTHING_OWED = f"NOT EXISTS ({BILL} IN ('open', 'partly'))"


def owed(town: Town, acct_no: str) -> Decimal:
    """As the server sees it."""
    statement = text(
        "SELECT SUM(CAST(ROUND((amount - paid_amount + late_fee) * 100) AS INTEGER)) FROM wx_bill"
        " WHERE acct_no = :no AND status IN ('open', 'partly')"
    )
    with town.engine.connect() as connection:
        return Decimal(connection.execute(statement, {"no": acct_no}).scalar() or 0).scaleb(-2)


def test_the_counter_takes_all_that_is_owed_late_fees_included(town: Town) -> None:
    acct_no = town.someone(SEVERAL)
    before = owed(town, acct_no)
    payment = pay_at_counter(town.engine, acct_no, NOW)
    assert payment.amount == before > 0
    assert len(payment.bills) > 1
    assert owed(town, acct_no) == 0
    shown = town.view("wx_payment", acct_no)
    assert shown is not None
    with town.engine.connect() as connection:
        parts = text("SELECT principal, late_fee FROM wx_payment_bill WHERE pay_no = :no")
        paid = connection.execute(parts, {"no": payment.pay_no}).all()
        row = connection.execute(
            select(T["payment"]).where(T["payment"].c.pay_no == payment.pay_no)
        ).one()
    assert len(paid) == len(payment.bills)
    assert sum(round((p.principal + p.late_fee) * 100) for p in paid) == before * 100
    assert (row.channel, row.state, row.paid_at) == ("counter", "paid", NOW.replace(tzinfo=None))


def test_what_was_paid_in_part_is_paid_in_full(town: Town) -> None:
    acct_no = town.someone(PART_PAID)
    before = owed(town, acct_no)
    assert pay_at_counter(town.engine, acct_no, NOW).amount == before


def test_who_owes_nothing_pays_nothing(town: Town) -> None:
    with pytest.raises(OfficeError, match="没有要缴的账单"):
        pay_at_counter(town.engine, town.someone(NOTHING_OWED), NOW)
    with pytest.raises(NoSuchThing, match="没有户号"):
        pay_at_counter(town.engine, "0000000000", NOW)


def test_a_bill_without_a_volume_has_the_usual_one(town: Town) -> None:
    acct_no = town.someone("t.use_class = 'RES'")
    statement = text("SELECT consumption_l FROM reading WHERE acct_no = :no ORDER BY period DESC")
    with town.engine.connect() as connection:
        latest = sorted(connection.execute(statement, {"no": acct_no}).scalars().all()[:5])
    bill = open_bill(town.engine, acct_no, None, NOW)
    assert latest[0] - 1000 <= bill.volume_m3 * 1000 <= latest[-1] + 1000
    assert town.told(acct_no)[-1].kind == "bill_opened"


def test_the_dial_names_the_days_that_reminders_are_counted_from(town: Town) -> None:
    acct_no = town.someone(NOTHING_OWED)
    before = dial(town.engine, acct_no)
    assert before.next_reading_on is not None
    assert before.due_on is None
    bill = open_bill(town.engine, acct_no, 12, NOW)
    after = dial(town.engine, acct_no)
    assert after.due_on == bill.due_date == date(2026, 12, 7)
    assert after.next_reading_on is not None
    assert after.next_reading_on > before.next_reading_on
