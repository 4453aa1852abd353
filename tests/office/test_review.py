"""Self readings: into the queue, then accepted, put right, or sent back."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest

from sandbox.office import (
    BadEntry,
    NoSuchThing,
    OfficeError,
    accept_reading,
    modify_reading,
    open_bill,
    queue,
    reject_reading,
    take_requests,
)
from tests.office.town import NOW, Town


def test_a_reading_lands_in_the_queue_with_its_photos_and_the_last_reading(town: Town) -> None:
    acct_no = town.someone()
    number = town.send_reading(acct_no, 12)
    take_requests(town.engine, NOW)
    (entry,) = [entry for entry in queue(town.engine) if entry.request_no == number]
    assert (entry.acct_no, entry.state, entry.kind) == (acct_no, "waiting", "reading")
    assert entry.payload["value"] == town.meter(acct_no).last_value + 12
    assert entry.last_value == town.meter(acct_no).last_value
    assert [photo.url[-2:] for photo in entry.photos] == ["/1", "/2"]
    assert [event.kind for event in town.told(acct_no)] == ["request_taken"]


def test_taking_again_changes_nothing(town: Town) -> None:
    acct_no = town.someone()
    town.send_reading(acct_no, 12)
    assert len(take_requests(town.engine, NOW)) == 1
    assert take_requests(town.engine, NOW) == ()
    assert len(town.told(acct_no)) == 1


@pytest.mark.parametrize(
    "payload",
    [
        "no json",
        "[]",
        "{}",
        '{"value": "12", "prev_value": 1, "read_on": "2026-11-22"}',
        "[" * 5000,
    ],
)
def test_a_broken_reading_is_refused_in_words(town: Town, payload: str) -> None:
    acct_no = town.someone()
    number = town.send("reading", acct_no, payload)
    (taken,) = take_requests(town.engine, NOW)
    assert (taken.request_no, taken.state) == (number, "refused")
    (event,) = town.told(acct_no)
    assert (event.kind, event.request_no) == ("request_refused", number)
    assert "重新提交" in event.data["text"]


def test_unknown_kinds_and_unknown_accounts_are_refused(town: Town) -> None:
    town.send("transfer", None, {})
    town.send_reading(town.someone(), 1)
    stranger = town.send(
        "reading",
        "9999999999",
        {"meter_code": "1", "value": 1, "prev_value": 0, "read_on": "2026-11-22"},
    )
    assert [taken.state for taken in take_requests(town.engine, NOW)] == [
        "refused",
        "waiting",
        "refused",
    ]
    (event,) = [event for event in town.all_told() if event.request_no == stranger]
    assert event.data["text"] == "营业系统里没有这个户号"


def test_accepting_counts_the_reading_and_opens_its_bill(town: Town) -> None:
    acct_no = town.someone()
    before, meter = town.account(acct_no), town.meter(acct_no)
    number = town.send_reading(acct_no, 16)
    take_requests(town.engine, NOW)
    decision = accept_reading(town.engine, number, NOW)
    assert decision.bill is not None
    reading, bill = town.last_reading(acct_no), town.last_bill(acct_no)
    assert (reading.source, reading.consumption_l) == ("self_wechat", 16_000)
    assert reading.self_streak == before.self_streak + 1
    assert (bill.reading_id, bill.volume_l, bill.status) == (reading.reading_id, 16_000, "open")
    assert bill.period_from == before.last_read_on + timedelta(days=1)
    assert (bill.period_to, bill.due_date) == (date(2026, 11, 22), date(2026, 12, 7))
    after = town.meter(acct_no)
    assert after.last_value == meter.last_value + 16
    assert after.self_streak == meter.self_streak + 1
    assert str(after.next_reading_on) > str(meter.next_reading_on), "its turn is closed"
    assert town.account(acct_no).tier_cum_l == before.tier_cum_l + 16_000


def test_accepting_tells_the_reading_first_and_then_the_bill(town: Town) -> None:
    acct_no = town.someone()
    number = town.send_reading(acct_no, 16)
    take_requests(town.engine, NOW)
    accept_reading(town.engine, number, NOW)
    taken, accepted, opened = town.told(acct_no)
    bill = town.last_bill(acct_no)
    assert [taken.kind, accepted.kind, opened.kind] == [
        "request_taken",
        "reading_accepted",
        "bill_opened",
    ]
    assert taken.event_id < accepted.event_id < opened.event_id
    value = town.meter(acct_no).last_value
    assert accepted.data == {"period": bill.period, "value": value, "volume_m3": "16"}
    assert opened.data == {
        "bill_no": bill.bill_no,
        "period": bill.period,
        "volume_m3": "16",
        "amount": f"{Decimal(bill.amount_fen).scaleb(-2):.2f}",
        "due_date": "2026-12-07",
    }
    assert {event.request_no for event in (taken, accepted, opened)} == {number}


def test_events_follow_one_another_without_a_gap_however_late_the_next_one_comes(
    town: Town,
) -> None:
    """A reader of events waits for a number that is missing: it might still be written."""
    acct_no = town.someone()
    number = town.send_reading(acct_no, 16)
    take_requests(town.engine, NOW)
    last = town.all_told()[-1].event_id
    accept_reading(town.engine, number, NOW + timedelta(hours=3))
    told = [event.event_id for event in town.all_told() if event.event_id > last]
    assert told == [last + 1, last + 2]


def test_a_modified_reading_counts_what_staff_saw_and_says_both(town: Town) -> None:
    acct_no = town.someone()
    number = town.send_reading(acct_no, 160)
    take_requests(town.engine, NOW)
    value = town.meter(acct_no).last_value + 16
    modify_reading(town.engine, number, value, "照片上是这个数", NOW)
    modified = town.told(acct_no)[1]
    assert modified.kind == "reading_modified"
    assert modified.data == {
        "period": town.last_bill(acct_no).period,
        "value": value,
        "entered": value + 144,
        "text": "照片上是这个数",
        "volume_m3": "16",
    }
    assert town.meter(acct_no).last_value == value


def test_a_rejected_reading_changes_nothing_but_is_told_with_its_reason(town: Town) -> None:
    acct_no = town.someone()
    before = town.account(acct_no)
    number = town.send_reading(acct_no, 16)
    take_requests(town.engine, NOW)
    reject_reading(town.engine, number, "blurred", "数字看不清", NOW)
    assert town.told(acct_no)[1].kind == "reading_rejected"
    assert town.told(acct_no)[1].data == {"reason": "blurred", "text": "数字看不清"}
    assert town.account(acct_no) == before


def test_what_is_decided_cannot_be_decided_again(town: Town) -> None:
    acct_no = town.someone()
    number = town.send_reading(acct_no, 16)
    with pytest.raises(NoSuchThing, match="队列里没有申请"):
        accept_reading(town.engine, number, NOW)
    take_requests(town.engine, NOW)
    reject_reading(town.engine, number, "glare", "", NOW)
    told = town.told(acct_no)
    with pytest.raises(OfficeError, match="已退回，不能再办"):
        accept_reading(town.engine, number, NOW)
    with pytest.raises(OfficeError, match="已退回，不能再办"):
        reject_reading(town.engine, number, "glare", "", NOW)
    assert town.told(acct_no) == told


def test_an_invented_reason_is_refused_with_the_list(town: Town) -> None:
    with pytest.raises(BadEntry, match=r"blurred.*mismatch"):
        reject_reading(town.engine, "W1", "ugly", "", NOW)


def test_a_reading_that_was_overtaken_by_another_is_not_counted_twice(town: Town) -> None:
    acct_no = town.someone()
    number = town.send_reading(acct_no, 16)
    take_requests(town.engine, NOW)
    open_bill(town.engine, acct_no, 9, NOW)
    with pytest.raises(OfficeError, match="请改正读数，或退回"):
        accept_reading(town.engine, number, NOW)
    with pytest.raises(OfficeError, match="已抄过表"):
        modify_reading(town.engine, number, town.meter(acct_no).last_value + 1, "", NOW)
    reject_reading(town.engine, number, "other", "本期已抄表", NOW)


def test_a_reading_below_the_last_one_is_questioned(town: Town) -> None:
    acct_no = town.someone("m.is_remote = 0 AND m.visit_due = 0 AND m.last_value > 100")
    number = town.send_reading(acct_no, -50)
    take_requests(town.engine, NOW)
    with pytest.raises(OfficeError, match="又不像水表过零"):
        accept_reading(town.engine, number, NOW)
    with pytest.raises(BadEntry, match=r"0 到 9+ 的整数"):
        modify_reading(town.engine, number, 10_000_000, "", NOW)


def test_a_dial_that_passes_its_end_counts_on_from_zero(town: Town) -> None:
    acct_no = town.someone()
    top = 10 ** town.meter(acct_no).digits
    town.fix(acct_no, last_read_l=(top - 4) * 1000)
    number = town.send_reading(acct_no, 15)
    take_requests(town.engine, NOW)
    accept_reading(town.engine, number, NOW)
    reading = town.last_reading(acct_no)
    assert (reading.value_l, reading.consumption_l) == (11_000, 15_000)
    assert reading.value_l - reading.prev_l + reading.rollover_l == reading.consumption_l
    assert town.meter(acct_no).last_value == 11


def test_a_meter_that_was_changed_meanwhile_sends_the_reading_back(town: Town) -> None:
    acct_no = town.someone()
    number = town.send_reading(acct_no, 15, meter_code="01200000000001")
    take_requests(town.engine, NOW)
    with pytest.raises(OfficeError, match="已不在用"):
        accept_reading(town.engine, number, NOW)


def test_a_reading_from_the_future_is_not_counted(town: Town) -> None:
    acct_no = town.someone()
    number = town.send_reading(acct_no, 15, read_on="2026-11-23")
    take_requests(town.engine, NOW)
    with pytest.raises(OfficeError, match="还没有到"):
        accept_reading(town.engine, number, NOW)
    accept_reading(town.engine, number, NOW + timedelta(days=1))


def test_the_sixth_self_reading_in_a_row_makes_a_visit_due(town: Town) -> None:
    acct_no = town.someone()
    town.fix(acct_no, self_streak=5)
    number = town.send_reading(acct_no, 15)
    take_requests(town.engine, NOW)
    decision = accept_reading(town.engine, number, NOW)
    kinds = [event.kind for event in town.told(acct_no)]
    assert kinds == ["request_taken", "reading_accepted", "bill_opened", "visit_due"]
    visit = town.visit(acct_no)
    assert town.told(acct_no)[-1].data == {"visit_no": visit.visit_no, "reason": "self6"}
    assert (visit.visit_no, visit.state) == (decision.visit_no, "due")
    assert (town.meter(acct_no).self_streak, town.meter(acct_no).visit_due) == (6, 1)


def test_a_seventh_self_reading_is_not_counted(town: Town) -> None:
    acct_no = town.someone("m.visit_due = 1")
    number = town.send_reading(acct_no, 15)
    take_requests(town.engine, NOW)
    with pytest.raises(OfficeError, match="须由工作人员上门抄表"):
        accept_reading(town.engine, number, NOW)


def test_two_staff_at_once_one_decides_and_the_other_is_told(town: Town) -> None:
    acct_no = town.someone()
    number = town.send_reading(acct_no, 16)
    take_requests(town.engine, NOW)
    outcomes: list[str] = []

    def decide() -> None:
        try:
            outcomes.append(accept_reading(town.engine, number, NOW).state)
        except OfficeError as error:
            outcomes.append(str(error))

    staff = [threading.Thread(target=decide) for _ in range(2)]
    for one in staff:
        one.start()
    for one in staff:
        one.join()
    assert sorted(outcomes) == sorted(["accepted", f"申请 {number} 已通过，不能再办"])
    assert len(town.told(acct_no)) == 3
    assert town.last_bill(acct_no).volume_l == 16_000


def test_requests_taken_by_two_at_once_are_taken_once(town: Town) -> None:
    accounts = [town.someone() for _ in range(6)]
    for acct_no in accounts:
        town.send_reading(acct_no, 3)
    staff = [threading.Thread(target=take_requests, args=(town.engine, NOW)) for _ in range(4)]
    for one in staff:
        one.start()
    for one in staff:
        one.join()
    assert all(len(town.told(acct_no)) == 1 for acct_no in accounts)


def test_event_numbers_rise_and_never_repeat_those_of_an_earlier_city(town: Town) -> None:
    numbers = [event.event_id for event in town.all_told()]
    assert numbers == sorted(set(numbers))
    assert numbers[0] > (NOW - timedelta(days=1)).timestamp() * 1000
