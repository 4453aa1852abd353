"""Spot checks: drawn, answered with a photo, and what comes of them."""

from random import Random

import pytest

from sandbox.office import (
    BadEntry,
    NoSuchThing,
    OfficeError,
    adjust_check,
    check_on_site,
    draw_at_random,
    draw_checks,
    pass_check,
    retake_check,
    take_requests,
)
from tests.office.town import NOW, Town

UNCHECKED = (
    "m.is_remote = 0 AND m.visit_due = 0 AND m.acct_no NOT IN "
    "(SELECT acct_no FROM wx_spot_check WHERE state <> 'closed')"
)


def drawn(town: Town) -> tuple[str, str]:
    """An account, and the number of its check."""
    acct_no = town.someone(UNCHECKED)
    (check,) = draw_checks(town.engine, (acct_no,), NOW)
    return acct_no, check.check_no


def answered(town: Town) -> tuple[str, str, str]:
    """The same, and the number of the photo's request in the queue."""
    acct_no, check_no = drawn(town)
    number = town.send_check(acct_no, check_no)
    take_requests(town.engine, NOW)
    return acct_no, check_no, number


def state(town: Town, acct_no: str, check_no: str) -> str:
    with town.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT check_no, acct_no, state FROM wx_spot_check")
        return str({(row.check_no, row.acct_no): row.state for row in rows}[check_no, acct_no])


def test_a_check_that_was_drawn_is_told_to_the_account_and_open(town: Town) -> None:
    acct_no, check_no = drawn(town)
    (event,) = town.told(acct_no)
    assert (event.kind, event.ext_no) == ("spot_check_drawn", check_no)
    assert event.data == {"check_no": check_no, "answer_by": "2026-11-29"}
    assert state(town, acct_no, check_no) == "open"
    with pytest.raises(OfficeError, match=f"抽检 {check_no} 还没有结束"):
        draw_checks(town.engine, (acct_no,), NOW)


def test_one_wrong_account_draws_none(town: Town) -> None:
    acct_no = town.someone(UNCHECKED)
    with pytest.raises(NoSuchThing, match="没有户号"):
        draw_checks(town.engine, (acct_no, "9999999999"), NOW)
    assert town.told(acct_no) == []


def test_some_are_drawn_at_random_and_none_twice(town: Town) -> None:
    first = draw_at_random(town.engine, 20, NOW, Random(1))
    second = draw_at_random(town.engine, 20, NOW, Random(1))
    accounts = {one.acct_no for one in (*first, *second)}
    assert len(accounts) == 40
    assert all(len(town.told(acct_no)) == 1 for acct_no in accounts)
    with pytest.raises(BadEntry, match="一次抽"):
        draw_at_random(town.engine, 0, NOW, Random(1))


def test_a_photo_passes_and_the_check_is_closed(town: Town) -> None:
    acct_no, check_no, number = answered(town)
    assert state(town, acct_no, check_no) == "answered"
    assert pass_check(town.engine, number, "谢谢", NOW).state == "passed"
    (event,) = town.answers(number)
    assert (event.kind, event.data) == ("spot_check_passed", {"text": "谢谢"})
    assert state(town, acct_no, check_no) == "closed"
    with pytest.raises(OfficeError, match="已通过，不能再办"):
        pass_check(town.engine, number, "", NOW)


def test_a_value_is_put_right(town: Town) -> None:
    _, _, number = answered(town)
    with pytest.raises(BadEntry, match="读数应为"):
        adjust_check(town.engine, number, 10**7, "", NOW)
    adjust_check(town.engine, number, 77, "末位看错了", NOW)
    (event,) = town.answers(number)
    assert (event.kind, event.data) == ("spot_check_adjusted", {"value": 77, "text": "末位看错了"})


def test_a_bad_photo_is_asked_for_again_and_may_come_again(town: Town) -> None:
    acct_no, check_no, number = answered(town)
    with pytest.raises(BadEntry, match="重拍原因应为"):
        retake_check(town.engine, number, "whim", "", NOW)
    retake_check(town.engine, number, "glare", "换个角度", NOW)
    (event,) = town.answers(number)
    assert event.data == {"reason": "glare", "text": "换个角度"}
    assert state(town, acct_no, check_no) == "open"
    again = town.send_check(acct_no, check_no)
    take_requests(town.engine, NOW)
    assert pass_check(town.engine, again, "", NOW).state == "passed"


def test_staff_look_for_themselves(town: Town) -> None:
    acct_no, _, number = answered(town)
    decision = check_on_site(town.engine, number, "照片和系统对不上", NOW)
    due, answer = town.told(acct_no)[-2:]
    assert (due.kind, due.data["reason"]) == ("visit_due", "spot")
    assert answer.kind == "spot_check_field"
    assert answer.data == {"visit_no": decision.visit_no, "text": "照片和系统对不上"}
    assert town.visit(acct_no).visit_no == decision.visit_no


def test_a_photo_that_nobody_waits_for_is_refused(town: Town) -> None:
    acct_no, check_no, _ = answered(town)
    for payload_of in ((acct_no, check_no), (acct_no, "C999999999"), (town.someone(), check_no)):
        number = town.send_check(*payload_of)
        (taken,) = take_requests(town.engine, NOW)
        assert taken.state == "refused"
        assert "不用再拍" in town.answers(number)[0].data["text"]
