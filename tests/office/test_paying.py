"""What was paid by WeChat Pay is posted once, at the amounts that were locked; the rest goes to the
prepaid balance or back. Late fees grow by night."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Row, select, text

from sandbox.city.late_fee import CITY_RULE, late_fee_fen
from sandbox.city.schema import metadata, wx_bill_lock
from sandbox.office import OfficeError, pay_at_counter, take_requests
from sandbox.office.night import accrue
from sandbox.office.shift import close_days
from tests.city.conftest import AS_OF
from tests.office.town import NOW, Town

T = metadata.tables
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
OF_ACCOUNT = "FROM wx_bill b WHERE b.acct_no = m.acct_no AND b.status"
OWES_LATE = f"EXISTS (SELECT 1 {OF_ACCOUNT} = 'open' AND b.late_fee > 0 AND b.late_fee < b.amount)"
OWES_ONE = (
    f"(SELECT COUNT(*) {OF_ACCOUNT} IN ('open', 'partly')) = 1 AND "
    f"EXISTS (SELECT 1 {OF_ACCOUNT} = 'open')"
)
OWES_SEVERAL = f"(SELECT COUNT(*) {OF_ACCOUNT} = 'open') > 1"
SERIAL = count(1)


def yuan(value: object) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


def bills_of(town: Town, acct_no: str) -> list[Row[Any]]:
    """As the server sees them, oldest first."""
    statement = text(
        "SELECT * FROM wx_bill WHERE acct_no = :no AND status <> 'reversed' ORDER BY period"
    )
    with town.engine.connect() as connection:
        return list(connection.execute(statement, {"no": acct_no}))


def owed_bills(town: Town, acct_no: str) -> list[Row[Any]]:
    return [bill for bill in bills_of(town, acct_no) if bill.status in ("open", "partly")]


def payload_of(bill: Row[Any], **changes: object) -> dict[str, Any]:
    """A payment of the bill as the server hands it over."""
    principal, late = yuan(bill.amount) - yuan(bill.paid_amount), yuan(bill.late_fee)
    return {
        "transaction_id": f"4200{next(SERIAL):024d}",
        "order_no": f"WD{next(SERIAL):022d}",
        "bill_no": bill.bill_no,
        "period": bill.period,
        "principal": str(principal),
        "late_fee": str(late),
        "amount": str(principal + late),
        "paid_at": "2026-11-22T10:35:10+08:00",
        "surplus": "credit",
        **changes,
    }


def prepayment(amount: str = "50.00", **changes: object) -> dict[str, Any]:
    return {
        "transaction_id": f"4200{next(SERIAL):024d}",
        "order_no": f"WD{next(SERIAL):022d}",
        "bill_no": "",
        "period": "2026-11",
        "principal": amount,
        "late_fee": "0.00",
        "amount": amount,
        "paid_at": "2026-11-22T10:35:10+08:00",
        "surplus": "refund",
        **changes,
    }


def lock(
    town: Town, paid: Mapping[str, Any], until: datetime = NOW + 15 * MINUTE, word: str = "lock"
) -> None:
    with town.engine.begin() as connection:
        connection.execute(
            wx_bill_lock.insert().values(
                order_no=paid["order_no"],
                bill_no=paid["bill_no"],
                word=word,
                amount=Decimal(paid["principal"]),
                late_fee=Decimal(paid["late_fee"]),
                at=NOW.replace(tzinfo=None),
                until=until.replace(tzinfo=None),
            )
        )


def post(town: Town, acct_no: str, paid: Mapping[str, Any], now: datetime = NOW) -> dict[str, Any]:
    """The one answer: its kind, and what it says."""
    number = town.send("payment", acct_no, dict(paid))
    take_requests(town.engine, now)
    (answer,) = town.answers(number)
    return {"kind": answer.kind, **answer.data}


def amounts(answer: Mapping[str, Any]) -> tuple[str, str, str]:
    return answer["posted"], answer["credited"], answer["returned"]


def payment_rows(town: Town, transaction_id: str) -> list[Row[Any]]:
    statement = text(
        "SELECT p.pay_no, p.amount, p.paid_at, p.channel, b.bill_no, b.principal, b.late_fee"
        " FROM wx_payment p LEFT JOIN wx_payment_bill b ON b.pay_no = p.pay_no"
        " WHERE p.channel_txn_no = :no"
    )
    with town.engine.connect() as connection:
        return list(connection.execute(statement, {"no": transaction_id}))


def test_a_locked_bill_is_posted_and_paid(town: Town) -> None:
    acct_no = town.someone(OWES_LATE)
    bill = next(bill for bill in owed_bills(town, acct_no) if bill.late_fee > 0)
    paid = payload_of(bill)
    lock(town, paid)
    answer = post(town, acct_no, paid)
    assert answer["kind"] == "payment_posted"
    assert amounts(answer) == (paid["amount"], "0.00", "0.00")
    assert (answer["transaction_id"], answer["bill_no"]) == (paid["transaction_id"], bill.bill_no)
    (row,) = payment_rows(town, paid["transaction_id"])
    assert (row.pay_no, row.channel, row.bill_no) == (
        answer["pay_no"],
        "wechat_account",
        bill.bill_no,
    )
    assert (yuan(row.principal), yuan(row.late_fee)) == (yuan(bill.amount), yuan(bill.late_fee))
    assert str(row.paid_at).startswith("2026-11-22 10:35:10")
    after = {one.bill_no: one for one in bills_of(town, acct_no)}[bill.bill_no]
    assert (after.status, after.paid_amount) == ("paid", bill.amount)
    assert yuan(after.late_fee) == 0


def test_bills_of_one_transaction_are_posted_each_by_itself(town: Town) -> None:
    acct_no = town.someone(OWES_SEVERAL)
    first, second = owed_bills(town, acct_no)[:2]
    paid = payload_of(first)
    other = payload_of(second, transaction_id=paid["transaction_id"], order_no=paid["order_no"])
    for one in (paid, other):
        lock(town, one)
    answers = [post(town, acct_no, one) for one in (other, paid)]
    assert answers[0]["pay_no"] != answers[1]["pay_no"]
    rows = payment_rows(town, paid["transaction_id"])
    assert {row.bill_no for row in rows} == {first.bill_no, second.bill_no}


def test_the_same_item_is_posted_once_however_often_it_is_sent(town: Town) -> None:
    acct_no = town.someone(OWES_ONE)
    (bill,) = owed_bills(town, acct_no)
    paid = payload_of(bill)
    lock(town, paid)
    answer = post(town, acct_no, paid)
    assert post(town, acct_no, paid) == answer
    assert len(payment_rows(town, paid["transaction_id"])) == 1


@pytest.mark.parametrize(
    ("surplus", "expected"),
    [("credit", ("0.00", "all", "0.00")), ("refund", ("0.00", "0.00", "all"))],
)
def test_a_bill_that_was_paid_meanwhile_takes_nothing(
    town: Town, surplus: str, expected: tuple[str, ...]
) -> None:
    acct_no = town.someone(OWES_ONE)
    (bill,) = owed_bills(town, acct_no)
    before = town.account(acct_no).prepaid_fen
    paid = payload_of(bill, surplus=surplus)
    pay_at_counter(town.engine, acct_no, NOW)
    answer = post(town, acct_no, paid)
    assert amounts(answer) == tuple(paid["amount"] if e == "all" else e for e in expected)
    rows = payment_rows(town, paid["transaction_id"])
    credited = Decimal(answer["credited"])
    assert [(row.pay_no, yuan(row.amount), row.bill_no) for row in rows] == (
        [(answer["pay_no"], credited, None)] if credited else []
    )
    assert (answer["pay_no"] == "") == (surplus == "refund")
    assert town.account(acct_no).prepaid_fen == before + credited * 100


def test_a_bill_that_was_reversed_takes_nothing(town: Town) -> None:
    acct_no = town.someone(OWES_ONE)
    (bill,) = owed_bills(town, acct_no)
    paid = payload_of(bill)
    lock(town, paid)
    with town.engine.begin() as connection:
        table = T["bill"]
        of_bill = table.c.bill_no == bill.bill_no
        connection.execute(table.update().where(of_bill).values(status="reversed"))
    assert amounts(post(town, acct_no, paid)) == ("0.00", paid["amount"], "0.00")


def test_a_prepayment_raises_the_balance_and_stands_in_the_ledger(town: Town) -> None:
    acct_no = town.someone()
    before = town.account(acct_no).prepaid_fen
    paid = prepayment("50.00")
    answer = post(town, acct_no, paid)
    assert amounts(answer) == ("50.00", "0.00", "0.00")
    (row,) = payment_rows(town, paid["transaction_id"])
    assert (yuan(row.amount), row.bill_no) == (Decimal("50.00"), None)
    assert town.account(acct_no).prepaid_fen == before + 5000
    ledger = T["prepay_ledger"]
    newest = select(ledger).where(ledger.c.acct_no == acct_no).order_by(ledger.c.ledger_id.desc())
    with town.engine.connect() as connection:
        entry = connection.execute(newest.limit(1)).one()
    assert (entry.delta_fen, entry.balance_after_fen) == (5000, before + 5000)


def test_one_transaction_can_prepay_two_accounts(town: Town) -> None:
    first, second = town.someone(), town.someone()
    paid = prepayment("20.00")
    answers = [post(town, acct_no, paid) for acct_no in (first, second)]
    assert [amounts(answer) for answer in answers] == [("20.00", "0.00", "0.00")] * 2
    assert len(payment_rows(town, paid["transaction_id"])) == 2


def test_a_closed_account_has_no_balance_but_pays_its_old_bills(town: Town) -> None:
    acct_no = town.someone(OWES_ONE)
    (bill,) = owed_bills(town, acct_no)
    town.fix(acct_no, status="closed")
    returned = post(town, acct_no, prepayment("50.00"))
    assert amounts(returned) == ("0.00", "0.00", "50.00")
    assert returned["pay_no"] == ""
    paid = payload_of(bill)
    assert amounts(post(town, acct_no, paid)) == (paid["amount"], "0.00", "0.00")
    again = payload_of(bill, surplus="credit")
    assert amounts(post(town, acct_no, again)) == ("0.00", "0.00", again["amount"])


@pytest.mark.parametrize(
    "change",
    [
        {"bill_no": "B0"},
        {"amount": "1.00"},
        {"principal": "-1.00"},
        {"principal": 12.5},
        {"late_fee": "0.0"},
        {"paid_at": "2026-11-22T10:35:10"},
        {"surplus": "keep"},
        {"transaction_id": ""},
        {"order_no": None},
        {"bill_no": "", "late_fee": "1.00"},
    ],
)
def test_what_cannot_be_posted_is_refused_and_nothing_is_taken(
    town: Town, change: Mapping[str, Any]
) -> None:
    acct_no = town.someone()
    paid = {**prepayment("50.00"), "bill_no": "B0", **change}
    answer = post(town, acct_no, paid)
    assert answer["kind"] == "payment_refused"
    assert "没有入账" in answer["text"]
    assert payment_rows(town, paid["transaction_id"]) == []


def test_a_bill_of_another_account_and_an_unknown_account_are_refused(town: Town) -> None:
    acct_no, other = town.someone(OWES_ONE), town.someone()
    (bill,) = owed_bills(town, acct_no)
    for whose in (other, "0000000000"):
        assert post(town, whose, payload_of(bill))["kind"] == "payment_refused"
    assert len(owed_bills(town, acct_no)) == 1


def test_supply_comes_back_with_the_last_bill_and_not_before(town: Town) -> None:
    acct_no = town.someone(OWES_SEVERAL)
    town.fix(acct_no, status="stopped_arrears")
    answers = [post(town, acct_no, payload_of(bill)) for bill in owed_bills(town, acct_no)]
    assert [answer.get("restores") for answer in answers] == [None] * (len(answers) - 1) + [True]
    assert town.account(acct_no).status == "active"
    assert post(town, acct_no, prepayment()).get("restores") is None


class TestTheCounter:
    def test_it_waits_for_a_bill_that_is_being_paid(self, town: Town) -> None:
        acct_no = town.someone(OWES_ONE)
        paid = payload_of(owed_bills(town, acct_no)[0])
        lock(town, paid)
        with pytest.raises(OfficeError, match=r"正在微信上缴费.*10:45 还没有缴，柜台就可以收"):
            pay_at_counter(town.engine, acct_no, NOW + MINUTE)
        assert pay_at_counter(town.engine, acct_no, NOW + 15 * MINUTE).bills == (paid["bill_no"],)

    def test_it_takes_the_money_once_the_order_was_released(self, town: Town) -> None:
        acct_no = town.someone(OWES_ONE)
        paid = payload_of(owed_bills(town, acct_no)[0])
        lock(town, paid)
        lock(town, paid, word="release")
        assert pay_at_counter(town.engine, acct_no, NOW).bills == (paid["bill_no"],)


class TestLateFees:
    def test_every_night_brings_each_unpaid_bill_to_what_the_rule_says(self, town: Town) -> None:
        day = AS_OF + timedelta(days=40)
        with town.engine.connect() as connection:
            before = {row.bill_id: row for row in connection.execute(select(T["late_fee"]))}
            accrue(connection, day)
            fees = {row.bill_id: row for row in connection.execute(select(T["late_fee"]))}
            unpaid = select(T["bill"]).where(T["bill"].c.status.in_(("open", "partly")))
            bills = connection.execute(unpaid).all()
            connection.rollback()
        late = 0
        for bill in bills:
            left, days = bill.amount_fen - bill.paid_fen, (day - bill.due_date).days
            fee, expected = fees.get(bill.bill_id), late_fee_fen(CITY_RULE, left, days)
            assert (fee.accrued_fen if fee else 0) == expected
            assert fee is None or (fee.to_date, fee.base_fen) == (day, left)
            late += bool(fee)
        assert late > len(before.keys() & {bill.bill_id for bill in bills})
        settled = before.keys() - {bill.bill_id for bill in bills}
        assert all(fees[bill_id] == before[bill_id] for bill_id in settled)

    def test_night_after_night_comes_to_the_same_as_one_for_all(self, town: Town) -> None:
        ordered = select(T["late_fee"]).order_by(T["late_fee"].c.bill_id)
        seen = []
        for days in ((1, 2, 17, 45), (45,), (45, 3, 45)):
            with town.engine.connect() as connection:
                for day in days:
                    accrue(connection, AS_OF + timedelta(days=day))
                seen.append(connection.execute(ordered).all())
                connection.rollback()
        assert seen[0] == seen[1] == seen[2]

    def test_the_views_say_for_which_day_they_stand_and_years_begin_anew(self, town: Town) -> None:
        with town.engine.connect() as connection:
            accrue(connection, date(2027, 1, 2))
            (day, year_from) = connection.execute(select(T["billing_day"])).one()
            connection.rollback()
        assert (day, year_from) == (date(2027, 1, 2), date(2027, 1, 1))

    def test_a_locked_bill_is_paid_by_what_was_asked_though_midnight_has_passed(
        self, town: Town
    ) -> None:
        acct_no = town.someone(OWES_LATE)
        bill = next(bill for bill in owed_bills(town, acct_no) if bill.late_fee > 0)
        before_midnight = datetime(2026, 11, 22, 23, 50, tzinfo=NOW.tzinfo)
        paid = payload_of(bill, paid_at="2026-11-23T00:04:00+08:00")
        lock(town, paid, until=before_midnight + 15 * MINUTE)
        close_days(town.engine, NOW + DAY)
        grown = {one.bill_no: one for one in owed_bills(town, acct_no)}[bill.bill_no]
        assert grown.late_fee > bill.late_fee
        assert amounts(post(town, acct_no, paid, NOW + DAY)) == (paid["amount"], "0.00", "0.00")
        after = {one.bill_no: one for one in bills_of(town, acct_no)}[bill.bill_no]
        assert after.status == "paid"
        assert yuan(after.late_fee) == 0

    @pytest.mark.parametrize("days_later", [0, 2])
    def test_without_a_lock_it_is_paid_by_what_was_owed_on_the_day_it_was_paid(
        self, town: Town, days_later: int
    ) -> None:
        """It was asked for today, and is posted in three days."""
        acct_no = town.someone(OWES_LATE)
        bill = next(bill for bill in owed_bills(town, acct_no) if bill.late_fee > 0)
        today = datetime.fromisoformat(f"{bill.late_fee_as_of} 12:00:00+08:00")
        paid = payload_of(bill, paid_at=(today + days_later * DAY).isoformat())
        lock(town, paid, until=today + 9 * DAY)
        lock(town, paid, word="release")
        assert amounts(post(town, acct_no, paid, today + 3 * DAY))[0] == paid["amount"]
        after = {one.bill_no: one for one in bills_of(town, acct_no)}[bill.bill_no]
        assert after.status == ("partly" if days_later else "paid")
        assert (yuan(after.late_fee) > 0) == (days_later > 0)
