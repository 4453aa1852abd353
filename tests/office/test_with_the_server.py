"""The office and the server's own adapters meet in one database: nothing else connects them."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from backends.csms.adapter import SqlCsms, open_csms
from backends.csms.desk import SqlCsmsDesk, open_csms_desk
from backends.csms.takings import SqlTakings, open_takings
from backends.ports import Order, OrderItem, Request, RequestFile, SubmissionKind
from sandbox.office import (
    OfficeError,
    accept_reading,
    approve,
    draw_checks,
    make_visit_due,
    pay_at_counter,
    queue,
    take_requests,
)
from tests.office.town import APPLICANT, KEY, NOW, Town

PHOTO = RequestFile("p1", "0" * 64, "image/jpeg", 1000, "http://127.0.0.1/files/p1")


@pytest.fixture
def url(town: Town) -> str:
    return town.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def csms(url: str) -> Iterator[SqlCsms]:
    opened = open_csms(url, pool_size=1, statement_timeout_s=5)
    yield opened
    opened.close()


@pytest.fixture
def desk(url: str) -> Iterator[SqlCsmsDesk]:
    opened = open_csms_desk(url, pool_size=1, statement_timeout_s=5, key=KEY)
    yield opened
    opened.close()


@pytest.fixture
def takings(url: str) -> Iterator[SqlTakings]:
    opened = open_takings(url, pool_size=1, statement_timeout_s=5)
    yield opened
    opened.close()


def test_a_reading_handed_over_comes_back_as_events_and_a_bill(
    town: Town, csms: SqlCsms, desk: SqlCsmsDesk
) -> None:
    (meter,) = csms.meters([town.someone()])
    used = csms.tier_usage(meter.acct_no)
    payload = {
        "meter_code": meter.meter_code,
        "value": meter.last_value + 9,
        "prev_value": meter.last_value,
        "volume_m3": 9,
        "rollover": False,
        "flags": [],
        "read_on": "2026-11-22",
    }
    number = "W2611220000018"
    asked = Request(number, SubmissionKind.READING, meter.acct_no, payload, NOW, (PHOTO,))
    desk.hand_over(asked)
    desk.hand_over(asked)
    take_requests(town.engine, NOW)
    (entry,) = [entry for entry in queue(town.engine) if entry.request_no == number]
    assert [photo.url for photo in entry.photos] == [PHOTO.url]
    accept_reading(town.engine, number, NOW)
    told = [event for event in desk.events(0, 1000) if event.acct_no == meter.acct_no]
    assert [event.kind for event in told] == ["request_taken", "reading_accepted", "bill_opened"]
    assert {event.request_no for event in told} == {number}
    assert told[0].at == NOW
    bill = csms.bills(meter.acct_no, "2026-11")[0]
    assert (bill.bill_no, f"{bill.amount:.2f}") == (told[2].ext_no, told[2].data["amount"])
    assert (bill.prev_value, bill.value) == (meter.last_value, meter.last_value + 9)
    assert sum(line.amount for line in csms.bill_lines([bill.bill_no])[bill.bill_no]) == bill.amount
    reading = csms.readings(meter.acct_no, date(2026, 11, 1))[0]
    assert (reading.value, reading.source) == (meter.last_value + 9, "self_wechat")
    after = csms.tier_usage(meter.acct_no)
    assert used is not None
    assert after is not None
    assert after.used_m3 == used.used_m3 + Decimal(9)
    assert after.as_of == date(2026, 11, 22)


def test_a_visit_is_seen_booked_from_the_slots_that_the_server_offers(
    town: Town, csms: SqlCsms, desk: SqlCsmsDesk
) -> None:
    acct_no = town.someone()
    visit_no = make_visit_due(town.engine, acct_no, NOW, reason="self6")
    (due,) = csms.visits(acct_no)
    assert (due.visit_no, due.state, due.reason) == (visit_no, "due", "self6")
    slots = csms.visit_slots(acct_no, NOW.date())
    assert len(slots) == 12
    chosen = slots[2]
    payload = {
        "visit_no": visit_no,
        "slot_no": chosen.slot_no,
        "on": chosen.on.isoformat(),
        "band": chosen.band,
    }
    desk.hand_over(Request("W2611220000026", SubmissionKind.VISIT, acct_no, payload, NOW))
    take_requests(town.engine, NOW)
    (booked,) = csms.visits(acct_no)
    assert (booked.state, booked.on, booked.band) == ("booked", chosen.on, chosen.band)
    told = desk.events(0, 1000)[-1]
    assert (told.kind, told.ext_no) == ("visit_booked", visit_no)


def test_a_transfer_is_opened_with_the_shared_key_and_seen_with_its_new_holder(
    town: Town, csms: SqlCsms, desk: SqlCsmsDesk
) -> None:
    acct_no = town.someone(
        "m.is_remote = 0 AND m.acct_no IN (SELECT acct_no FROM wx_real_name "
        "WHERE benefits_used = 0)"
    )
    (meter,) = csms.meters([acct_no])
    payload = {
        "documents": ["id_front", "id_back", "property", "meter"],
        "meter_code": meter.meter_code,
        "value": meter.last_value + 2,
        "read_on": "2026-11-22",
        "arrears": "take_over",
        "benefit": True,
    }
    number, kind = "W2611220000034", SubmissionKind.TRANSFER
    desk.hand_over(Request(number, kind, acct_no, payload, NOW, private=APPLICANT))
    take_requests(town.engine, NOW)
    approve(town.engine, number, NOW)
    told = desk.events(0, 1000)[-1]
    assert (told.kind, told.request_no, told.data["benefit"]) == ("transfer_approved", number, True)
    on_file, contact = csms.real_name(acct_no), csms.contact(acct_no)
    assert on_file is not None
    assert (on_file.holder, on_file.since, on_file.benefits_used) == ("欧*", NOW.date(), 1)
    assert contact is not None
    assert contact.mobile == "138****1234"


def test_a_spot_check_that_was_drawn_waits_for_its_photo(town: Town, csms: SqlCsms) -> None:
    acct_no = town.someone(
        "m.is_remote = 0 AND m.acct_no NOT IN (SELECT acct_no FROM wx_spot_check "
        "WHERE state <> 'closed')"
    )
    (drawn,) = draw_checks(town.engine, (acct_no,), NOW)
    (open_one,) = csms.spot_checks([acct_no])
    assert (open_one.check_no, open_one.answer_by) == (drawn.check_no, drawn.answer_by)
    assert open_one.meter_code == town.meter(acct_no).meter_code


def test_a_payment_is_locked_posted_and_found_by_wechat_s_number(
    town: Town, csms: SqlCsms, desk: SqlCsmsDesk, takings: SqlTakings
) -> None:
    owes = "(SELECT COUNT(*) FROM wx_bill b WHERE b.acct_no = m.acct_no AND b.status = 'open') > 1"
    acct_no = town.someone(owes)
    bill = csms.unpaid_bills([acct_no])[0]
    principal, late = bill.amount - bill.paid, bill.late_fee
    item = OrderItem(
        acct_no, bill.bill_no, bill.period, int(principal.scaleb(2)), int(late.scaleb(2))
    )
    order = Order("WD261122103000ABCDEF0123", "o1", (item,), NOW, NOW + timedelta(minutes=15))
    takings.ping()
    takings.lock(order, NOW)
    with pytest.raises(OfficeError, match="正在微信上缴费"):
        pay_at_counter(town.engine, acct_no, NOW)
    payload = {
        "transaction_id": "4200002026112212345678901234",
        "order_no": order.order_no,
        "bill_no": bill.bill_no,
        "period": bill.period,
        "principal": f"{principal:.2f}",
        "late_fee": f"{late:.2f}",
        "amount": f"{principal + late:.2f}",
        "paid_at": NOW.isoformat(),
        "surplus": "credit",
    }
    desk.hand_over(Request("W2611220000117", SubmissionKind.PAYMENT, acct_no, payload, NOW))
    take_requests(town.engine, NOW)
    takings.release(order, NOW)
    (told,) = [event for event in desk.events(0, 1000) if event.acct_no == acct_no]
    assert (told.kind, told.data["posted"]) == ("payment_posted", payload["amount"])
    ((taken,),) = takings.of_transactions([payload["transaction_id"]]).values()
    assert (taken.pay_no, taken.bill_no, taken.amount_fen) == (
        told.data["pay_no"],
        bill.bill_no,
        item.amount_fen,
    )
    assert (taken.principal_fen, taken.late_fee_fen) == (item.principal_fen, item.late_fee_fen)
    midnight = NOW.replace(hour=0, minute=0)
    days = takings.between(midnight, midnight + timedelta(days=1), "", 100_000)
    assert taken in days
    assert bill.bill_no not in [one.bill_no for one in csms.unpaid_bills([acct_no])]
