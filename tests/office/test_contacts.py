"""What CSMS changes by itself: contacts and the kind of bill."""

import pytest

from sandbox.office import queue, take_requests
from sandbox.office.private import sealed, shown
from tests.office.town import NOW, Town


def test_a_new_mobile_and_e_mail_are_on_file_at_once(town: Town) -> None:
    acct_no = town.someone()
    private = {"mobile": "13900005678", "email": "new@mail.example"}
    number = town.send("contact", acct_no, {"changes": ["mobile", "email"]}, private=private)
    (taken,) = take_requests(town.engine, NOW)
    assert taken.state == "changed"
    (event,) = town.answers(number)
    assert (event.kind, event.data) == ("contact_changed", {})
    on_file = town.view("wx_account", acct_no)
    assert on_file is not None
    assert (on_file.mobile, on_file.email) == ("13900005678", "new@mail.example")


def test_only_what_is_named_changes_and_an_empty_e_mail_is_removed(town: Town) -> None:
    acct_no = town.someone()
    before = town.view("wx_account", acct_no)
    private = {"mobile": "13900005678", "email": ""}
    town.send("contact", acct_no, {"changes": ["email"]}, private=private)
    take_requests(town.engine, NOW)
    after = town.view("wx_account", acct_no)
    assert before is not None
    assert after is not None
    assert (after.mobile, after.email) == (before.mobile, None)


@pytest.mark.parametrize(
    ("changes", "private"),
    [
        (["mobile"], {"mobile": "1390000567"}),
        (["mobile"], {"email": "a@b.example"}),
        (["email"], {"email": "nobody"}),
        (["owner"], {"owner": "x"}),
        ([], {"mobile": "13900005678"}),
        ("mobile", {"mobile": "13900005678"}),
        (["mobile"], None),
    ],
)
def test_a_contact_that_cannot_be_right_is_refused(
    town: Town, changes: object, private: dict[str, str] | None
) -> None:
    acct_no = town.someone()
    before = town.view("wx_account", acct_no)
    number = town.send("contact", acct_no, {"changes": changes}, private=private)
    take_requests(town.engine, NOW)
    (event,) = town.answers(number)
    assert event.kind == "contact_refused"
    assert town.view("wx_account", acct_no) == before


@pytest.mark.parametrize("paper", [True, False])
def test_the_bill_comes_on_paper_or_not(town: Town, paper: bool) -> None:
    acct_no = town.someone()
    number = town.send("bill_type", acct_no, {"paper": paper})
    take_requests(town.engine, NOW)
    (event,) = town.answers(number)
    assert (event.kind, event.data) == ("bill_type_changed", {"paper": paper})
    on_file = town.view("wx_account", acct_no)
    assert on_file is not None
    assert on_file.paper_bill == paper


def test_a_kind_of_bill_that_nobody_knows_is_refused(town: Town) -> None:
    number = town.send("bill_type", town.someone(), {"paper": "yes"})
    take_requests(town.engine, NOW)
    assert [event.kind for event in town.answers(number)] == ["request_refused"]


def test_what_another_key_has_sealed_is_refused_and_never_shown(town: Town) -> None:
    private = {"mobile": "13900005678"}
    assert "13900005678" not in sealed("another key", private)
    number = town.send("contact", town.someone(), {"changes": ["mobile"]}, private=private)
    foreign = town.engine.execution_options(csms_key="another key")
    take_requests(foreign, NOW)
    assert [event.kind for event in town.answers(number)] == ["contact_refused"]
    (entry,) = [one for one in queue(foreign, states=()) if one.request_no == number]
    assert entry.private == {}


def test_the_screen_shows_the_ends_of_numbers_only() -> None:
    values = {"name": "张三", "id_no": "91330100MA27XYZ123", "email": "zhang@mail.example"}
    assert shown(values) == {
        "name": "张三",
        "id_no": "**************Z123",
        "email": "z***@mail.example",
    }
