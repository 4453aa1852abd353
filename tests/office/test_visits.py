"""On-site visits: booked at once or refused, moved once, done or missed."""

from datetime import timedelta
from random import Random

import pytest

from sandbox.office import (
    BadEntry,
    NoSuchThing,
    OfficeError,
    answer_everything,
    make_visit_due,
    take_requests,
    visit_done,
    visit_missed,
    visits,
)
from tests.office.town import NOW, Town, wish


def booked(town: Town) -> tuple[str, str]:
    """An account with a booked visit, and the visit's number."""
    acct_no = town.someone()
    visit_no = make_visit_due(town.engine, acct_no, NOW)
    town.send("visit", acct_no, wish(visit_no, town.slot(acct_no)))
    take_requests(town.engine, NOW)
    return acct_no, visit_no


def test_staff_can_make_a_visit_due_once(town: Town) -> None:
    acct_no = town.someone()
    visit_no = make_visit_due(town.engine, acct_no, NOW, reason="spot")
    (event,) = town.told(acct_no)
    assert (event.kind, event.ext_no) == ("visit_due", visit_no)
    assert event.data == {"visit_no": visit_no, "reason": "spot"}
    assert town.meter(acct_no).visit_due == 1
    with pytest.raises(OfficeError, match=f"已有待办的上门 {visit_no}"):
        make_visit_due(town.engine, acct_no, NOW)
    with pytest.raises(BadEntry, match="self6"):
        make_visit_due(town.engine, acct_no, NOW, reason="whim")
    with pytest.raises(NoSuchThing, match="没有户号"):
        make_visit_due(town.engine, "9999999999", NOW)


def test_a_free_slot_is_booked_at_once(town: Town) -> None:
    acct_no = town.someone()
    visit_no = make_visit_due(town.engine, acct_no, NOW)
    slot = town.slot(acct_no)
    number = town.send("visit", acct_no, wish(visit_no, slot))
    (taken,) = take_requests(town.engine, NOW)
    assert (taken.request_no, taken.state) == (number, "booked")
    event = town.told(acct_no)[-1]
    assert (event.kind, event.request_no, event.ext_no) == ("visit_booked", number, visit_no)
    wanted = wish(visit_no, slot)
    assert event.data == {"visit_no": visit_no, "on": wanted["on"], "band": wanted["band"]}
    visit = town.visit(acct_no)
    assert (visit.state, str(visit.slot_on), visit.band) == ("booked", wanted["on"], slot.band)
    same = town.slot(acct_no) if slot.free > 1 else None
    assert same is None or same.free == slot.free - 1
    assert visit_no in [entry.visit_no for entry in visits(town.engine)]


def test_a_citizen_may_ask_for_a_visit_themselves(town: Town) -> None:
    acct_no = town.someone()
    number = town.send("visit", acct_no, {**wish("", town.slot(acct_no)), "reason": "no_read"})
    (taken,) = take_requests(town.engine, NOW)
    assert (taken.request_no, taken.state) == (number, "booked")
    assert [event.kind for event in town.told(acct_no)] == ["visit_booked"]
    assert (town.visit(acct_no).state, town.visit(acct_no).reason) == ("booked", "no_read")


def test_a_full_slot_is_refused_in_words(town: Town) -> None:
    acct_no = town.someone()
    visit_no = make_visit_due(town.engine, acct_no, NOW)
    town.send("visit", acct_no, wish(visit_no, town.slot(acct_no, free=False)))
    (taken,) = take_requests(town.engine, NOW)
    assert taken.state == "refused"
    assert town.told(acct_no)[-1].kind == "visit_refused"
    assert "刚刚约满" in town.told(acct_no)[-1].data["text"]
    assert town.visit(acct_no).state == "due"


def test_a_slot_that_is_over_elsewhere_or_not_as_agreed_is_refused(town: Town) -> None:
    acct_no = town.someone()
    visit_no = make_visit_due(town.engine, acct_no, NOW)
    slot = wish(visit_no, town.slot(acct_no))
    far = "S13-20261125-09"
    late = NOW + timedelta(days=60)
    texts = []
    for payload, now in (
        ({**slot, "slot_no": far}, NOW),
        ({**slot, "band": "03:00-05:00"}, NOW),
        (slot, late),
        ({**slot, "visit_no": "V999999999"}, NOW),
        ({"visit_no": visit_no}, NOW),
        ({**slot, "visit_no": "V\x00"}, NOW),
    ):
        town.send("visit", acct_no, payload)
        take_requests(town.engine, now)
        texts.append(town.told(acct_no)[-1].data["text"])
    assert texts == [
        "所选时段不在您的片区，请重新选择",
        "所选时段不在您的片区，请重新选择",
        "所选时段已经过去，请重新选择",
        "没有找到这次上门安排",
        "收到的预约不完整，请重新预约",
        "收到的预约不完整，请重新预约",
    ]


def test_another_accounts_visit_cannot_be_booked(town: Town) -> None:
    _, visit_no = booked(town)
    stranger = town.someone()
    town.send("visit_change", stranger, wish(visit_no, town.slot(stranger, 1)))
    take_requests(town.engine, NOW)
    (event,) = town.told(stranger)
    assert event.data["text"] == "没有找到这次上门安排"


def test_a_booked_visit_can_be_moved_once(town: Town) -> None:
    acct_no, visit_no = booked(town)
    slot = town.slot(acct_no, 3)
    town.send("visit_change", acct_no, wish(visit_no, slot))
    (taken,) = take_requests(town.engine, NOW)
    assert taken.state == "changed"
    assert town.told(acct_no)[-1].kind == "visit_changed"
    visit = town.visit(acct_no)
    assert (str(visit.slot_on), visit.reschedules) == (wish(visit_no, slot)["on"], 1)
    town.send("visit_change", acct_no, wish(visit_no, town.slot(acct_no, 5)))
    (taken,) = take_requests(town.engine, NOW)
    assert taken.state == "refused"
    assert "只能改约一次" in town.told(acct_no)[-1].data["text"]


def test_moving_a_visit_gives_its_old_slot_back(town: Town) -> None:
    acct_no = town.someone()
    visit_no = make_visit_due(town.engine, acct_no, NOW)
    first, second = town.slot(acct_no, 6), town.slot(acct_no, 8)
    for kind, slot in (("visit", first), ("visit_change", second)):
        town.send(kind, acct_no, wish(visit_no, slot))
        take_requests(town.engine, NOW)
    free = {slot.slot_no: slot.free for slot in (town.slot(acct_no, at) for at in range(7))}
    assert free[first.slot_no] == first.free


def test_what_is_not_booked_cannot_be_moved_and_what_is_cannot_be_booked_again(town: Town) -> None:
    acct_no = town.someone()
    visit_no = make_visit_due(town.engine, acct_no, NOW)
    town.send("visit_change", acct_no, wish(visit_no, town.slot(acct_no)))
    take_requests(town.engine, NOW)
    assert "待预约，不能改约" in town.told(acct_no)[-1].data["text"]
    acct_no, visit_no = booked(town)
    town.send("visit", acct_no, wish(visit_no, town.slot(acct_no, 4)))
    take_requests(town.engine, NOW)
    assert "已约好，不能再约" in town.told(acct_no)[-1].data["text"]


def test_a_visit_that_is_done_is_a_staff_reading_and_the_count_starts_anew(town: Town) -> None:
    acct_no, visit_no = booked(town)
    town.fix(acct_no, self_streak=6)
    value = town.meter(acct_no).last_value + 21
    bill = visit_done(town.engine, visit_no, value, NOW)
    assert [event.kind for event in town.told(acct_no)][-2:] == ["visit_done", "bill_opened"]
    reading, meter = town.last_reading(acct_no), town.meter(acct_no)
    assert (reading.source, reading.consumption_l) == ("reader", 21_000)
    assert (meter.last_value, meter.self_streak, meter.visit_due) == (value, 0, 0)
    assert bill.bill_no == town.last_bill(acct_no).bill_no
    with pytest.raises(OfficeError, match="已办结"):
        visit_done(town.engine, visit_no, value, NOW)


def test_a_missed_visit_is_told_and_another_is_due(town: Town) -> None:
    acct_no, visit_no = booked(town)
    again = visit_missed(town.engine, visit_no, NOW)
    missed, due = town.told(acct_no)[-2:]
    assert (missed.kind, missed.data) == ("visit_missed", {"visit_no": visit_no})
    assert (due.kind, due.data) == ("visit_due", {"visit_no": again, "reason": "dispute"})
    assert town.visit(acct_no).visit_no == again
    with pytest.raises(OfficeError, match="未遇"):
        visit_missed(town.engine, visit_no, NOW)
    with pytest.raises(NoSuchThing, match="没有上门"):
        visit_done(town.engine, "V999999999", 1, NOW)


def test_the_automatic_staff_answers_everything_and_mostly_accepts(town: Town) -> None:
    accounts = [town.someone() for _ in range(30)]
    numbers = [town.send_reading(acct_no, 7) for acct_no in accounts]
    numbers.append(town.send_reading(town.someone("m.visit_due = 1"), 7))
    ended = answer_everything(town.engine, NOW, Random(4))
    assert sum(ended.values()) == len(numbers)
    assert set(ended) == {"accepted", "modified", "rejected"}
    assert ended["accepted"] > ended["rejected"] > 0
    assert answer_everything(town.engine, NOW, Random(4)) == {}
