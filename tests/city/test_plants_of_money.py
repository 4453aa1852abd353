"""Every planted case really is what its name says: payments, states, names."""

import unicodedata
from decimal import Decimal

import pytest
from sqlalchemy import Connection, select

from sandbox.city.schema import metadata
from tests.city.planted import account_of, bills_of, readings_of
from tests.city.reading import planted, rows, value

T = metadata.tables


def test_prepaid_offset_pays_every_bill_from_the_balance(city: Connection) -> None:
    (acct_no,) = planted(city, "prepaid_offset")
    statement = "SELECT * FROM prepay_ledger WHERE acct_no = :no ORDER BY ledger_id"
    topup, *offsets = rows(city, statement, no=acct_no)
    assert topup.kind == "topup"
    assert len(offsets) >= 20
    assert {entry.kind for entry in offsets} == {"offset"}
    assert offsets[-1].balance_after_fen == 12_345
    balance = "SELECT prepaid_balance FROM wx_account WHERE acct_no = :no"
    assert Decimal(str(value(city, balance, no=acct_no))) == Decimal("123.45")


def test_payment_reversed_leaves_the_bill_owed(city: Connection) -> None:
    (acct_no,) = planted(city, "payment_reversed")
    statement = "SELECT * FROM payment WHERE acct_no = :no AND state = 'reversed' ORDER BY pay_id"
    paid, taken_back = rows(city, statement, no=acct_no)
    assert taken_back.reverses_pay_id == paid.pay_id
    assert taken_back.amount_fen == -paid.amount_fen < 0
    last = bills_of(city, "payment_reversed")[-1]
    assert (last.status, last.paid_fen, last.amount_fen) == ("open", 0, paid.amount_fen)


def test_merged_payment_settles_several_bills_at_once(city: Connection) -> None:
    (acct_no,) = planted(city, "merged_payment")
    statement = """SELECT p.pay_id, COUNT(*) AS bills FROM payment p JOIN payment_alloc a
        ON a.pay_id = p.pay_id WHERE p.acct_no = :no GROUP BY p.pay_id"""
    assert max(row.bills for row in rows(city, statement, no=acct_no)) >= 2


@pytest.mark.parametrize(
    ("case", "status", "bill_status", "owed"),
    [
        ("closed_with_arrears", "closed", "open", 2),
        ("written_off", "closed", "written_off", 3),
        ("stopped_arrears", "stopped_arrears", "open", 6),
        ("suspended", "suspended", "open", 0),
        ("partly_paid", "active", "partly", 1),
        ("prepaid_balance", "active", "open", 1),
        ("closed_with_prepaid", "closed", "open", 0),
    ],
)
def test_states_of_account_and_bills_fit_together(
    city: Connection, case: str, status: str, bill_status: str, owed: int
) -> None:
    assert account_of(city, case).status == status
    unpaid = [bill for bill in bills_of(city, case) if bill.status not in ("paid", "reversed")]
    assert [bill.status for bill in unpaid] == [bill_status] * owed


def test_accounts_with_prepaid_money_have_it(city: Connection) -> None:
    assert account_of(city, "prepaid_balance").prepaid_fen == 8_650
    assert account_of(city, "closed_with_prepaid").prepaid_fen == 8_650


def test_supply_cut_off_means_no_more_water(city: Connection) -> None:
    for case in ("stopped_arrears", "suspended"):
        assert readings_of(city, case)[-1].consumption_l == 0


@pytest.mark.parametrize(
    ("case", "length"),
    [("name_two_characters", 2), ("name_three_characters", 3), ("name_four_characters", 4)],
)
def test_names_have_the_length_they_say(city: Connection, case: str, length: int) -> None:
    assert len(account_of(city, case).owner_name) == length


def test_minority_and_rare_names_are_kept_whole(city: Connection) -> None:
    assert "·" in account_of(city, "name_minority").owner_name
    rare = account_of(city, "name_rare_character").owner_name
    assert any(ord(char) > 0xFFFF for char in rare)
    assert all(unicodedata.category(char) == "Lo" for char in rare)


def test_twins_share_name_and_building_but_not_the_account(city: Connection) -> None:
    first, second = (
        city.execute(select(T["account"]).where(T["account"].c.acct_no == acct_no)).one()
        for acct_no in planted(city, "twins")
    )
    assert first.owner_name == second.owner_name
    assert (first.community_id, first.building) == (second.community_id, second.building)
    assert first.address != second.address


def test_the_full_width_address_has_no_plain_digit(city: Connection) -> None:
    address = account_of(city, "full_width_address").address
    assert not any(char in "0123456789" for char in address)
    assert any(char in "０１２３４５６７８９" for char in address)
