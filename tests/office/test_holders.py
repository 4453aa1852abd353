"""Who holds an account: real names, transfers, change requests, and real names given up."""

import threading
from datetime import timedelta

import pytest

from sandbox.office import (
    BadEntry,
    NoSuchThing,
    OfficeError,
    approve,
    queue,
    send_back,
    take_requests,
    turn_down,
)
from tests.office.town import APPLICANT, NOW, Town

PAPERS = {"documents": ["id_front", "id_back", "property"]}
NAME = APPLICANT["name"]
NOBODY_YET = "m.acct_no NOT IN (SELECT acct_no FROM wx_real_name) AND m.is_remote = 0"
VERIFIED = (
    "m.acct_no IN (SELECT acct_no FROM wx_real_name WHERE benefits_used = 0) "
    "AND m.is_remote = 0 AND m.visit_due = 0"
)
_OWING = "SELECT acct_no FROM bill WHERE status IN ('open', 'partly')"
SETTLED, OWING = (f"{VERIFIED} AND m.acct_no {word} ({_OWING})" for word in ("NOT IN", "IN"))


def registered(town: Town, where: str = NOBODY_YET) -> tuple[str, str]:
    """An account, and the number of its application for a real name in the queue."""
    acct_no = town.someone(where)
    private = {name: APPLICANT[name] for name in ("name", "id_no")}
    number = town.send("real_name", acct_no, PAPERS, photos=3, private=private)
    take_requests(town.engine, NOW)
    return acct_no, number


def handed_on(town: Town, acct_no: str, **changes: object) -> str:
    number = town.send_transfer(acct_no, **changes)
    take_requests(town.engine, NOW)
    return number


def test_staff_see_the_papers_and_no_whole_number_of_the_applicant(town: Town) -> None:
    number = handed_on(town, town.someone(OWING))
    (entry,) = [entry for entry in queue(town.engine) if entry.request_no == number]
    assert [photo.document for photo in entry.photos] == [
        "id_front",
        "id_back",
        "property",
        "meter",
    ]
    assert dict(entry.private) == {
        "name": NAME,
        "id_no": "**************002X",
        "mobile": "138****1234",
    }
    assert entry.real_name == entry.owner_name != NAME
    assert entry.owed > 0
    assert [one.kind for one in queue(town.engine, kinds=("transfer",))] == ["transfer"]


def test_an_approved_real_name_is_on_file(town: Town) -> None:
    acct_no, number = registered(town)
    assert approve(town.engine, number, NOW).state == "approved"
    (event,) = town.answers(number)
    assert (event.kind, event.data) == ("real_name_approved", {"since": "2026-11-22"})
    assert town.real_names(acct_no) == [(NAME, "current")]
    on_file = town.view("wx_real_name", acct_no)
    assert on_file is not None
    assert (on_file.holder_name, str(on_file.since)) == (NAME, "2026-11-22")
    assert town.account(acct_no).owner_name == NAME


def test_a_second_real_name_is_a_transfer_and_not_approved(town: Town) -> None:
    acct_no, number = registered(town, SETTLED)
    before = town.real_names(acct_no)
    with pytest.raises(OfficeError, match="要按过户办理"):
        approve(town.engine, number, NOW)
    assert town.real_names(acct_no) == before
    send_back(town.engine, number, "other", "请按过户办理", NOW)
    (event,) = town.answers(number)
    assert event.kind == "real_name_returned"
    assert event.data == {"reason": "other", "text": "请按过户办理"}


def test_what_is_decided_is_not_decided_again_and_each_only_in_its_way(town: Town) -> None:
    _, number = registered(town)
    with pytest.raises(OfficeError, match="是实名登记，不能这样办"):
        turn_down(town.engine, number, "不行", NOW)
    with pytest.raises(BadEntry, match="退回原因应为"):
        send_back(town.engine, number, "whim", "", NOW)
    approve(town.engine, number, NOW)
    for again in (
        lambda: approve(town.engine, number, NOW),
        lambda: send_back(town.engine, number, "blurred", "", NOW),
    ):
        with pytest.raises(OfficeError, match="已批准，不能再办"):
            again()
    reading = town.send_reading(town.someone(), 3)
    take_requests(town.engine, NOW)
    with pytest.raises(OfficeError, match="是自助抄表，不能这样办"):
        approve(town.engine, reading, NOW)
    with pytest.raises(NoSuchThing, match="队列里没有申请"):
        approve(town.engine, "W9", NOW)


def test_a_transfer_ends_the_old_name_and_bills_what_the_old_holder_used(town: Town) -> None:
    acct_no = town.someone(SETTLED)
    before, meter = town.account(acct_no), town.meter(acct_no)
    number = handed_on(town, acct_no, arrears="none")
    decision = approve(town.engine, number, NOW)
    assert decision.bill is not None
    assert (decision.bill.value, decision.bill.volume_m3) == (meter.last_value + 3, 3)
    bill, transferred = town.answers(number)
    assert (bill.kind, transferred.kind) == ("bill_opened", "transfer_approved")
    told = {"since": "2026-11-22", "benefit": True, "value": meter.last_value + 3}
    assert transferred.data == told
    assert town.real_names(acct_no)[-2:] == [(before.owner_name, "history"), (NAME, "current")]
    after = town.account(acct_no)
    assert (after.owner_name, after.invoice_name) == (NAME, NAME)
    assert after.cust_id != before.cust_id
    assert (after.tier_cum_l, after.self_streak) == (0, 0)
    shown = town.view("wx_account", acct_no)
    assert shown is not None
    assert (shown.owner_name, shown.mobile, shown.email) == (NAME, "13800001234", None)


def test_the_third_transfer_of_a_year_is_approved_without_benefit(town: Town) -> None:
    acct_no = town.someone(SETTLED)
    benefits = []
    for day in range(3):
        now = NOW + timedelta(days=day)
        number = handed_on(town, acct_no, read_on=now.date().isoformat())
        approve(town.engine, number, now)
        benefits.append(town.answers(number)[-1].data["benefit"])
        if day == 1:
            before = town.account(acct_no).tier_cum_l
    assert benefits == [True, True, False]
    assert town.account(acct_no).tier_cum_l == before + 3000
    on_file = town.view("wx_real_name", acct_no)
    assert on_file is not None
    assert (on_file.benefits_used, on_file.benefits_allowed) == (2, 2)
    next_year = NOW + timedelta(days=60)
    number = handed_on(town, acct_no, read_on=next_year.date().isoformat())
    approve(town.engine, number, next_year)
    assert town.answers(number)[-1].data["benefit"] is True


def test_arrears_that_nobody_takes_over_hold_a_transfer_up(town: Town) -> None:
    acct_no = town.someone(OWING)
    number = handed_on(town, acct_no, arrears="none")
    with pytest.raises(OfficeError, match="没有人承担"):
        approve(town.engine, number, NOW)
    assert town.account(acct_no).owner_name != NAME
    send_back(town.engine, number, "arrears", "", NOW)
    again = handed_on(town, acct_no, arrears="take_over")
    approve(town.engine, again, NOW)
    assert town.account(acct_no).owner_name == NAME


def test_another_meter_or_a_smaller_reading_is_not_taken_over(town: Town) -> None:
    acct_no = town.someone(SETTLED)
    number = handed_on(town, acct_no, meter_code="99999999999999")
    with pytest.raises(OfficeError, match="以“条码不符”退回"):
        approve(town.engine, number, NOW)
    send_back(town.engine, number, "barcode", "条码看不清", NOW)
    code, last = town.meter(acct_no).meter_code, town.meter(acct_no).last_value
    number = handed_on(town, acct_no, meter_code=code[-6:], value=last - 1)
    with pytest.raises(OfficeError, match="请核对"):
        approve(town.engine, number, NOW)
    assert town.account(acct_no).last_read_l == last * 1000


def test_a_meter_read_that_day_already_needs_no_other_bill(town: Town) -> None:
    acct_no = town.someone(SETTLED)
    read_on = town.account(acct_no).last_read_on.isoformat()
    number = handed_on(town, acct_no, read_on=read_on)
    assert approve(town.engine, number, NOW).bill is None
    assert [event.kind for event in town.answers(number)] == ["transfer_approved"]


def test_an_override_replaces_who_has_not_let_go(town: Town) -> None:
    acct_no = town.someone(OWING)
    before = town.account(acct_no)
    number = town.send_transfer(acct_no, "override")
    take_requests(town.engine, NOW)
    approve(town.engine, number, NOW)
    last = town.answers(number)[-1]
    assert (last.kind, last.data) == ("override_approved", {"since": "2026-11-22"})
    assert town.real_names(acct_no)[-2:] == [(before.owner_name, "history"), (NAME, "current")]


def test_an_override_of_an_account_that_does_not_exist_waits_and_is_returned(town: Town) -> None:
    payload = {"meter_code": "01260100000017", "value": 5, "read_on": "2026-11-22", **PAPERS}
    number = town.send("override", "9999999999", payload, photos=4, private=APPLICANT)
    (taken,) = take_requests(town.engine, NOW)
    assert taken.state == "waiting"
    with pytest.raises(NoSuchThing, match="没有户号"):
        approve(town.engine, number, NOW)
    assert send_back(town.engine, number, "address_mismatch", "", NOW).state == "returned"
    (event,) = town.answers(number)
    assert event.data == {"reason": "address_mismatch", "text": ""}


def test_a_real_name_is_given_up_or_kept(town: Town) -> None:
    acct_no, other = town.someone(SETTLED), town.someone(SETTLED)
    numbers = [
        town.send("cancel_real_name", one, {"reason": "sold", "details": ""})
        for one in (acct_no, other)
    ]
    take_requests(town.engine, NOW)
    approve(town.engine, numbers[0], NOW)
    assert [event.kind for event in town.answers(numbers[0])] == ["real_name_cancelled"]
    assert town.view("wx_real_name", acct_no) is None
    assert town.real_names(acct_no)[-1][1] == "history"
    with pytest.raises(BadEntry, match="写明原因"):
        turn_down(town.engine, numbers[1], " ", NOW)
    turn_down(town.engine, numbers[1], "还有未结清的工程款", NOW)
    (event,) = town.answers(numbers[1])
    assert (event.kind, event.data) == ("cancel_refused", {"text": "还有未结清的工程款"})
    assert town.view("wx_real_name", other) is not None


def test_a_real_name_that_is_not_there_cannot_be_given_up(town: Town) -> None:
    number = town.send("cancel_real_name", town.someone(NOBODY_YET), {"reason": "privacy"})
    take_requests(town.engine, NOW)
    with pytest.raises(OfficeError, match="不用解除"):
        approve(town.engine, number, NOW)


@pytest.mark.parametrize(
    ("kind", "payload", "private"),
    [
        ("real_name", PAPERS, None),
        ("real_name", PAPERS, {"name": "张三"}),
        ("real_name", {"documents": ["selfie"]}, APPLICANT),
        ("transfer", PAPERS, APPLICANT),
        ("cancel_real_name", {"reason": "whim"}, None),
        ("connection", {"kind": "shop", "address": " ", **PAPERS}, APPLICANT),
        ("spot_check", {"check_no": "C1"}, None),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    town: Town, kind: str, payload: dict[str, object], private: dict[str, str] | None
) -> None:
    number = town.send(kind, town.someone(), payload, private=private)
    (taken,) = take_requests(town.engine, NOW)
    assert taken.state == "refused"
    (event,) = town.answers(number)
    assert event.kind == "request_refused"
    assert "重新提交" in event.data["text"]


def test_two_staff_at_once_hand_an_account_on_once(town: Town) -> None:
    acct_no = town.someone(SETTLED)
    number = handed_on(town, acct_no)
    outcomes: list[str] = []

    def decide() -> None:
        try:
            outcomes.append(approve(town.engine, number, NOW).state)
        except OfficeError as error:
            outcomes.append(str(error))

    staff = [threading.Thread(target=decide) for _ in range(2)]
    for one in staff:
        one.start()
    for one in staff:
        one.join()
    assert sorted(outcomes) == sorted(["approved", f"申请 {number} 已批准，不能再办"])
    assert [state for _, state in town.real_names(acct_no)].count("current") == 1
    assert len(town.answers(number)) == 2
